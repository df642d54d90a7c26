import assert from "node:assert/strict"
import { test } from "node:test"
import { cpusOf, curveLines, guessAtEnd, guessPoints, idealReach, lastSeen } from "models/curve_lines"
import { RunModel } from "models/run"
import { namedTotals, spreadOut, swarm, totalsOf } from "models/totals"
import { runEvents } from "./streams.mjs"

function run(parts) {
  const model = new RunModel()
  for (const event of runEvents(parts)) model.apply(event)
  return model
}

test("a point for each repeat, in seconds or in units of its own runtime", () => {
  const model = run()
  const totals = totalsOf(model, { unit: "s" })
  assert.deepEqual(totals.map(({ runtime, points }) => [runtime, points.map(({ part }) => part)]),
    [["gevent", ["gevent-1", "gevent-2"]], ["node", ["node-1"]]])
  assert.deepEqual(totals[0].points.map(({ cold }) => cold), [true, false])
  const part = model.parts.get("gevent-1")
  assert.equal(totalsOf(model, { unit: "hashes" })[0].points[0].value, part.end / part.unit)
})

test("a part that did not end, or has a span that did not, gives no point", () => {
  const model = new RunModel()
  for (const event of runEvents([{}])) if (!(event.e === "end" && event.id === "3") && event.e !== "result") model.apply(event)
  assert.deepEqual(totalsOf(model, { unit: "s" }), [])
})

test("where a run kept no spans, its results speak", () => {
  const model = new RunModel()
  for (const event of runEvents([])) model.apply(event)
  assert.deepEqual(totalsOf(model, { unit: "s" }).map(({ label, points }) => [label, points.map(({ value }) => value)]),
    [["gevent", [2, 2.2]], ["Node.js", [1, 1.2]]])
})

test("a result by its name: a row for each label and size, a point for each repeat, with the part that it came from", () => {
  const model = run()
  const told = { e: "result", t: 9, name: "file read, in hashes", unit: "hashes", runtime: "gevent", label: "gevent", value: 1 }
  model.apply({ ...told, seq: 900, x: 1, values: [1, 1.5], parts: ["gevent-1", "gevent-2"] })
  model.apply({ ...told, seq: 901, x: 4, values: [3, 4], parts: ["gevent-2"] })
  model.apply({ ...told, seq: 902, x: 4, name: "file read", unit: "s", values: [8] })
  model.apply({ ...told, seq: 903, x: 5, values: "nonsense" })
  const rows = namedTotals(model, { unit: "hashes", result: "file read, in hashes", xlabel: "pool of" })
  assert.deepEqual(rows.map(({ label }) => label), ["gevent, pool of 1", "gevent, pool of 4", "gevent, pool of 5"])
  assert.deepEqual(rows.map(({ points }) => points.map(({ value, part, repeat, cold }) => [value, part, repeat, cold])),
    [[[1, "gevent-1", 1, true], [1.5, "gevent-2", 2, false]], [[3, "", 1, false], [4, "", 2, false]], []])
  assert.deepEqual(namedTotals(model, { unit: "hashes", result: "file" }), [])
})

test("a sweep gives a median for each pool, and the ideal from the first", () => {
  const parts = [1, 2, 4].flatMap((pool) => [1, 2].map((repeat) => ({ part: `gevent-p${pool}-${repeat}`, pool, repeat })))
  const [line, ideal] = curveLines([run(parts)], { unit: "s", x: "pool", to: 8 })
  assert.deepEqual(line.middle.map(([x, y]) => [x, Math.round(y)]), [[1, 5], [2, 3], [4, 2]])
  assert.equal(line.points.length, 6)
  assert.equal(ideal.runtime, null)
  assert.equal(ideal.middle.at(-1)[0].toFixed(6), "8.000000")
  assert.equal(ideal.middle.at(-1)[1].toFixed(4), (line.middle[0][1] / 8).toFixed(4))
  assert.deepEqual(curveLines([new RunModel()], { unit: "s", x: "pool" }), [])
})

test("the axis reaches the ideal at the usable CPUs, and the name of a line stands where it leaves the plot", () => {
  const ideal = { runtime: null, name: "ideal", points: [], middle: [[1, 30], [1.5, 45], [2.5, 75], [4, 120]] }
  const lines = [{ runtime: "node", name: "Node.js", points: [], middle: [[1, 30], [4, 42]] }, ideal]
  assert.deepEqual([null, 1, 2, 4, 64].map((cpus) => idealReach(lines, cpus)), [120, 30, 60, 120, 120])
  assert.deepEqual([idealReach(lines.slice(0, 1), 2), idealReach([], 2)], [0, 0])
  assert.deepEqual(lastSeen(ideal.middle, 60), [2, 60])
  assert.deepEqual(lastSeen(ideal.middle, 120), [4, 120])
  assert.deepEqual(lastSeen([[1, 9], [2, 3], [3, 2]], 5), [3, 2])
  assert.equal(lastSeen([], 5), undefined)
})

test("the CPUs of the machine, if the runs agree", () => {
  const [a, b] = [run(), run()]
  assert.equal(cpusOf([a, b]), 2)
  b.host = { cpus: 8 }
  assert.equal(cpusOf([a, b]), null)
  assert.equal(cpusOf([]), null)
})

test("a drawn guess is taken as it is, nonsense is left out", () => {
  assert.deepEqual(guessPoints({ kind: "curve", points: [[1, 5], [2, null], "x", [3, 2]] }), [[1, 5], [3, 2]])
  for (const wrong of [null, 5, {}, { kind: "bar", value: 2 }, { kind: "curve" }]) assert.deepEqual(guessPoints(wrong), [])
  const lines = [{ middle: [[1, 5], [8, 9]] }, { middle: [[4, 5]] }]
  assert.deepEqual(guessAtEnd({ kind: "bar", value: 2 }, lines), [[8, 2]])
  for (const wrong of [null, 5, {}, { kind: "bar" }, { kind: "curve", points: [[1, 5]] }]) assert.deepEqual(guessAtEnd(wrong, lines), [])
  assert.deepEqual(guessAtEnd({ kind: "bar", value: 2 }, []), [])
})

test("points that would cover each other go up and down", () => {
  assert.deepEqual(swarm([1, 5, 9], 2), [0, 0, 0])
  assert.deepEqual(swarm([1, 1, 1, 9], 2), [0, 1, -1, 0])
})

test("labels move apart, in their order, within bounds", () => {
  assert.deepEqual(spreadOut([10, 50], 12, 0, 100), [10, 50])
  assert.deepEqual(spreadOut([10, 11, 12], 12, 0, 100), [10, 22, 34])
  assert.deepEqual(spreadOut([99, 98], 12, 0, 100), [100, 88])
})
