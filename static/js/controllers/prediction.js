/** The prediction: which question is asked depends on the parameters; Run is offered once it is answered or skipped. */

import { GuessBar } from "controllers/guess_bar"
import { GuessCurve } from "controllers/guess_curve"
import { GuessOrder } from "controllers/guess_order"
import { Controller } from "helpers/controller"
import { byId, make } from "helpers/dom"
import { guessMax } from "helpers/range"
import { briefly, filled, holds, sizes } from "helpers/words"
import { programOf } from "models/blocks"

/** @typedef {import("helpers/types").Lab} Lab */
/** @typedef {import("helpers/types").Guess} Guess */
/** @typedef {import("helpers/types").PredictionInfo} PredictionInfo */

/** Events: "guess" after the learner moved something or the question changed. */
export class Prediction extends Controller {
  events = new EventTarget()
  /** Has the learner said anything about the question as it stands? */
  touched = false
  /** @type {PredictionInfo | null} */
  asked = null
  #place = byId("prediction")
  /** @type {GuessBar | GuessCurve | GuessOrder | null} */
  #drawing = null
  #unit = /** @type {number | null} */ (null)
  #question = ""

  /** @param {Lab} lab */
  constructor(lab) {
    super()
    this.lab = lab
  }

  disconnect() {
    this.#drawing?.disconnect()
    super.disconnect()
  }

  /** @returns {Guess | null} what was said, null if nothing was */
  get guess() {
    return this.touched ? this.#drawing?.guess ?? null : null
  }

  /** Ask what fits these parameters. A question that stays the same keeps its answer. @param {Record<string, any>} params */
  ask(params) {
    const asked = this.lab.predictions.find((one) => holds(one.when, params)) ?? null
    const decisive = Object.entries(params).filter(([name]) => !this.lab.params.properties[name]?.advanced)
    const question = JSON.stringify([asked, ...decisive])
    if (question === this.#question) return
    this.#question = question
    this.asked = asked
    this.touched = false
    this.#draw(params)
    this.events.dispatchEvent(new Event("guess"))
  }

  /** Take over the guess of a run. @param {Guess | null} guess */
  restore(guess) {
    if (!guess || guess.kind !== this.asked?.kind || !this.#drawing) return
    this.#drawing.guess = guess
    this.#touch()
  }

  /** Seconds of one unit as last measured, to make the unit tangible. @param {number | null} unit */
  set unit(unit) {
    if (unit === this.#unit) return
    this.#unit = unit
    this.#hint()
  }

  /** Point at the drawing: this comes first. */
  call() {
    const card = this.#place.querySelector(".predict")
    card?.setAttribute("data-call", "")
    card?.scrollIntoView({ block: "nearest" })
    this.#drawing?.focus()
    setTimeout(() => card?.removeAttribute("data-call"), 1600)
  }

  /** @param {Record<string, any>} params */
  #draw(params) {
    this.#drawing?.disconnect()
    this.#drawing = null
    this.#place.replaceChildren()
    if (!this.asked) return
    const question = filled(this.asked.question, params)
    const x = this.asked.x ?? ""
    const xlabel = this.lab.charts.find((chart) => chart.x === x)?.xlabel ?? x
    const options = { unit: this.asked.unit, max: guessMax(this.asked, params), sizes: sizes(Number(params[x]) || 1), label: question, xlabel }
    const items = this.asked.kind === "order" ? programOf(this.lab.params.properties, params, x).filter((block) => block.calls) : []
    if (this.asked.kind === "order") this.#drawing = new GuessOrder({ items, label: question })
    else this.#drawing = this.asked.kind === "bar" ? new GuessBar(options) : new GuessCurve(options)
    this.#drawing.onmove = () => this.#touch()
    this.#drawing.connect()
    this.#place.append(
      make("h2", { class: "eyebrow predict-head" }, "First, your prediction"),
      make("div", { class: "predict" }, make("h3", {}, question), this.#drawing.element, make("p", { class: "hint" })))
    this.#hint()
  }

  #hint() {
    const hint = this.#place.querySelector(".hint")
    if (!hint || !this.asked) return
    hint.textContent = this.asked.help + (this.#unit && this.asked.unit !== "%" ? ` It was ${briefly(this.#unit)} in the run shown.` : "")
  }

  #touch() {
    this.touched = true
    this.events.dispatchEvent(new Event("guess"))
  }
}
