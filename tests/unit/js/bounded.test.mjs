import assert from "node:assert/strict"
import { test } from "node:test"
import { Latest, Series, after } from "models/bounded"
import { dice, shuffled } from "./streams.mjs"

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
