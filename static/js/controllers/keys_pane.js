/** The keys of this lab beside its charts: what the run does to them flashes here while it happens. */

import { Challenges } from "controllers/challenges"
import { Console } from "controllers/console"
import { KeyViews } from "controllers/key_views"
import { KeysBrowser } from "controllers/keys_browser"
import { KeysValue } from "controllers/keys_value"
import { Controller } from "helpers/controller"
import { byId } from "helpers/dom"

export class KeysPane extends Controller {
  #open = false

  /**
   * @param {import("helpers/types").Lab} lab @param {import("controllers/tabs").Tabs} tabs
   * @param {import("controllers/run_session").RunSession} session @param {import("controllers/key_choice").KeyChoice} choice
   */
  constructor(lab, tabs, session, choice) {
    super()
    this.pane = byId("pane-keys")
    this.tabs = tabs
    this.browser = new KeysBrowser(this.pane, lab.keys)
    this.value = new KeysValue(/** @type {HTMLElement} */ (this.pane.querySelector(".keys-value")), this.browser.source)
    this.views = new KeyViews(this.browser, this.value, session, choice)
    const list = /** @type {HTMLElement | null} */ (this.pane.querySelector(".challenges"))
    this.console = new Console(/** @type {HTMLElement} */ (this.pane.querySelector("[data-console]")))
    const { source } = this.browser
    this.challenges = list && new Challenges(list, lab.slug, [source.events, this.console.events],
      () => source.inView.natural && [...source.keys.rows.keys()].some((id) => source.keys.isOver(id, source.now)))
  }

  /** Nothing is watched before the pane is opened for the first time. */
  connect() {
    this.listen(this.tabs.events, "open", (/** @type {CustomEvent} */ event) => void (event.detail === "keys" && this.#begin()))
    if (!this.pane.hidden) this.#begin() // opened while this module was on its way
  }

  #begin() {
    if (this.#open) return
    this.#open = true
    for (const piece of [this.value, this.browser, this.views, this.console, this.challenges]) piece?.connect()
  }
}
