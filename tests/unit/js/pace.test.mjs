import assert from "node:assert/strict"
import { setImmediate as turn } from "node:timers/promises"
import { test } from "node:test"
import { Pace } from "charts/pace"

/** A clock and a screen of 60 frames a second, driven by the test. */
class Screen {
  time = 0
  hiddenNow = false
  #frames = []
  #timers = []

  clock = {
    now: () => this.time,
    frame: (action) => this.#frames.push(action),
    later: (action, milliseconds) => this.#timers.push({ at: this.time + milliseconds, action }),
    hidden: () => this.hiddenNow,
  }

  async run(milliseconds) {
    const until = this.time + milliseconds
    while (this.time < until) {
      this.time += 1
      for (const timer of this.#timers.filter(({ at }) => at <= this.time)) {
        this.#timers.splice(this.#timers.indexOf(timer), 1)
        timer.action()
      }
      if (this.time % 16 === 0) for (const action of this.#frames.splice(0)) action()
      await turn()
    }
  }
}

function paced(cost) {
  const screen = new Screen()
  const log = { drawn: 0, painted: [] }
  const pace = new Pace(() => {
    log.drawn += 1
    screen.time += cost()
    return true
  }, (spent) => log.painted.push(spent), screen.clock)
  return { screen, log, pace }
}

async function askAlways({ screen, pace }, milliseconds) {
  for (let i = 0; i < milliseconds; i += 4) {
    pace.ask()
    await screen.run(4)
  }
}

test("cheap drawings come with every frame or so, however often they are asked for", async () => {
  const it = paced(() => 1)
  await askAlways(it, 1600)
  assert.ok(it.log.drawn > 40 && it.log.drawn <= 101, `${it.log.drawn} drawings`)
})

test("dear drawings take a quarter of the time, not more", async () => {
  const it = paced(() => 50)
  await askAlways(it, 8000)
  const share = (it.log.drawn * 50) / it.screen.time
  assert.ok(share > 0.15 && share <= 0.27, `share ${share}`)
})

test("one slow drawing does not hold up the next ones", async () => {
  let n = 0
  const it = paced(() => ((n += 1) === 10 ? 500 : 5))
  await askAlways(it, 1600)
  assert.ok(it.log.drawn > 25, `${it.log.drawn} drawings`)
})

test("asked once it draws once, and says so in the next frame", async () => {
  const it = paced(() => 3)
  it.pace.ask()
  it.pace.ask()
  await it.screen.run(200)
  assert.equal(it.log.drawn, 1)
  assert.deepEqual(it.log.painted, [3])
})

test("nothing is drawn while hidden, and what was asked for is drawn afterwards", async () => {
  const it = paced(() => 3)
  it.screen.hiddenNow = true
  it.pace.ask()
  await it.screen.run(200)
  assert.equal(it.log.drawn, 0)
  it.screen.hiddenNow = false
  it.pace.wake()
  await it.screen.run(50)
  assert.equal(it.log.drawn, 1)
  it.pace.wake()
  await it.screen.run(50)
  assert.equal(it.log.drawn, 1)
})

test("a stopped one draws no more", async () => {
  const it = paced(() => 3)
  it.pace.ask()
  it.pace.stop()
  await it.screen.run(100)
  assert.equal(it.log.drawn, 0)
})

test("a drawing that could not be made is not announced and costs no rest", async () => {
  const screen = new Screen()
  let asked = 0
  const painted = []
  const pace = new Pace(() => (asked += 1) > 1, (cost) => painted.push(cost), screen.clock)
  pace.ask()
  await screen.run(40)
  pace.ask()
  await screen.run(60)
  assert.equal(asked, 2)
  assert.equal(painted.length, 1)
})
