import assert from "node:assert/strict"
import { test } from "node:test"
import { backoff } from "models/backoff"
import { Latest, Series, after } from "models/bounded"
import { medianPart, shownPart, variants } from "models/choose"
import { compare, partner, sample, samples, spread } from "models/compare"
import { natural, orderLanes } from "models/lanes"
import { LineReader, readLines } from "models/ndjson"
import { Running, median, range } from "models/numbers"
import { comparison } from "models/pick"
import { RunModel } from "models/run"
import { axisWords, closeCeiling, decimals, niceCeiling, niceStep, unitScale } from "models/scale"
import { thin } from "models/thin"
import { dice, runEvents, shuffled } from "./streams.mjs"

test("median and range", () => {
  assert.equal(median([]), null)
  assert.equal(median([3]), 3)
  assert.equal(median([9, 1, 5]), 5)
  assert.equal(median([4, 1, 2, 3]), 2.5)
  assert.deepEqual(range([2, 1, 3]), [1, 3])
  assert.equal(range([]), null)
  const running = new Running()
  for (const value of [5, 1, 9, 3]) running.add(value)
  assert.equal(running.median, 4)
})

test("after finds the place behind equals", () => {
  assert.equal(after([], 1), 0)
  assert.equal(after([1, 2, 2, 3], 2), 3)
  assert.equal(after([1, 2, 2, 3], 0), 0)
  assert.equal(after([1, 2, 2, 3], 9), 4)
})

test("Latest keeps the highest keys in order, whatever order they come in", () => {
  const keys = Array.from({ length: 50 }, (_, i) => i)
  for (let seed = 1; seed < 30; seed += 1) {
    const latest = new Latest(10)
    for (const key of shuffled(keys, dice(seed))) latest.add(key, key)
    assert.deepEqual(latest.items, keys.slice(40))
    assert.equal(latest.count, 50)
  }
})

test("Series keeps the latest by time, whatever order they come in", () => {
  const times = Array.from({ length: 60 }, (_, i) => i)
  for (let seed = 1; seed < 30; seed += 1) {
    const series = new Series(20)
    for (const t of shuffled(times, dice(seed))) series.add(t, t * 2, t)
    assert.deepEqual(series.t.slice(series.start), times.slice(40))
    assert.deepEqual(series.v.slice(series.start), times.slice(40).map((t) => t * 2))
    assert.equal(series.count, 60)
  }
})

test("lanes have their order by role and number", () => {
  assert.deepEqual(orderLanes(["waiting", "thread 10", "db", "thread 2", "thread 1", "loop", "worker 1", "thread 2"]),
    ["loop", "thread 1", "thread 2", "thread 10", "worker 1", "db", "waiting"])
  assert.ok(natural("hash 2", "hash 10") < 0)
  assert.equal(natural("a", "a"), 0)
})

test("lines of JSON in any pieces; rubbish is counted", () => {
  const text = '{"seq":1}\n{"seq":2,"text":"é\\n"}\nrubbish\n[1]\n\n{"seq":3}'
  for (let cut = 1; cut < text.length; cut += 1) {
    const reader = new LineReader()
    const events = [...reader.read(text.slice(0, cut)), ...reader.read(text.slice(cut)), ...reader.finish()]
    assert.deepEqual(events.map((event) => event.seq), [1, 2, 3])
    assert.equal(reader.broken, 2)
  }
  assert.deepEqual(readLines(undefined), [])
})

test("backoff doubles, is capped, and has jitter", () => {
  assert.equal(backoff(0, { random: () => 1 }), 300)
  assert.equal(backoff(3, { random: () => 1 }), 2400)
  assert.equal(backoff(3, { random: () => 0 }), 1200)
  assert.equal(backoff(500, { random: () => 1 }), 15_000)
})

test("the scale speaks in units once the unit is known", () => {
  const hashes = unitScale(0.25, "hashes")
  assert.equal(hashes.shown(0.465), 1.86)
  assert.equal(hashes.seconds(2), 0.5)
  assert.equal(hashes.say(0.465), "1.86 hashes (0.47 s)")
  assert.equal(hashes.title, "in single hashes")
  const seconds = unitScale(null, "hashes")
  assert.equal(seconds.say(0.465), "0.47 s")
  assert.equal(seconds.title, "seconds")
  assert.equal(unitScale(0.25, "s").inUnits, false)
})

test("an axis says what it counts", () => {
  const cases = [["s", null, "seconds"], ["%", "hit ratio", "percent"], ["hashes", null, "in single hashes"], ["queries", "queries", "queries"]]
  for (const [unit, result, words] of cases) assert.equal(axisWords(unit, result), words)
})

test("numbers as people read them", () => {
  const cases = [[0, "0.00"], [0.0123, "0.012"], [0.47, "0.47"], [2.954, "2.95"], [12.34, "12.3"], [148.4, "148"], [1480.2, "1,480"], [-0.0001, "0.00"]]
  for (const [value, words] of cases) assert.equal(decimals(value), words)
})

test("axes end at round numbers", () => {
  const cases = [[0.93, 1], [1.01, 1.2], [2, 2], [3.1, 4], [7, 8], [8.2, 10], [130, 150], [0.021, 0.025], [0, 1], [NaN, 1]]
  for (const [value, end] of cases) assert.equal(niceCeiling(value), end)
  assert.equal(niceStep(4, 5), 1)
  assert.equal(niceStep(3, 7), 0.5)
  assert.equal(niceStep(64, 6), 20)
})

test("thinning keeps the extremes of every column, in order, with at most two points each", () => {
  const random = dice(3)
  const x = Array.from({ length: 10_000 }, (_, i) => i / 100)
  const y = x.map(() => random())
  y[5000] = 50
  y[7000] = -50
  const out = thin(x, y, { from: 0, to: 100, columns: 200 })
  assert.ok(out.x.length <= 402)
  assert.ok(out.y.includes(50) && out.y.includes(-50))
  assert.deepEqual([...out.x].sort((a, b) => a - b), out.x)
  const few = thin([1, 2, 3, 4], [1, 2, 3, 4], { from: 2.5, to: 3.5, columns: 100 })
  assert.deepEqual(few, { x: [2, 3, 4], y: [2, 3, 4] })
  assert.deepEqual(thin([], [], { from: 0, to: 1, columns: 10 }), { x: [], y: [] })
  assert.deepEqual(thin([1, 2, 3], [1, 2, 3], { from: 0, to: 9, columns: 10, start: 1 }).x, [2, 3])
})

test("which repeat is shown: the latest while it runs, the median one afterwards, or the one asked for", () => {
  const part = (repeat, end, more = {}) => ({ id: `g-${repeat}`, repeat, end, state: "end", cold: false, spans: { size: 1 }, unit: null, ...more })
  const parts = [part(1, 9, { cold: true }), part(2, 3), part(3, 1), part(4, 2)]
  assert.equal(medianPart(parts).repeat, 4)
  assert.equal(medianPart(parts.slice(0, 3)).repeat, 2)
  assert.equal(shownPart(parts, { ended: true }).repeat, 4)
  assert.equal(shownPart(parts, { ended: false }).repeat, 4)
  assert.equal(shownPart(parts, { ended: true, repeat: 3 }).repeat, 3)
  assert.equal(shownPart([...parts, part(5, 0, { state: "begin", spans: { size: 0 } })], { ended: false }).repeat, 4)
  assert.equal(medianPart([part(1, 9, { cold: true })]).repeat, 1)
  assert.equal(medianPart([]), undefined)
  const slowUnit = [part(1, 4, { unit: 4 }), part(2, 3, { unit: 1 }), part(3, 2, { unit: 1 })]
  assert.equal(medianPart(slowUnit).repeat, 3)
})

test("runtimes in the order in which they were chosen", () => {
  const run = new RunModel()
  for (const event of runEvents([{ part: "node-1", runtime: "node" }, {}])) run.apply(event)
  assert.deepEqual(variants(run).map(({ runtime }) => runtime), ["gevent", "node"])
})

test("comparing says how much, or that it cannot tell", () => {
  const a = sample("Run 1", [1, 1.1, 1.05], "s")
  assert.equal(sample("none", [], "s"), null)
  const slower = compare(a, sample("Run 2", [2, 2.2, 2.1], "s"))
  assert.equal(slower.verdict, "slower")
  assert.equal(slower.ratio, 2)
  assert.match(slower.text, /2\.00 times as long as Run 1 \(2\.10 against 1\.05 s\)/)
  assert.equal(compare(a, sample("x", [0.5, 0.52], "s")).verdict, "faster")
  assert.equal(compare(a, sample("x", [1.08, 1.3], "s")).verdict, "cannot tell")
  assert.equal(compare(a, sample("x", [9], "s")).verdict, "cannot tell")
  assert.equal(compare(a, sample("x", [9, 9], "hashes")).ratio, null)
  assert.equal(compare(sample("p", [1, 1.01], "s"), sample("q", [1.005, 1.01], "s")).verdict, "same")
  assert.equal(spread(a).toFixed(3), "0.095")
})

test("an axis that grows no more ends close above its values", () => {
  assert.deepEqual([6.3, 7.5, 8.3, 0.61, 2, 113].map(closeCeiling), [6.5, 7.5, 8.5, 0.65, 2, 120])
})

test("two to six runs are compared, the oldest first", () => {
  assert.deepEqual([comparison([]), comparison(["a"])].map(({ address, words }) => [address, words]), [[null, ""], [null, ""]])
  assert.deepEqual(comparison(["new", "old"]), { count: 2, address: "/compare?runs=old,new", words: "Compare 2" })
  assert.deepEqual(comparison([..."abcdefg"]), { count: 7, address: null, words: "6 at most" })
})

test("a group of another run is held against its like", () => {
  const run = new RunModel()
  run.name = "Run 1"
  for (const event of runEvents()) run.apply(event)
  assert.deepEqual(samples(run).map((one) => one.name), ["Run 1, gevent", "Run 1, Node.js"])
  const first = [["asyncio", "asyncio, on the loop"], ["asyncio", "asyncio, in threads"], ["node", "Node.js, in threads"]]
    .map(([runtime, label]) => ({ runtime, label, x: null }))
  const held = (runtime, label, x = null) => partner({ runtime, label, x }, first)?.label ?? null
  assert.equal(held("asyncio", "asyncio, in threads"), "asyncio, in threads")
  assert.equal(held("node", "Node.js, on the loop"), "Node.js, in threads")
  assert.equal(held("gevent", "gevent"), "asyncio, on the loop")
  assert.equal(held("asyncio", "asyncio, in threads", 4), null)
})
