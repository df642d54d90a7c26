/** What stands beside the keys: what the run did with them, and what the server logged. And who is chosen, on both sides. */

import { KeyAbout } from "controllers/key_about"
import { RunKeys } from "controllers/run_keys"
import { ServerLog } from "controllers/server_log"
import { Tabs } from "controllers/tabs"
import { Controller } from "helpers/controller"
import { byId } from "helpers/dom"
import { KeyTouches } from "models/key_touches"

export class KeyViews extends Controller {
  /**
   * @param {import("controllers/keys_browser").KeysBrowser} browser @param {import("controllers/keys_value").KeysValue} value
   * @param {import("controllers/run_session").RunSession} session @param {import("controllers/key_choice").KeyChoice} choice
   */
  constructor(browser, value, session, choice) {
    super()
    this.list = browser.list
    this.value = value
    this.choice = choice
    this.tabs = new Tabs(document.querySelector(".key-tabs"))
    this.run = new RunKeys(byId("keys-run"), session, choice)
    this.log = new ServerLog(byId("keys-server"))
    this.about = new KeyAbout(session)
    this.session = session
    this.touches = this.list.touches = new KeyTouches()
  }

  connect() {
    this.value.about = this.about
    for (const piece of [this.tabs, this.run, this.log, this.about]) piece.connect()
    this.listen(this.tabs.events, "open", (/** @type {CustomEvent} */ { detail }) => {
      if (detail === "keys-run") this.run.update()
      if (detail === "keys-server") this.log.open()
    })
    this.listen(this.list.events, "choose", (/** @type {CustomEvent} */ { detail }) => {
      this.value.open(detail)
      this.choice.choose(detail.name)
    })
    this.listen(this.list.events, "drawn", () => this.#reveal())
    this.listen(this.choice, "choose", () => this.#show())
    this.listen(this.session, "change", () => this.#follow())
    this.#follow()
    this.#show()
  }

  /** A key that was chosen in the chart: among the live rows, or among the run's own where it is gone by now. */
  #show() {
    if (this.choice.chain !== null) this.tabs.open(this.list.source.keys.has(this.choice.key) ? "keys-now" : "keys-run")
    this.#reveal()
  }

  /** Rows that the run touches, also by reading, which no server tells. */
  #follow() {
    const { shown, phase, playing } = this.session
    this.touches.follow(shown, phase === "running" || playing, Date.now())
  }

  #reveal() {
    if (this.choice.key !== null) this.list.reveal(this.choice.key)
  }

  disconnect() {
    for (const piece of [this.tabs, this.run, this.log, this.about]) piece.disconnect()
    super.disconnect()
  }
}
