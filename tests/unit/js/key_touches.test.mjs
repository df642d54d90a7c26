import assert from "node:assert/strict"
import { test } from "node:test"
import { causeOf, KeyTouches, touchedNow, touchWords } from "models/key_touches"
import { RunModel } from "models/run"

const told = (seq, more) => ({ e: "redis", t: 1, seq, part: "p", commands: [], left: 0, keys: [["lab:qc:ada", "ada"]], counts: [], steps: [], lost: 0, ...more })
const sums = (seq, what) => told(seq, { counts: [[0, "q", what]] })

test("a hit, which no server tells, touches its row for a moment; sums stay", () => {
  const run = new RunModel()
  const touches = new KeyTouches()
  run.apply(sums(1, { hit: 3, wait: 2, miss: 1, fill: 1 }))
  touches.follow(run, false, 1000)
  const touch = touches.of("lab:qc:ada")
  assert.equal(touchWords(touch), "5 hits, 1 miss, 1 fill")
  assert.equal(touchedNow(touch, 1000), "", "what was before one looked is no news")
  run.apply(sums(2, { hit: 1 }))
  touches.follow(run, true, 2000)
  assert.equal(touchWords(touch), "6 hits, 1 miss, 1 fill")
  assert.deepEqual([touchedNow(touch, 2100), touchedNow(touch, 3000)], ["hit", ""])
  touches.follow(run, true, 3000)
  assert.equal(touchedNow(touch, 3000), "", "nothing was added")
  assert.equal(touches.of("lab:other"), null)
})

test("the run knows why a row changed", () => {
  const run = new RunModel()
  const touches = new KeyTouches()
  touches.follow(run, true, 0)
  run.apply(sums(1, { clear: 1, miss: 1 }))
  touches.follow(run, true, 1000)
  const touch = touches.of("lab:qc:ada")
  assert.equal(touchedNow(touch, 1000), "clear")
  assert.equal(causeOf(touch, true, "deleted", 1500), "cleared by a write")
  assert.equal(causeOf(touch, false, "new", 1500), "new")
  assert.equal(causeOf(touch, true, "expired", 9000), "expired")
  run.apply(sums(2, { fill: 1 }))
  touches.follow(run, true, 2000)
  assert.equal(causeOf(touch, false, "new", 2100), "filled")
  assert.equal(causeOf(touch, false, "", 2100), "")
})

test("a run that counts no keys touches those that its commands name", () => {
  const run = new RunModel()
  const touches = new KeyTouches()
  const commands = (from, count) => Array.from({ length: count }, (_, n) => [0, 1, 1, `GET lab:k${from + n}`])
  run.apply(told(1, { commands: [...commands(0, 3), [0, 1, 1, "PING"]], left: 7 }))
  touches.follow(run, true, 1000)
  run.apply(told(2, { commands: commands(2, 1) }))
  touches.follow(run, true, 2000)
  assert.deepEqual(["lab:k0", "lab:k2"].map((name) => touchWords(touches.of(name))), ["1 command", "2 commands"])
  assert.deepEqual(["lab:k0", "lab:k2"].map((name) => touchedNow(touches.of(name), 2000)), ["", "command"])
})

test("another run begins at nothing", () => {
  const run = new RunModel()
  const touches = new KeyTouches()
  run.apply(sums(1, { hit: 5 }))
  touches.follow(run, true, 1000)
  const other = new RunModel()
  touches.follow(other, true, 1000)
  assert.equal(touches.of("lab:qc:ada"), null)
  other.apply(sums(1, { hit: 1 }))
  touches.follow(other, true, 1000)
  assert.equal(touchWords(touches.of("lab:qc:ada")), "1 hit")
})
