/** After the run: which resource was full? The learner answers first, then sees what the spans say. */

import { citeButtons } from "controllers/findings"
import { announce } from "helpers/announce"
import { ApiError } from "helpers/api"
import { Controller } from "helpers/controller"
import { byId, make } from "helpers/dom"

export class QuestionCard extends Controller {
  #drawn = ""
  #error = ""

  /**
   * @param {import("controllers/run_session").RunSession} session
   * @param {import("controllers/stage").Stage} stage
   * @param {import("helpers/types").Lab} lab
   */
  constructor(session, stage, lab) {
    super()
    this.session = session
    this.stage = stage
    this.question = lab.question
  }

  connect() {
    this.listen(this.session, "change", () => this.update())
    this.update()
  }

  update() {
    const { model, run } = this.session
    const truth = this.question ? model.answers.get(this.question.id) : undefined
    const drawn = `${run?.id} ${run?.answer} ${truth?.seq} ${this.#error}`
    if (drawn === this.#drawn) return
    this.#drawn = drawn
    byId("question").replaceChildren(...(run && truth && this.question ? [this.#card(run, truth)] : []))
  }

  /** @param {import("helpers/types").RunInfo} run @param {import("models/event").RunEvent} truth */
  #card(run, truth) {
    const { text = "", options = [] } = this.question ?? {}
    const answered = run.answer !== null
    return make("section", { class: "question", "aria-label": text },
      make("h3", {}, text),
      make("div", { class: "options" }, ...options.map(({ value, label }) => make("button", {
        type: "button", class: "button option", "aria-pressed": String(run.answer === value), disabled: !run.mine && !answered,
        onclick: () => this.#answer(value),
      }, label))),
      this.#error ? make("p", { class: "reply" }, this.#error) : null,
      answered || !run.mine ? this.#reply(run, truth) : null)
  }

  /** @param {import("helpers/types").RunInfo} run @param {import("models/event").RunEvent} truth */
  #reply(run, truth) {
    const label = (/** @type {unknown} */ value) => this.question?.options.find((one) => one.value === value)?.label ?? ""
    const known = Boolean(label(truth.answer))
    const right = run.answer === truth.answer
    const verdict = !known ? "The spans cannot tell." : run.answer === null ? `The spans say: ${lower(label(truth.answer))}.`
      : right ? "The spans agree with you." : `The spans say otherwise: ${lower(label(truth.answer))}.`
    return make("div", { class: "reply" }, make("strong", {}, verdict), make("p", {}, String(truth.text ?? "")),
      citeButtons(truth.cites, (part, ids) => this.stage.cite(part, ids), this.session.model.parts))
  }

  /** @param {string} value */
  async #answer(value) {
    if (!this.session.run?.mine) return
    try {
      await this.session.answer(value)
      this.#error = ""
      this.update()
      announce(byId("question").querySelector(".reply strong")?.textContent ?? "")
      const pressed = /** @type {HTMLElement | null} */ (byId("question").querySelector('[aria-pressed="true"]'))
      pressed?.focus()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.#error = error.message
      this.update()
    }
  }
}

/** "The CPUs" inside a sentence. @param {string} words */
function lower(words) {
  return words.slice(0, 1).toLowerCase() + words.slice(1)
}
