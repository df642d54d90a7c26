/** Play a run again: play, pause, speed, and a slider to go anywhere. */

import { allEvents, ApiError } from "helpers/api"
import { Controller } from "helpers/controller"
import { button, make, say, set } from "helpers/dom"
import { icon } from "helpers/icons"
import { decimals } from "models/scale"
import { Replay, SPEEDS } from "models/replay"
import { RunModel } from "models/run"

/** @typedef {import("controllers/run_session").RunSession} RunSession */

/** @type {Record<string, string>} */
const NAMES = { 0.25: "¼", 0.5: "½" }

export class ReplayBar extends Controller {
  /** @type {Replay | null} */
  #replay = null
  #play = button("", () => this.toggle(), { class: "button icon" })
  #slide = make("input", { class: "slide", type: "range", min: 0, max: 1000, value: 0, "aria-label": "Position in the replay" })
  #time = make("output", {})
  #shown = ""
  element = make("div", { class: "replay", role: "group", "aria-label": "Replay", hidden: true })

  /** @param {RunSession} session */
  constructor(session) {
    super()
    this.session = session
  }

  connect() {
    const speeds = SPEEDS.map((speed) => make("label", { class: "chip" },
      make("input", { type: "radio", name: "replay-speed", value: speed, checked: speed === 1, "aria-label": `Speed ${NAMES[speed] ?? speed}` }),
      make("span", {}, `${NAMES[speed] ?? speed}×`)))
    const group = make("div", { class: "speeds", role: "radiogroup", "aria-label": "Speed" }, ...speeds)
    this.element.append(this.#play, this.#slide, this.#time, group, button("Close", () => this.stop()))
    this.listen(group, "change", (event) => {
      if (this.#replay) this.#replay.speed = Number(/** @type {HTMLInputElement} */ (event.target).value)
    })
    this.listen(this.#slide, "input", () => this.seek(Number(this.#slide.value) / 1000))
    this.listen(this.session, "frame", () => this.#step())
    this.listen(this.session, "run", () => this.stop())
  }

  get active() {
    return this.#replay !== null
  }

  /** Load the events and play from the start. Does nothing while a run is still going on. */
  async start() {
    const { run, ended } = this.session
    if (!run || !ended || this.#replay) return
    const events = await allEvents(run.id).catch((error) => {
      if (error instanceof ApiError || error instanceof TypeError) return null
      throw error
    })
    if (!events || this.session.run?.id !== run.id) return
    this.#replay = new Replay(events, { clock: () => performance.now() })
    this.element.hidden = false
    this.#play.focus({ preventScroll: true })
    this.toggle()
  }

  toggle() {
    const replay = this.#replay
    if (!replay) return
    if (replay.playing) replay.pause()
    else replay.play()
    this.#sync()
  }

  /** @param {number} share of the whole, 0 to 1 */
  seek(share) {
    this.#replay?.seek(share * this.#replay.length)
    this.#sync()
  }

  /** Back to the whole run. */
  stop() {
    if (!this.#replay) return
    this.#replay = null
    this.element.hidden = true
    this.session.replayed = null
    this.session.playing = false
    this.session.touch()
  }

  #sync() {
    if (!this.#replay) return
    this.session.playing = this.#replay.playing
    this.#step()
    this.session.touch()
  }

  #step() {
    const replay = this.#replay
    if (!replay) return
    const { restart, events } = replay.step()
    if (restart || !this.session.replayed) {
      const model = new RunModel()
      model.name = this.session.model.name
      model.playhead = (part) => replay.partTime(part)
      this.session.replayed = model
    }
    for (const event of events) this.session.replayed?.apply(event)
    this.session.playing = replay.playing
    if (events.length > 0 || restart) this.session.touch()
    this.#show(replay)
  }

  /** @param {Replay} replay */
  #show(replay) {
    const share = replay.length > 0 ? replay.time / replay.length : 0
    this.#slide.value = String(Math.round(1000 * share))
    this.#slide.style.setProperty("--at", `${(100 * share).toFixed(1)}%`)
    const words = `${decimals(replay.time)} of ${decimals(replay.length)} s`
    set(this.#slide, { "aria-valuetext": words })
    say(this.#time, words)
    const shown = replay.playing ? "pause" : "play"
    if (shown === this.#shown) return
    this.#shown = shown
    this.#play.replaceChildren(icon(shown))
    set(this.#play, { "aria-label": replay.playing ? "Pause the replay" : "Play" })
  }
}
