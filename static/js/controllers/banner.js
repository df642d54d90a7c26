/** What the learner should know about the run before looking at any number: waiting, failed, cancelled, connection lost. */

import { Controller } from "helpers/controller"
import { button, byId, make } from "helpers/dom"
import { icon } from "helpers/icons"
import { capital, queueWords } from "helpers/words"

/** @typedef {import("controllers/run_session").RunSession} RunSession */
/** @typedef {{tone: string, icon: Node | string, title: string, text: string, actions?: Node[]}} Message */

export class Banner extends Controller {
  #said = ""

  /**
   * @param {RunSession} session
   * @param {{log?: () => void, again?: () => void}} [offers] what the learner can do about a failure
   */
  constructor(session, offers = {}) {
    super()
    this.session = session
    this.offers = offers
    this.runner = true
  }

  connect() {
    this.listen(this.session, "change", () => this.update())
    this.update()
  }

  /** @param {boolean} answering is a runner there? */
  set runnerAnswers(answering) {
    this.runner = answering
    this.update()
  }

  update() {
    const messages = [this.session.lost ? LOST : null, this.#message()].filter((one) => one !== null)
    const said = JSON.stringify(messages.map(({ title, text }) => [title, text]))
    if (said === this.#said) return
    this.#said = said
    const place = byId("banner")
    place.hidden = messages.length === 0
    place.replaceChildren(...messages.map(card))
  }

  /** @returns {Message | null} */
  #message() {
    const { phase, run, model } = this.session
    const reason = model.reason ?? run?.reason ?? ""
    const kept = model.parts.size > 0 ? " What it measured until then is kept." : ""
    switch (phase) {
      case "queued": return this.runner ? {
        tone: "calm", icon: icon("wait"), title: queueWords(run?.ahead ?? null, run?.wait ?? null),
        text: "One experiment runs at a time, so that nothing disturbs the timings.",
      } : {
        tone: "warn", icon: "!", title: "No runner is answering",
        text: "Your run stays in the queue and starts by itself when a runner is back.",
      }
      case "failed": return {
        tone: "bad", icon: "!", title: "The run failed", text: `${sentence(reason)}${kept}`.trim(),
        actions: [this.offers.log && button("Open the log", this.offers.log), this.offers.again && button("Run again", this.offers.again)]
          .filter((one) => one !== undefined),
      }
      case "cancelled": return {
        tone: "calm", icon: icon("close"), title: "Cancelled", text: `${sentence(reason)}${kept}`.trim(),
      }
      default: return null
    }
  }
}

/** @type {Message} */
const LOST = {
  tone: "warn", icon: icon("turn", 16, "turn"), title: "Reconnecting…",
  text: "Nothing is lost: the run goes on, and this page catches up as soon as the server answers.",
}

/** @param {Message} message */
function card({ tone, icon: mark, title, text, actions = [] }) {
  return make("div", { class: "banner", "data-tone": tone },
    make("span", { class: "icon", "aria-hidden": "true" }, mark),
    make("div", {}, make("strong", {}, title), make("p", {}, text)),
    actions.length > 0 ? make("div", { class: "actions" }, ...actions) : null)
}

/** Capital first, full stop last. @param {string} text */
function sentence(text) {
  if (!text) return ""
  const begun = capital(text)
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`
}
