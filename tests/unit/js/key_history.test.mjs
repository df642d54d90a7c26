import assert from "node:assert/strict"
import { test } from "node:test"
import { LONGEST, MOST, RememberedRows } from "models/key_history"
import { Keys } from "models/keys"
import { LINGER } from "models/key_life"
import { dice } from "./streams.mjs"

const facts = (name, size = 10, expires = null) => ({ id: name, name, type: "string", size, encoding: "raw", expires })
const page = (rows, now) => ({ rows, cursor: "0", looked: 10, total: rows.length, now })
const news = (changed, now) => ({ changed, stale: null, total: 1, now, events: 1 })
const change = (name, cause, row = undefined) => ({ id: name, name, cause, by: cause, times: 1, misses: 0, row })
const shown = (keys, moment) => keys.sorted(moment).map(({ name, size, gone, cause }) => [name, size, gone, cause])

test("rows are what they were: new, changed, deleted, forgotten", () => {
  const keys = new Keys()
  keys.addPage(page([facts("a")], 1000), 0)
  keys.hear(news([change("b", "new", facts("b"))], 2000), 0)
  keys.hear(news([change("a", "set", facts("a", 99))], 3000), 0)
  keys.hear(news([change("b", "del")], 4000), 0)
  keys.sweep(4001 + LINGER)
  assert.deepEqual(shown(keys, null), [["a", 99, false, "set"]])
  assert.deepEqual(shown(keys, 4000), [["a", 99, false, "set"], ["b", 10, true, "del"]])
  assert.deepEqual(shown(keys, 3000), [["a", 99, false, "set"], ["b", 10, false, "new"]])
  assert.deepEqual(shown(keys, 2000), [["a", 10, false, ""], ["b", 10, false, "new"]])
  assert.deepEqual(shown(keys, 1500), [["a", 10, false, ""]])
  assert.equal(keys.rows.oldest(9000), 1000)
})

test("what was gone at that moment lingers as long as it did then, though nobody swept", () => {
  const keys = new Keys()
  keys.addPage(page([facts("a")], 1000), 0)
  keys.hear(news([change("a", "expired")], 2000), 0)
  assert.equal(keys.sorted(2000 + LINGER)[0].gone, true)
  assert.deepEqual(keys.sorted(2001 + LINGER), [])
  assert.equal(keys.sorted(1999)[0].gone, false)
})

test("a flush is a moment like any other", () => {
  const keys = new Keys()
  keys.addPage(page([facts("a"), facts("b")], 1000), 0)
  keys.clear("flushed", 2000)
  assert.deepEqual(shown(keys, 1999).map(([, , gone]) => gone), [false, false])
  assert.deepEqual(shown(keys, 2000).map(([, , gone, cause]) => [gone, cause]), [[true, "flushed"], [true, "flushed"]])
})

test("one goes from change to change; the same facts once more are none", () => {
  const keys = new Keys()
  keys.addPage(page([facts("a")], 1000), 0)
  keys.hear(news([change("a", "set", facts("a", 20))], 2000), 0)
  keys.addFacts([facts("a", 20)], 2500, ["a"])
  keys.hear(news([change("a", "set", facts("a", 30))], 3000), 0)
  assert.equal(keys.rows.before(9999), 3000)
  assert.equal(keys.rows.before(3000), 2000)
  assert.equal(keys.rows.after(2000), 3000)
  assert.equal(keys.rows.after(3000), null)
})

test("memory is bounded, and what was dropped is not shown", () => {
  const rows = new RememberedRows()
  rows.tick(1)
  rows.begin()
  for (let n = 1; n <= 3 * MOST; n += 1) {
    rows.tick(n)
    rows.set("a", { ...facts("a", n), from: 0, cause: "set", at: n, gone: false, misses: 0 })
  }
  const oldest = rows.oldest(3 * MOST)
  assert.ok(oldest >= 2 * MOST && oldest < 3 * MOST - MOST / 2, `${oldest}`)
  assert.equal(rows.at(oldest).get("a").size, oldest)
  assert.equal(rows.oldest(10 * LONGEST), 9 * LONGEST)
})

test("nothing is to be seen before the first page", () => {
  const rows = new RememberedRows()
  assert.equal(rows.oldest(5000), 5000)
})

test("any moment of any history is what was shown then", () => {
  const random = dice(7)
  const keys = new Keys()
  keys.addPage(page([], 0), 0)
  const then = new Map()
  for (let now = 10; now < 6000; now += 10) {
    const name = "abcdef"[Math.floor(random() * 6)]
    const what = ["new", "set", "del", "expired"][Math.floor(random() * 4)]
    const gone = what === "del" || what === "expired"
    keys.hear(news([change(name, what, gone ? undefined : facts(name, Math.floor(random() * 5), random() < 0.5 ? now + 100 : null))], now), 0)
    if (random() < 0.3) keys.sweep(now)
    then.set(now, JSON.stringify(keys.sorted().filter((row) => !row.gone || now - row.at <= LINGER)))
  }
  for (const [moment, rows] of then) assert.equal(JSON.stringify(keys.sorted(moment)), rows, `at ${moment}`)
})
