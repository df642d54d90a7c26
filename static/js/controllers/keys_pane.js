/** The keys of this lab beside its charts: what the run does to them flashes here while it happens. */

import { Challenges } from "controllers/challenges"
import { Console } from "controllers/console"
import { KeysBrowser } from "controllers/keys_browser"
import { KeysValue } from "controllers/keys_value"
import { Controller } from "helpers/controller"
import { byId } from "helpers/dom"

export class KeysPane extends Controller {
  #open = false

  /** @param {string[]} patterns the lab's keys @param {import("controllers/tabs").Tabs} tabs @param {string} lab its slug */
  constructor(patterns, tabs, lab) {
    super()
    this.pane = byId("pane-keys")
    this.tabs = tabs
    this.browser = new KeysBrowser(this.pane, patterns)
    this.value = new KeysValue(/** @type {HTMLElement} */ (this.pane.querySelector(".keys-value")), this.browser.source)
    const list = /** @type {HTMLElement | null} */ (this.pane.querySelector(".challenges"))
    this.console = new Console(/** @type {HTMLElement} */ (this.pane.querySelector("[data-console]")))
    this.challenges = list && new Challenges(list, lab, [this.browser.source.events, this.console.events])
  }

  /** Nothing is watched before the pane is opened for the first time. */
  connect() {
    this.listen(this.tabs.events, "open", (/** @type {CustomEvent} */ event) => void (event.detail === "keys" && this.#begin()))
    this.listen(this.browser.list.events, "choose", (/** @type {CustomEvent} */ event) => this.value.open(event.detail))
  }

  #begin() {
    if (this.#open) return
    this.#open = true
    for (const piece of [this.value, this.browser, this.console, this.challenges]) piece?.connect()
  }
}
