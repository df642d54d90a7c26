import assert from "node:assert/strict"
import { test } from "node:test"
import { canNest, moved, parse, programOf, settled, written } from "models/blocks"
import { ordersOf } from "models/orders"
import { RunModel } from "models/run"
import { before, momentsOf, phasesOf, turnsOf, waitWords } from "models/turns"
import { dice, shuffled } from "./streams.mjs"

const KINDS = {
  sync: { label: "a line of code", help: "", delay: false, calls: true, runtimes: [], work: "other" },
  timer: { label: "timer", help: "", delay: true, calls: true, runtimes: [], work: "timer" },
  file: { label: "file", help: "", delay: false, calls: true, runtimes: [], work: "fs" },
  server: { label: "server", help: "", delay: false, calls: false, runtimes: [], work: "net" },
}

test("a program is read and written again as it was", () => {
  const text = "file,.timer-0,sync,timer-200,server"
  assert.equal(written(parse(text), KINDS), text)
  assert.deepEqual(parse(".file"), [{ kind: "file", delay: 0, inside: true }])
})

test("what is no block is left out, whatever it is", () => {
  assert.deepEqual(parse("<b>,,timer--1,Timer-1,file ,timer-99999"), [{ kind: "file", delay: 0, inside: false }])
})

test("a block can be inside only what has a callback and is not inside itself", () => {
  assert.equal(canNest(parse("timer-0"), 0, KINDS), false)
  assert.equal(canNest(parse("timer-0,file"), 1, KINDS), true)
  assert.equal(canNest(parse("file,.timer-0,timer-0"), 2, KINDS), true)
  assert.equal(canNest(parse("sync,file"), 1, KINDS), false)
  assert.equal(canNest(parse("server,file"), 1, KINDS), false)
})

test("after a change nothing is inside of nothing", () => {
  assert.equal(written(settled(parse(".timer-1,.file"), KINDS), KINDS), "timer-1,.file")
  assert.equal(written(settled(parse("sync,.file,.timer-2"), KINDS), KINDS), "sync,file,.timer-2")
})

test("moving takes one out and puts it in, and nothing gets lost", () => {
  assert.deepEqual(moved(["a", "b", "c"], 0, 2), ["b", "c", "a"])
  assert.deepEqual(moved(["a", "b", "c"], 2, 0), ["c", "a", "b"])
  assert.deepEqual(moved(["a", "b"], 5, 0), ["a", "b"])
})

test("the program of a ready-made puzzle, or one's own", () => {
  const rules = { puzzle: { programs: { one: "file,.timer-0,server" } }, program: { kinds: KINDS } }
  const ready = programOf(rules, { puzzle: "one", program: "sync" }, "program")
  assert.deepEqual(ready.map(({ id, name, calls, inside }) => [id, name, calls, inside]),
    [["A", "file", true, null], ["B", "timer 0 ms", true, "A"], ["C", "server", false, null]])
  assert.equal(programOf(rules, { puzzle: "own", program: "sync" }, "program")[0]?.name, "a line of code")
})

const part = "node-1"
const EVENTS = [
  { e: "part", t: 0, part, state: "begin", runtime: "node", label: "Node.js", repeat: 1, params: {} },
  { e: "queued", t: 0, part, id: "A", name: "A timer 1 ms", kind: "timer" },
  { e: "queued", t: 0, part, id: "B", name: "B file", kind: "fs" },
  { e: "begin", t: 0.001, part, id: "S", lane: "main", name: "S a line of code", kind: "other" },
  { e: "end", t: 0.0011, part, id: "S" },
  { e: "turn", t: 0.002, part, n: 0, timers: ["A"], os: [], pool: ["B"], ready: [], waited: 0.01, limit: 0.02, woke: "pool", held: "x" },
  { e: "begin", t: 0.012, part, id: "B", lane: "poll", turn: 0 },
  { e: "end", t: 0.013, part, id: "B" },
  { e: "begin", t: 0.014, part, id: "A", lane: "timers", turn: 0 },
  { e: "end", t: 0.015, part, id: "A" },
  { e: "turn", t: 0.016, part, n: 1, timers: [], os: [], pool: [], ready: [], waited: 0, woke: "none", end: "empty" },
].map((event, seq) => ({ ...event, seq }))

function partOf(events) {
  const run = new RunModel()
  for (const event of events) run.apply(event)
  return run.parts.get(part)
}

test("turns, phases and moments, in whatever order the events come", () => {
  for (let seed = 1; seed < 20; seed += 1) {
    const told = partOf(shuffled(EVENTS, dice(seed)))
    const turns = turnsOf(told)
    assert.deepEqual(turns.map((turn) => [turn.n, turn.calls.map((call) => call.id), turn.end]), [[0, ["B", "A"], ""], [1, [], "empty"]])
    assert.deepEqual(turns[0].pending.pool.map((span) => span.name), ["B file"])
    assert.deepEqual(phasesOf(turns[0]).map(({ phase, calls }) => [phase, calls.length]), [["poll", 1], ["timers", 1]])
    assert.deepEqual(momentsOf(turns).map(({ turn, call }) => `${turn.n}${call?.id ?? ""}`), ["0", "0B", "0A", "1"])
    assert.deepEqual(before(told, turns).map((span) => span.id), ["S"])
  }
})

test("a turn that is told twice counts once, and half a pass shows what there is", () => {
  assert.equal(turnsOf(partOf([...EVENTS, EVENTS[5]])).length, 2)
  const half = turnsOf(partOf(EVENTS.slice(0, 6)))
  assert.deepEqual(half.map((turn) => turn.calls.length), [0])
})

test("broken fields of a turn never throw", () => {
  const odd = [EVENTS[0], { e: "turn", t: 0, part, n: 0, timers: "A", os: [5, null, "nobody"], waited: "long", woke: {}, seq: 1 }]
  const [turn] = turnsOf(partOf(odd))
  assert.deepEqual(turn.pending, { timers: [], os: [], pool: [], ready: [] })
  assert.match(waitWords(turn), /does not wait/)
})

test("the wait in words: how long, how long at most, and what woke it", () => {
  const turns = turnsOf(partOf(EVENTS))
  assert.equal(waitWords(turns[0]), "It waited 10.0 ms, ready to wait 20 ms, until a thread of the pool had finished.")
  assert.match(waitWords({ ...turns[0], endless: true }), /without limit/)
  assert.match(waitWords({ ...turns[0], unseen: 2 }), /2 turns with nothing of this program/)
  assert.match(waitWords(turns[1]), /ends by itself/)
})

test("orders: the most frequent first, the guess always among them", () => {
  const run = new RunModel()
  const tell = (order, value) => run.apply({ e: "result", name: `order ${order}`, runtime: "node", label: "Node.js", unit: "runs", value, order: order.split(" ") })
  tell("A B", 3)
  tell("B A", 17)
  run.apply({ e: "result", name: "turns", runtime: "node", value: 2, unit: "turns" })
  const [group] = ordersOf(run, ["A", "B"])
  assert.deepEqual(group.rows.map((row) => [row.order.join(""), row.times, row.guessed]), [["BA", 17, false], ["AB", 3, true]])
  assert.equal(group.passes, 20)
  assert.deepEqual(ordersOf(run, ["X"])[0].rows.at(-1), { order: ["X"], times: 0, guessed: true })
  assert.equal(ordersOf(run)[0].rows.length, 2)
})
