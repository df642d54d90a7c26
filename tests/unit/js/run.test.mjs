import assert from "node:assert/strict"
import { test } from "node:test"
import { RunModel } from "models/run"
import { dice, partEvents, plain, runEvents, shuffled } from "./streams.mjs"

function fed(events) {
  const model = new RunModel()
  for (const event of events) model.apply(event)
  return model
}

/** Shuffle the events of each part among the places where that part's events stand. */
function shuffledWithinParts(events, random) {
  const out = [...events]
  for (const part of new Set(events.map((event) => event.part))) {
    if (part === undefined) continue
    const places = events.flatMap((event, index) => (event.part === part ? [index] : []))
    shuffled(places, random).forEach((from, i) => (out[places[i]] = events[from]))
  }
  return out
}

test("a run tells its state, parts, spans and findings", () => {
  const model = fed(runEvents())
  assert.equal(model.state, "finished")
  assert.equal(model.ended, true)
  assert.equal(model.title, "Hashing burst")
  assert.deepEqual([...model.parts.keys()], ["gevent-1", "node-1", "gevent-2"])
  const part = model.parts.get("gevent-1")
  assert.deepEqual(part.lanes(), ["thread 1", "thread 2", "thread 3", "thread 4", "waiting"])
  const fifth = part.spans.get("5")
  assert.equal(fifth.lane, "thread 1")
  assert.equal(fifth.name, "hash 5")
  assert.equal(fifth.at, "on.py:24")
  assert.equal(fifth.queuedAt, "on.py:31")
  assert.equal(fifth.waited.toFixed(4), "1.0045")
  assert.equal(fifth.complete, true)
  assert.equal(part.end, fifth.end)
  assert.equal(part.unit, 0.51)
  assert.equal(model.unit, 0.51)
  assert.equal(model.results.length, 2)
  assert.equal(model.captions.get("timeline"), "Four ran at once.")
  assert.equal(model.answers.get("full").answer, "cpus")
  assert.equal(model.spanTable("gevent-1").length, 5)
  assert.equal(model.spanTable().length, 15)
})

test("whatever order the events of a part arrive in, the run ends in the same state", () => {
  const events = runEvents()
  const expected = plain(fed(events))
  for (let seed = 1; seed <= 200; seed += 1) {
    assert.deepEqual(plain(fed(shuffledWithinParts(events, dice(seed)))), expected, `seed ${seed}`)
  }
})

test("even fully shuffled events end in the same spans and results", () => {
  const events = runEvents([{}])
  const expected = plain(fed(events))
  for (let seed = 1; seed <= 50; seed += 1) {
    assert.deepEqual(plain(fed(shuffled(events, dice(seed)))), expected, `seed ${seed}`)
  }
})

test("a repeated queued, begin or end changes nothing", () => {
  const events = runEvents([{}])
  const model = fed(events)
  const before = model.spanTable()
  for (const event of events) {
    if (["queued", "begin", "end"].includes(event.e)) model.apply({ ...event, t: event.t + 5, seq: event.seq + 1000 })
  }
  assert.deepEqual(model.spanTable(), before)
})

test("hostile events never throw and leave no trace in Object.prototype", () => {
  const wrong = [null, undefined, 5, "x", [], {}, { toString: 1 }, NaN, Infinity, "__proto__", -1, true]
  const kinds = ["run", "part", "host", "queued", "begin", "end", "sample", "mark", "log", "progress", "result", "trust", "finding", "later", 7, null]
  const fields = ["t", "seq", "part", "id", "lane", "name", "kind", "state", "series", "value", "unit", "text", "role", "chart", "question", "params", "runtimes"]
  const random = dice(7)
  const pick = (list) => list[Math.floor(random() * list.length)]
  const model = new RunModel()
  for (const event of wrong) model.apply(event)
  for (let i = 0; i < 20_000; i += 1) {
    const event = { e: pick(kinds), t: 1, part: "a", id: "1", seq: i }
    for (let n = 0; n < 4; n += 1) event[pick(fields)] = pick(wrong)
    model.apply(event)
  }
  plain(model)
  model.apply({ e: "begin", t: 1, part: "__proto__", id: "__proto__", lane: "__proto__" })
  assert.equal(model.parts.get("__proto__").spans.get("__proto__").begin, 1)
  assert.equal({}.begin, undefined)
  assert.equal({}.lane, undefined)
})

test("numbers as ids are the same as their text", () => {
  const model = fed([{ e: "queued", t: 0, part: "a", id: 5 }, { e: "begin", t: 1, part: "a", id: "5", lane: "thread 1" }])
  assert.equal(model.parts.get("a").spans.size, 1)
  assert.equal(model.parts.get("a").spans.get("5").waited, 1)
})

test("logs keep the last 2000 lines and count them all", () => {
  const model = new RunModel()
  for (let i = 1; i <= 2500; i += 1) model.apply({ e: "log", t: i, text: `line ${i}`, stream: "stdout", seq: i })
  assert.equal(model.logs.length, 2000)
  assert.equal(model.logs[0].text, "line 501")
  assert.equal(model.logCount, 2500)
})

test("samples of the run itself are kept in time order", () => {
  const model = fed([
    { e: "sample", t: 2, series: "lag", value: 20, seq: 2 }, { e: "sample", t: 1, series: "lag", value: 10, seq: 1 },
  ])
  assert.deepEqual(model.own.samples.get("lag").v, [10, 20])
})

test("the time of a part goes on from the least delay that was seen, and stops with the part", () => {
  const model = new RunModel()
  model.apply({ e: "run", t: 0, state: "started" }, 0)
  model.apply({ e: "begin", t: 1, part: "a", id: "1", lane: "thread 1" }, 5100)
  const part = model.parts.get("a")
  model.apply({ e: "begin", t: 2, part: "a", id: "2", lane: "thread 2" }, 6020)
  model.apply({ e: "begin", t: 2.1, part: "a", id: "3", lane: "thread 3" }, 7000)
  assert.equal(model.time(part, 6520).toFixed(3), "2.500")
  model.apply({ e: "part", t: 9, part: "a", state: "end" }, 7000)
  assert.equal(model.time(part, 8000), null)
})

test("the state follows the highest seq, and an unknown state is ignored", () => {
  const model = fed([{ e: "run", t: 5, state: "failed", reason: "killed", seq: 9 }, { e: "run", t: 0, state: "started", lab: "x", seq: 1 }])
  assert.equal(model.state, "failed")
  assert.equal(model.reason, "killed")
  assert.equal(model.lab, "x")
  model.apply({ e: "run", t: 6, state: "exploded", seq: 10 })
  assert.equal(model.state, "failed")
})

test("a part that cannot tell yet has spans but none begun", () => {
  const events = partEvents({ late: true }).filter((event) => event.e !== "begin" && event.e !== "end")
  const part = fed(events).parts.get("gevent-1")
  assert.equal(part.spans.size, 5)
  assert.equal(part.begun, 0)
  assert.deepEqual(part.lanes(), ["waiting"])
})
