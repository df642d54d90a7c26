/** The run on the stage: starts it, follows it, and tells everybody once a frame what is new. */

import { followRun } from "connection"
import { cancelRun, getRun, putAnswer, startRun } from "helpers/api"
import { RunModel } from "models/run"

/** @typedef {import("helpers/types").RunInfo} RunInfo */
/** @typedef {import("helpers/types").Guess} Guess */
/** @typedef {"idle" | "loading" | "queued" | "starting" | "running" | "finished" | "failed" | "cancelled"} Phase */

/** Milliseconds between two "change" events while a run is going on: words and tables need not follow every frame. */
const PAUSE = 80

/**
 * Events: "run" (another run is on the stage), "change" (anything new, at most every 80 ms),
 * "frame" (every frame while something moves).
 */
export class RunSession extends EventTarget {
  /** @type {RunInfo | null} */
  run = null
  model = new RunModel()
  /** @type {RunModel | null} what a replay shows instead */
  replayed = null
  lost = false
  /** Does a replay move right now? */
  playing = false
  #leave = () => {}
  #dirty = false
  #frame = 0
  #told = 0

  /** What the charts and tables show. */
  get shown() {
    return this.replayed ?? this.model
  }

  /** @returns {Phase} */
  get phase() {
    if (!this.run) return "idle"
    if (this.model.ended) return /** @type {Phase} */ (this.model.state)
    const ended = this.run.state !== "queued" && this.run.state !== "running"
    if (ended) return this.run.last > this.model.seq ? "loading" : /** @type {Phase} */ (this.run.state)
    if (this.run.state === "queued" && this.model.state === "queued") return "queued"
    return this.model.parts.size > 0 ? "running" : "starting"
  }

  get ended() {
    return ["finished", "failed", "cancelled"].includes(this.phase)
  }

  /** Does a run of this learner wait or run? */
  get busy() {
    return Boolean(this.run?.mine) && ["queued", "starting", "running"].includes(this.phase)
  }

  /** @param {string} lab @param {Record<string, unknown>} params @param {Guess | null} guess */
  async start(lab, params, guess) {
    this.open(await startRun(lab, params, guess))
  }

  /** Put a run on the stage and follow it. @param {RunInfo} run */
  open(run) {
    this.close()
    this.run = run
    this.model = new RunModel()
    this.model.name = `Run ${run.number}`
    this.replayed = null
    this.playing = false
    this.dispatchEvent(new Event("run"))
    this.#leave = followRun(run.id, {
      onEvents: (events) => this.#take(events),
      onQueue: (news) => this.#queue(news),
      onLost: () => this.#connection(true),
      onBack: () => this.#connection(false),
    })
    this.touch()
  }

  close() {
    this.#leave()
    this.#leave = () => {}
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
  }

  async cancel() {
    if (this.run) this.#learn(await cancelRun(this.run.id))
  }

  /** @param {string} answer */
  async answer(answer) {
    if (this.run) this.#learn(await putAnswer(this.run.id, answer))
  }

  /** Something changed: say so in the next frame. */
  touch() {
    this.#dirty = true
    if (!this.#frame) this.#frame = requestAnimationFrame((now) => this.#tick(now))
  }

  /** @param {number} now */
  #tick(now) {
    this.#frame = 0
    const moving = this.replayed ? this.playing : !this.ended && this.phase !== "idle"
    if (this.#dirty && (!moving || now - this.#told > PAUSE)) {
      this.#dirty = false
      this.#told = now
      this.dispatchEvent(new Event("change"))
    }
    this.dispatchEvent(new CustomEvent("frame", { detail: now }))
    if (moving || this.#dirty) this.#frame ||= requestAnimationFrame((next) => this.#tick(next))
  }

  /** @param {import("models/event").RunEvent[]} events */
  #take(events) {
    const ended = this.model.ended
    const arrived = performance.now()
    for (const event of events) this.model.apply(event, arrived)
    if (this.model.ended && !ended && this.run) this.#refresh(this.run.id)
    this.touch()
  }

  /** @param {{state?: string, ahead?: number | null, wait?: number | null}} news */
  #queue(news) {
    if (this.run) this.#learn({ ...this.run, .../** @type {Partial<RunInfo>} */ (news), id: this.run.id })
  }

  /** @param {string} id */
  async #refresh(id) {
    const run = await getRun(id).catch(() => null)
    if (run && this.run?.id === id) this.#learn(run)
  }

  /** @param {RunInfo} run */
  #learn(run) {
    if (run.id !== this.run?.id) return
    this.run = run
    this.touch()
  }

  /** @param {boolean} lost */
  #connection(lost) {
    this.lost = lost
    this.touch()
  }
}
