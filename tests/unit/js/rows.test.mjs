import assert from "node:assert/strict"
import { test } from "node:test"
import { layoutPart, layoutPreview } from "models/rows"
import { RunModel } from "models/run"
import { partEvents } from "./streams.mjs"
import { readingOrder } from "models/span_table"

/** The part after the events up to lab time `until`. */
function part(options = {}, until = Infinity) {
  const model = new RunModel()
  for (const event of partEvents(options)) if (event.e === "part" ? event.state === "begin" || until === Infinity : event.t <= until) model.apply(event)
  return [...model.parts.values()][0]
}

const labels = (layout) => layout.rows.map((row) => row.label)
const byState = (layout, state) => layout.bars.filter((bar) => bar.state === state).map((bar) => bar.span.id)

test("five hashes on four threads: four rows, and one that waits", () => {
  const layout = layoutPart(part(), { now: null, shortest: 0.02 })
  assert.deepEqual(labels(layout), ["thread 1", "thread 2", "thread 3", "thread 4", "waiting"])
  assert.deepEqual(byState(layout, "ran"), ["1", "2", "3", "4", "5"])
  assert.deepEqual(byState(layout, "waited"), ["5"])
  assert.equal(layout.hidden, 0)
})

test("open bars reach the part's own now, and no further", () => {
  const layout = layoutPart(part({}, 0.5), { now: 0.61, shortest: 0.02 })
  assert.deepEqual(byState(layout, "running"), ["1", "2", "3", "4"])
  assert.deepEqual(byState(layout, "waiting"), ["5"])
  assert.deepEqual([...new Set(layout.bars.map((bar) => bar.to))], [0.61])
})

test("a clock that is behind never cuts what is known", () => {
  const layout = layoutPart(part({}, 1.5), { now: 0.2, shortest: 0.02 })
  const fifth = layout.bars.find((bar) => bar.span.id === "5" && bar.state === "running")
  assert.ok(fifth.to >= fifth.from)
})

test("what began and never ended is told apart from what still runs", () => {
  const layout = layoutPart(part({}, 0.5), { now: null, shortest: 0.02 })
  assert.deepEqual(byState(layout, "broken"), ["1", "2", "3", "4"])
})

test("a pool that cannot tell yet shows its tasks as in the pool", () => {
  const told = part({ late: true, runtime: "node" }, 0.5)
  told.spans.clear()
  told.begun = 0
  for (const event of partEvents({ late: true })) if (event.e === "queued") told.apply(event, event.t)
  assert.deepEqual(byState(layoutPart(told, { now: 0.5, shortest: 0.02 }), "pooled"), ["1", "2", "3", "4", "5"])
  assert.deepEqual(labels(layoutPart(told, { now: 0.5, shortest: 0.02 })), ["in the pool", "", "", "", ""])
  assert.deepEqual(byState(layoutPart(told, { now: 0.05, shortest: 0.02 }), "pooled"), [])
})

test("many waits take six low rows, the others are counted", () => {
  const layout = layoutPart(part({ tasks: 64, pool: 32 }), { now: null, shortest: 0.1 })
  assert.equal(layout.rows.length, 38)
  assert.equal(layout.hidden, 26)
  assert.ok(layout.rows.at(-1).size < 1)
})

test("waits that do not overlap share a row", () => {
  const model = new RunModel()
  const spans = [[0, 1], [1, 2], [1.5, 3]]
  spans.forEach(([queued, begin], i) => {
    model.apply({ e: "queued", t: queued, part: "a", id: i, name: `hash ${i}` })
    model.apply({ e: "begin", t: begin, part: "a", id: i, lane: "thread 1" })
    model.apply({ e: "end", t: begin + 0.1, part: "a", id: i })
  })
  const layout = layoutPart(model.parts.get("a"), { now: null, shortest: 0 })
  assert.deepEqual(layout.bars.filter((bar) => bar.state === "waited").map((bar) => bar.row), [1, 1, 2])
})

test("threads that got nothing to do are shown too, and other lanes have no threads", () => {
  assert.equal(layoutPart(part({ tasks: 1, pool: 4 }), { now: null, shortest: 0.02 }).rows.length, 4)
  const model = new RunModel()
  model.apply({ e: "host", t: 0, part: "a", pool: 4 })
  model.apply({ e: "begin", t: 0, part: "a", id: 1, lane: "loop" })
  assert.deepEqual(labels(layoutPart(model.parts.get("a"), { now: null, shortest: 0 })), ["loop"])
})

test("the rows are there before the run", () => {
  assert.deepEqual(labels(layoutPreview({ tasks: 5, pool: 2 })), ["thread 1", "thread 2", "waiting", "", ""])
  assert.deepEqual(layoutPreview({}).rows, [])
  assert.equal(layoutPreview({ pool: 1e9 }).rows.length, 256)
})

test("a table reads rows that begin at their own zero one after the other, and all else by time", () => {
  const part = (spans) => {
    const model = new RunModel()
    model.apply({ e: "part", t: 0, seq: 1, part: "p", state: "begin", runtime: "r", label: "p", repeat: 1, params: {} })
    spans.forEach(([id, lane, begin, end], i) => {
      model.apply({ e: "begin", t: begin, seq: 2 * i + 2, part: "p", id, lane, name: id, kind: "cpu" })
      model.apply({ e: "end", t: end, seq: 2 * i + 3, part: "p", id })
    })
    return readingOrder(model.parts.get("p"))
  }
  const requests = part([["a", "10 /", 0, 1], ["b", "02 /x", 0, 0.5], ["c", "10 /", 1, 2]])
  assert.deepEqual(requests.rows.map((row) => row.id), ["b", "a", "c"])
  assert.deepEqual([requests.lanes, requests.waits], [true, false])
  const threads = part([["a", "thread 1", 0, 1], ["b", "thread 2", 0.1, 0.5], ["c", "thread 1", 1, 2]])
  assert.deepEqual(threads.rows.map((row) => row.id), ["a", "b", "c"])
  assert.equal(part([["a", "thread 1", 0, 1], ["b", "thread 2", 0, 1]]).lanes, false)
})
