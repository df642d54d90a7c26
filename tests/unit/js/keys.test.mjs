import assert from "node:assert/strict"
import { test } from "node:test"
import { fits, Keys, LINGER } from "models/keys"
import { duration, left, lifeWords } from "models/key_life"
import { flat, tree } from "models/key_tree"

const facts = (name, expires = null) => ({ id: name, name, type: "string", size: 10, encoding: "raw", expires })
const page = (names, more = {}) => ({ rows: names.map((name) => facts(name)), cursor: "0", looked: 10, total: names.length, now: 1000, ...more })
const news = (changed, more = {}) => ({ changed, stale: null, total: 1, now: 2000, events: 1, ...more })
const change = (name, cause, row = undefined) => ({ id: name, name, cause, by: cause, times: 1, misses: cause === "keymiss" ? 1 : 0, row })

test("pages and changes merge by id, whatever the order", () => {
  const keys = new Keys()
  keys.hear(news([change("b", "new", facts("b"))]), 0)
  keys.addPage(page(["a", "b"]), 0)
  assert.deepEqual(keys.sorted().map((row) => [row.name, row.cause]), [["a", ""], ["b", "new"]])
  assert.equal(keys.offset, 1000)
})

test("a key that goes stays for a moment with its cause, then is forgotten", () => {
  const keys = new Keys()
  keys.addPage(page(["a"]), 0)
  keys.hear(news([change("a", "expired")]), 0)
  const [row] = keys.sorted()
  assert.equal(row.gone, true)
  assert.equal(keys.sweep(2000 + LINGER), false)
  assert.equal(keys.sweep(2001 + LINGER), true)
  assert.equal(keys.rows.size, 0)
})

test("a key that comes back while it lingers is there", () => {
  const keys = new Keys()
  keys.addPage(page(["a"]), 0)
  keys.hear(news([change("a", "del"), change("a", "new", facts("a"))]), 0)
  assert.equal(keys.sorted()[0].gone, false)
})

test("reading anew drops what is not found again, but not what came meanwhile", () => {
  const keys = new Keys()
  keys.addPage(page(["a", "b"]), 0)
  keys.restart()
  keys.addPage(page(["a"], { cursor: "7" }), 0)
  keys.hear(news([change("c", "new", facts("c"))]), 0)
  assert.equal(keys.done, false)
  keys.addPage(page([]), 0)
  assert.deepEqual(keys.sorted().map((row) => row.name), ["a", "c"])
})

test("misses are counted for keys that are shown, and make none", () => {
  const keys = new Keys()
  keys.addPage(page(["a"]), 0)
  keys.hear(news([change("a", "keymiss"), change("z", "keymiss")]), 0)
  assert.deepEqual(keys.sorted().map((row) => [row.name, row.misses]), [["a", 1]])
})

test("patterns choose the keys of a lab", () => {
  assert.ok(fits("lab:qc:a", ["lab:qc:*"]))
  assert.ok(!fits("lab:other", ["lab:qc:*"]))
  assert.ok(!fits("labXqc:a", ["lab.qc:?"]))
  const keys = new Keys(["lab:qc:*"])
  keys.addPage(page(["lab:qc:1", "lab:x"]), 0)
  assert.equal(keys.rows.size, 1)
})

test("a ring empties from when the expiry was first seen, and a new expiry fills it", () => {
  const keys = new Keys()
  keys.addPage({ ...page([]), rows: [facts("a", 3000)] }, 0)
  const [row] = keys.sorted()
  assert.equal(left(row, 2000), 0.5)
  assert.equal(left(row, 9000), 0)
  assert.equal(lifeWords(row, 2000), "dies in 1.0 s")
  assert.equal(lifeWords(row, 3001), "expired, not yet reclaimed")
  keys.hear(news([change("a", "expire", facts("a", 6000))]), 0)
  assert.equal(left(keys.sorted()[0], 2000), 1)
  assert.equal(duration(90_000), "90 s")
})

test("a tree by colons: branches, levels, places; closed branches hide what is inside", () => {
  const keys = new Keys()
  keys.addPage(page(["lab:a", "lab:qc:1", "lab:qc:2"]), 0)
  const rows = keys.sorted()
  assert.deepEqual(tree(rows, new Set()).map((line) => [line.label, line.level, line.place, line.size, line.count]), [
    ["lab:", 1, 1, 1, 3], ["a", 2, 1, 2, 1], ["qc:", 2, 2, 2, 2], ["1", 3, 1, 2, 1], ["2", 3, 2, 2, 1],
  ])
  assert.equal(tree(rows, new Set(["lab:qc:"])).length, 3)
  assert.equal(flat(rows).length, 3)
})
