import assert from "node:assert/strict"
import { test } from "node:test"
import { settle, World } from "./follower_world.mjs"
import { runEvents } from "./streams.mjs"

const all = runEvents([{}])
const numbers = all.map((event) => event.seq)

test("joining late: history first, then live, each event once", async () => {
  const world = new World(all.slice(0, 10))
  world.follow()
  await world.pass(10)
  assert.deepEqual(world.requests, ["/api/runs/r1/events?after=0"])
  assert.deepEqual(world.seen, numbers.slice(0, 10))
  world.batch(all.slice(8, 15))
  world.batch(all.slice(15))
  assert.deepEqual(world.seen, numbers)
  assert.deepEqual(world.news, ["end"])
  assert.deepEqual(world.socket.said, [["follow", "r1"], ["unfollow", "r1"]])
  assert.equal(world.timers.size, 0)
  assert.equal(world.socket.listenerCount("events"), 0)
})

test("a live batch that comes before the history waits for it", async () => {
  const world = new World(all.slice(0, 12))
  world.follow()
  world.batch(all.slice(10, 14))
  assert.deepEqual(world.seen, [])
  await world.pass(10)
  assert.deepEqual(world.seen, numbers.slice(0, 14))
  assert.equal(world.requests.length, 1)
})

test("history arrives in pieces that cut lines and letters", async () => {
  const world = new World(all.map((event) => ({ ...event, note: "ümläut ✓" })))
  world.chunk = 7
  world.follow()
  await world.pass(10)
  for (let i = 0; i < 300; i += 1) await settle()
  assert.deepEqual(world.seen, numbers)
})

test("a gap that stays is fetched, one that closes is not", async () => {
  const world = new World(all.slice(0, 5))
  world.follow()
  await world.pass(10)
  world.batch(all.slice(7, 9))
  world.batch(all.slice(5, 7))
  await world.pass(1)
  assert.deepEqual(world.seen, numbers.slice(0, 9))
  world.events = all.slice(0, 14)
  await world.pass(10_000)
  const before = world.requests.length
  world.batch(all.slice(11, 14))
  await world.pass(200)
  assert.equal(world.requests.length, before)
  await world.pass(200)
  assert.equal(world.requests.length, before + 1)
  assert.deepEqual(world.seen, numbers.slice(0, 14))
})

test("lost and back: only what is missing is fetched", async () => {
  const world = new World(all.slice(0, 6))
  world.follow()
  await world.pass(10)
  world.disconnect()
  assert.deepEqual(world.news, ["lost 0"])
  world.events = all.slice(0, 12)
  world.connect()
  await world.pass(10)
  assert.deepEqual(world.news, ["lost 0", "back"])
  assert.equal(world.requests.at(-1), "/api/runs/r1/events?after=6")
  assert.deepEqual(world.seen, numbers.slice(0, 12))
  assert.deepEqual(world.socket.said.map(([name]) => name), ["follow", "follow"])
})

test("a server that fails is asked again, ever more rarely, and never in a busy loop", async () => {
  const world = new World(all.slice(0, 6))
  world.status = 503
  world.follow()
  await world.pass(120_000)
  assert.deepEqual(world.news, ["lost 503"])
  assert.ok(world.requests.length > 8 && world.requests.length < 20, `${world.requests.length} requests in two minutes`)
  world.status = 0
  await world.pass(60_000)
  world.status = 200
  await world.pass(16_000)
  assert.deepEqual(world.news, ["lost 503", "back"])
  assert.deepEqual(world.seen, numbers.slice(0, 6))
})

test("without a socket the history is still read", async () => {
  const world = new World(all)
  world.socket.connected = false
  world.follow()
  await world.pass(10)
  assert.deepEqual(world.seen, numbers)
  assert.deepEqual(world.news, ["end"])
})

test("a run that does not exist is not asked for again, until the server comes back", async () => {
  const world = new World()
  world.status = 404
  world.follow()
  await world.pass(120_000)
  assert.equal(world.requests.length, 1)
  assert.deepEqual(world.news, ["lost 404"])
  world.status = 200
  world.events = all
  world.connect()
  await world.pass(10)
  assert.deepEqual(world.news, ["lost 404", "back", "end"])
})

test("queue news of this run only; a run cancelled while queued is fetched to its end", async () => {
  const world = new World()
  world.follow()
  await world.pass(10)
  world.hear("queue", { run: "r2", state: "queued" })
  world.hear("queue", { run: "r1", state: "queued", ahead: 2, wait: 15 })
  world.events = [{ e: "run", t: 0, state: "cancelled", seq: 1 }]
  world.hear("queue", { run: "r1", state: "cancelled" })
  await world.pass(1000)
  assert.deepEqual(world.news, ["queued", "cancelled", "end"])
})

test("nothing is heard after stop", async () => {
  const world = new World(all)
  const follower = world.follow()
  follower.stop()
  follower.stop()
  await world.pass(60_000)
  world.batch(all)
  assert.deepEqual(world.seen, [])
  assert.equal(world.timers.size, 0)
})

test("an answer that stops coming is given up and asked for again", async () => {
  const world = new World(all)
  const real = world.fetch
  world.fetch = (url, { signal }) => new Promise((_, fail) => signal.addEventListener("abort", () => fail(signal.reason)))
  world.follow()
  await world.pass(19_000)
  assert.deepEqual(world.news, [])
  world.fetch = real
  await world.pass(10_000)
  assert.deepEqual(world.news, ["lost 0", "back", "end"])
})
