import assert from "node:assert/strict"
import { test } from "node:test"
import { Replay } from "models/replay"
import { RunModel } from "models/run"
import { plain, runEvents } from "./streams.mjs"

function watch(speed = 1) {
  const events = runEvents()
  const clock = { now: 1000 }
  const replay = new Replay(events, { clock: () => clock.now, speed })
  return { events, clock, replay }
}

test("a replay that ran to its end gives the same run", () => {
  const { events, clock, replay } = watch()
  const [model, straight] = [new RunModel(), new RunModel()]
  replay.play()
  while (!replay.ended) {
    clock.now += 37
    for (const event of replay.step().events) model.apply(event)
  }
  for (const event of replay.step().events) model.apply(event)
  for (const event of events) straight.apply(event)
  assert.deepEqual(plain(model), plain(straight))
})

test("parts play one after another, and events come at their own time", () => {
  const { clock, replay } = watch()
  const model = new RunModel()
  replay.play()
  clock.now += 1010
  for (const event of replay.step().events) model.apply(event)
  const part = model.parts.get("gevent-1")
  assert.equal(part.spans.get("1").end !== null, true)
  assert.equal(part.spans.get("5").end, null)
  assert.equal(model.parts.has("node-1"), false)
  assert.equal(replay.partTime(part).toFixed(2), "1.01")
  assert.equal(replay.partTime({ id: "node-1" }), null)
  assert.equal(replay.length.toFixed(4), (3 * 2.0025).toFixed(4))
})

test("the unit that was timed before a part is known from its start, so the scale does not change in the middle", () => {
  const { events, replay } = watch()
  const model = new RunModel()
  for (const event of replay.step().events) model.apply(event)
  const part = model.parts.get("gevent-1")
  assert.equal(part.unit, 0.5)
  assert.equal(part.spans.get("1")?.end ?? null, null)
  replay.seek(replay.length / 3 - 0.001)
  for (const event of replay.step().events) model.apply(event)
  assert.equal(part.unit, 0.5)
  replay.seek(replay.length)
  for (const event of replay.step().events) model.apply(event)
  assert.equal(part.unit, 0.51)
  assert.equal(events.filter((event) => event.when === "before").length, 3)
})

test("what a part is called is known from its start, however late in the run that is", () => {
  const late = runEvents().map((event) => (event.e === "part" && event.state === "begin" ? { ...event, t: 1000 } : event))
  const clock = { now: 0 }
  const replay = new Replay(late, { clock: () => clock.now })
  const model = new RunModel()
  replay.play()
  clock.now += 3000
  for (const event of replay.step().events) model.apply(event)
  assert.deepEqual([...model.parts.values()].map(({ label, repeat }) => [label, repeat]), [["gevent", 1], ["node", 1]])
})

test("slower, paused and faster", () => {
  const { clock, replay } = watch(0.25)
  replay.play()
  clock.now += 1000
  assert.equal(replay.time, 0.25)
  replay.pause()
  clock.now += 1000
  assert.equal(replay.time, 0.25)
  replay.speed = 4
  replay.play()
  clock.now += 500
  assert.equal(replay.time, 2.25)
  assert.equal(replay.playing, true)
  clock.now += 60_000
  assert.equal(replay.ended, true)
  assert.equal(replay.playing, false)
  replay.play()
  assert.equal(replay.time, 0)
})

test("a jump back asks for a fresh model, a jump forward does not", () => {
  const { events, replay } = watch()
  replay.seek(3)
  const first = replay.step()
  assert.equal(first.restart, false)
  replay.seek(1)
  const second = replay.step()
  assert.equal(second.restart, true)
  assert.ok(second.events.length < first.events.length)
  replay.seek(1e9)
  const third = replay.step()
  assert.equal(second.events.length + third.events.length, events.length)
})

test("nothing to play", () => {
  const replay = new Replay([], { clock: () => 0 })
  replay.play()
  assert.deepEqual(replay.step(), { restart: false, events: [] })
  assert.equal(replay.ended, true)
})
