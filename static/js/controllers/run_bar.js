/** The one button that matters: Run, or Cancel while waiting, or Stop while running; and what is going on, in words. */

import { announce } from "helpers/announce"
import { ApiError } from "helpers/api"
import { Controller } from "helpers/controller"
import { byId, make, set } from "helpers/dom"
import { stopIcon } from "helpers/icons"
import { guessWords, leftWords, queueWords } from "helpers/words"

/** @typedef {import("controllers/run_session").RunSession} RunSession */

/** A second click of a double click must not stop what the first one started. */
const CALM = 700

export class RunBar extends Controller {
  #place = byId("runbar")
  #button = /** @type {HTMLButtonElement} */ (this.#place.querySelector(".run"))
  #under = /** @type {HTMLElement} */ (this.#place.querySelector(".under-run"))
  #bar = make("div", { class: "progress", role: "progressbar", "aria-label": "Progress of the run", "aria-valuemin": 0, "aria-valuemax": 100, hidden: true }, make("i"))
  #since = -CALM
  #sending = false
  #error = ""
  #drawn = ""

  /**
   * @param {RunSession} session
   * @param {import("controllers/prediction").Prediction} prediction
   * @param {(skip: boolean) => Promise<void>} run starts a run
   */
  constructor(session, prediction, run) {
    super()
    this.session = session
    this.prediction = prediction
    this.run = run
  }

  connect() {
    this.#place.prepend(this.#bar)
    this.listen(this.#button, "click", () => this.press())
    this.listen(this.session, "change", () => this.update())
    this.listen(this.session, "run", () => (this.#error = ""))
    this.listen(this.prediction.events, "guess", () => this.update())
    this.update()
  }

  /** Too soon after the start for a press to mean Stop. */
  get #calm() {
    return performance.now() - this.#since < CALM
  }

  get #ready() {
    return this.prediction.touched || this.prediction.asked === null
  }

  /** What the button does now. */
  press() {
    if (this.#sending) return
    if (this.session.busy) {
      if (!this.#calm) this.#do(() => this.session.cancel())
    } else if (this.#ready) this.#start(false)
    else {
      announce("Your prediction comes first: move the bar to your guess, or run without predicting.")
      this.prediction.call()
    }
  }

  /** @param {boolean} skip */
  #start(skip) {
    this.#since = performance.now()
    setTimeout(() => this.update(), CALM + 20)
    this.#do(() => this.run(skip))
  }

  /** @param {() => Promise<void>} work */
  async #do(work) {
    this.#sending = true
    this.#error = ""
    this.update()
    try {
      await work()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.#error = error.message
      announce(error.message)
    } finally {
      this.#sending = false
      this.update()
    }
  }

  update() {
    const { phase, busy, run } = this.session
    const state = this.#sending ? "sending" : busy ? phase : this.#ready ? "ready" : "ask"
    const words = this.#words(state)
    set(this.#place, { "data-phase": state })
    this.#progress(busy ? phase : "idle")
    const stops = state === "queued" || state === "starting" || state === "running"
    const early = stops && this.#calm
    const drawn = `${state}|${words}|${this.#error}|${run?.id}|${early}`
    if (drawn === this.#drawn) return
    this.#drawn = drawn
    this.#button.classList.toggle("stop", stops)
    set(this.#button, { "aria-disabled": state === "ask" || state === "sending" || early ? "true" : null, "aria-keyshortcuts": stops ? null : "r" })
    this.#button.replaceChildren(...(stops ? [stopIcon(), state === "queued" ? "Cancel" : "Stop"] : ["Run the experiment"]))
    const skip = state !== "ask" ? "" : make("button", { type: "button", class: "text-button", onclick: () => this.#start(true) }, "Run without predicting")
    this.#under.toggleAttribute("data-error", this.#error !== "")
    this.#under.replaceChildren(...[this.#error ? make("span", { class: "run-error" }, this.#error) : words, skip].filter((one) => one !== ""))
  }

  /** @param {string} state */
  #words(state) {
    const { run, model, lost } = this.session
    switch (state) {
      case "sending": return "Sending…"
      case "queued": return queueWords(run?.ahead ?? null, run?.wait ?? null)
      case "starting": return "Starting…"
      case "running": return lost ? "No news while the connection is lost" : leftWords(model.progress)
      case "ready": return this.prediction.guess ? `Your guess: ${guessWords(this.prediction.guess, this.prediction.asked?.unit ?? "")}` : ""
      default: return ""
    }
  }

  /** @param {string} phase */
  #progress(phase) {
    const { progress } = this.session.model
    const share = Number(progress?.share)
    const sure = phase === "running" && Number.isFinite(share)
    this.#bar.hidden = phase === "idle"
    this.#bar.toggleAttribute("data-unsure", !sure)
    this.#bar.style.setProperty("--done", String(sure ? Math.max(0.03, share) : 0))
    set(this.#bar, { "aria-valuenow": sure ? Math.round(100 * share) : null, "aria-valuetext": String(progress?.text ?? phase) })
  }
}
