import assert from "node:assert/strict"
import { test } from "node:test"
import { compare, partner, sample, samples, spread } from "models/compare"
import { RunModel } from "models/run"
import { runEvents } from "./streams.mjs"

test("comparing says how much, or that it cannot tell", () => {
  const a = sample("Run 1", [1, 1.1, 1.05], "s")
  assert.equal(sample("none", [], "s"), null)
  const slower = compare(a, sample("Run 2", [2, 2.2, 2.1], "s"))
  assert.equal(slower.verdict, "slower")
  assert.equal(slower.ratio, 2)
  assert.match(slower.text, /2\.00 times as long as Run 1 \(2\.10 against 1\.05 s\)/)
  assert.equal(compare(a, sample("x", [0.5, 0.52], "s")).verdict, "faster")
  assert.equal(compare(a, sample("x", [1.08, 1.3], "s")).verdict, "cannot tell")
  const less = compare(a, sample("x", [0.5, 0.52], "s"), { alike: false })
  assert.equal(less.verdict, "cannot tell")
  assert.match(less.text, /not the same amount of work/)
  assert.equal(compare(a, sample("x", [9], "s")).verdict, "cannot tell")
  assert.equal(compare(a, sample("x", [9, 9], "hashes")).ratio, null)
  assert.equal(compare(sample("p", [1, 1.01], "s"), sample("q", [1.005, 1.01], "s")).verdict, "same")
  assert.equal(spread(a).toFixed(3), "0.095")
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
