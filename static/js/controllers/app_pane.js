/** An app that the learner uses while the run watches: it opens when its program is ready, in the pane beside the run. */

import { Controller } from "helpers/controller"
import { byId, make } from "helpers/dom"

/** @typedef {{title: string, path: string, runtime: string}} Pane */

export class AppPane extends Controller {
  #place = byId("pane-app")
  #frame = make("iframe", {})
  #note = make("p", { class: "app-note", role: "status" })
  /** @type {string | null} the run that the app was opened for */
  #opened = null

  /** @param {import("controllers/run_session").RunSession} session @param {Pane} pane @param {import("controllers/tabs").Tabs} tabs */
  constructor(session, pane, tabs) {
    super()
    this.session = session
    this.pane = pane
    this.tabs = tabs
    this.#frame.title = pane.title
  }

  connect() {
    this.listen(this.session, "change", () => this.update())
    this.#place.replaceChildren(this.#empty())
  }

  update() {
    const { run, model } = this.session
    const part = [...model.parts.values()].find((one) => one.runtime === this.pane.runtime)
    const ready = Boolean(run?.mine) && part !== undefined && Object.keys(part.host).length > 0 && part.state !== "end" && !this.session.ended
    if (ready && run && this.#opened !== run.id) {
      this.#opened = run.id
      this.#open(`${this.pane.path}?run=${encodeURIComponent(run.id)}`)
      this.tabs.open("app")
    }
    if (this.#opened !== null) this.#say(ready ? "Each of your requests appears as a row." : "The visit is over: requests are no longer shown.")
  }

  /** @param {string} words */
  #say(words) {
    if (this.#note.textContent !== words) this.#note.textContent = words
  }

  /** @param {string} address */
  #open(address) {
    this.#frame.src = address
    const window_ = make("a", { class: "button", href: address, target: "_blank" }, "Own window")
    this.#place.replaceChildren(make("div", { class: "app-head" }, this.#note, window_), this.#frame)
  }

  #empty() {
    return make("div", { class: "pane-empty" }, make("strong", {}, "You can use it here"),
      make("p", {}, "Choose “You” on the left and run: it opens in this pane, and the chart shows what each request waits for."),
      make("a", { class: "button", href: this.pane.path, target: "_blank" }, "Open it without a run"))
  }
}
