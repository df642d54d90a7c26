import assert from "node:assert/strict"
import { test } from "node:test"
import { HeldNews } from "models/held_news"
import { Keys, MOST } from "models/keys"
import { lifeWords } from "models/key_life"

const facts = (name, expires = null) => ({ id: name, name, type: "string", size: 10, encoding: "raw", expires })
const page = (names, more = {}) => ({ rows: names.map((name) => facts(name)), cursor: "0", looked: 10, total: 1_000_000, now: 1000, ...more })
const news = (changed, more = {}) => ({ changed, stale: null, total: 1, now: 2000, events: 1, ...more })
const change = (name, cause, row = undefined) => ({ id: name, name, cause, by: cause, times: 1, misses: 0, row })
const names = (keys) => keys.sorted().map((row) => row.name)
const many = (count, from = 0) => Array.from({ length: count }, (_, n) => `k${from + n}`)

test("what a reading that did not come to the end has not found again goes too", () => {
  const keys = new Keys()
  keys.restart()
  keys.addPage(page(["a", "b", "c"], { cursor: "7", looked: 500 }), 0)
  keys.end(true)
  keys.restart()
  assert.equal(keys.reading.goal, 500)
  keys.addPage(page(["a", "c"], { cursor: "7", looked: 500, now: 3000 }), 0)
  keys.hear(news([change("d", "new", facts("d"))], { now: 3001 }), 0)
  assert.deepEqual(names(keys), ["a", "b", "c", "d"])
  keys.hear(news(many(900).map((name) => change(name, "new"))), 0)
  keys.addPage(page([], { cursor: "8", looked: 10 }), 0)
  assert.equal(keys.reading.looked, 510, "what is heard was not looked for")
  keys.hear(news(many(900).map((name) => change(name, "del"))), 0)
  keys.sweep(99_999)
  keys.end(true)
  assert.deepEqual(names(keys), ["a", "c", "d"])
})

test("a reading that failed proves nothing; the next one looks as far as the one before it", () => {
  const keys = new Keys()
  keys.addPage(page(["a", "b"]), 0)
  keys.restart()
  keys.addPage(page(["a"], { cursor: "7" }), 0)
  keys.end(false)
  assert.deepEqual(names(keys), ["a", "b"])
  keys.restart()
  assert.equal(keys.reading.goal, Infinity)
})

test("what is heard while a page is under way is newer than the page", () => {
  const keys = new Keys()
  keys.addPage({ ...page([]), rows: [facts("kept", 9000), facts("known")] }, 0)
  keys.restart()
  keys.reading.ask()
  keys.hear(news([change("kept", "persist", facts("kept")), change("known", "del"), change("unknown", "del"), change("bare", "set")], { now: 5000 }), 0)
  keys.addPage({ ...page([]), rows: [facts("kept", 9000), facts("known"), facts("unknown"), facts("bare")], now: 5001, cursor: "7" }, 0)
  assert.deepEqual(keys.sorted().map((row) => [row.name, row.gone, row.expires]),
    [["bare", false, null], ["kept", false, null], ["known", true, null]])
  keys.reading.ask()
  keys.addPage({ ...page([]), rows: [facts("kept", 9000)], now: 6000 }, 0)
  assert.equal(keys.rows.get("kept").expires, 9000, "a page that was asked for later is newer")
})

test("an answer that is older than what was heard changes nothing", () => {
  const keys = new Keys()
  keys.addPage({ ...page([]), rows: [facts("y", 9000)] }, 0)
  keys.hear(news([change("y", "persist", facts("y"))], { now: 5000 }), 0)
  keys.addFacts([facts("y", 9000)], 4000, ["y"], 0)
  assert.equal(keys.rows.get("y").expires, null)
})

test("a list that nobody looks at forgets what died, and has room for what lives", () => {
  const keys = new Keys()
  keys.addPage(page([]), 0)
  let now = 2000
  for (let from = 0; from < MOST + 1000; from += 1000) {
    now += 1000
    keys.hear(news(many(1000, from).map((name) => change(name, "new", facts(name))), { now }), 0)
    keys.hear(news(many(1000, from).map((name) => change(name, "expired")), { now: now + 500 }), 0)
  }
  keys.hear(news([change("alive", "new", facts("alive"))], { now: now + 5000 }), 0)
  assert.ok(keys.rows.has("alive"))
  assert.equal(keys.leftOut, false)
})

test("a list that left something out says so, and reads anew when there is room for many", () => {
  const keys = new Keys()
  keys.addPage(page(many(MOST)), 0)
  assert.deepEqual([keys.full, keys.leftOut], [true, false])
  keys.hear(news([change("one more", "new", facts("one more"))]), 0)
  assert.deepEqual([keys.leftOut, keys.hasRoomAgain], [true, false])
  keys.hear(news(many(5000).map((name) => change(name, "del")), { now: 3000 }), 0)
  keys.sweep(9000)
  assert.equal(keys.hasRoomAgain, true)
  keys.restart()
  assert.equal(keys.leftOut, false)
})

test("the clock is compared when a message comes, not when it is read", () => {
  const held = new HeldNews()
  const keys = new Keys()
  keys.addPage({ ...page([]), rows: [facts("a", 60_000)], now: 1000 }, 1000)
  held.add(news([change("b", "set", facts("b"))], { now: 2000 }), 2000)
  for (const one of held.take().all) keys.hear(one.news, one.here) // at 32 000
  assert.equal(lifeWords(keys.rows.get("a"), 32_000 + keys.offset), "dies in 28 s")
  keys.addFacts([], 40_500, [], 40_000)
  assert.equal(keys.offset, 500)
})

test("held news are bounded by what is in them, and say when some were missed", () => {
  const held = new HeldNews()
  const message = news(many(1500).map((name) => change(name, "set")))
  for (let n = 0; n < 100; n += 1) held.add(message, n)
  assert.equal(held.count, 33)
  const { all, missed } = held.take()
  assert.deepEqual([all[0].here, missed, held.count], [67, true, 0])
  held.add(message, 1)
  assert.equal(held.take().missed, false)
  held.add(message, 1)
  held.miss()
  assert.deepEqual(held.take(), { all: [], missed: true })
})
