/** Tabs, beside the run or inside one of its panes: arrows move, the chosen pane is shown. */

import { Controller } from "helpers/controller"
import { byId, set } from "helpers/dom"

export class Tabs extends Controller {
  #tabs

  /** @param {Element | null} [list] of the role tablist; none: the first beside the run */
  constructor(list = byId("aside").querySelector('[role="tablist"]')) {
    super()
    this.#tabs = /** @type {HTMLButtonElement[]} */ ([...(list?.querySelectorAll('[role="tab"]') ?? [])])
  }

  connect() {
    for (const tab of this.#tabs) {
      this.listen(tab, "click", () => this.#select(tab))
      this.listen(tab, "keydown", (/** @type {KeyboardEvent} */ event) => this.#key(event, tab))
    }
  }

  /** Open a pane by name: "guide", "source", "table", "log", "keys", "runs". @param {string} name */
  open(name) {
    const tab = this.#tabs.find((one) => one.id === `tab-${name}`)
    if (tab) this.#select(tab)
  }

  /** Mark a tab, until it is opened. @param {string} name @param {boolean} on */
  alert(name, on) {
    const tab = byId(`tab-${name}`)
    tab.toggleAttribute("data-alert", on && tab.getAttribute("aria-selected") !== "true")
  }

  /** @param {HTMLButtonElement} chosen */
  #select(chosen) {
    for (const tab of this.#tabs) {
      const on = tab === chosen
      set(tab, { "aria-selected": String(on), tabindex: on ? null : -1 })
      byId(tab.getAttribute("aria-controls") ?? "").hidden = !on
    }
    chosen.removeAttribute("data-alert")
    this.events.dispatchEvent(new CustomEvent("open", { detail: chosen.id.replace("tab-", "") }))
  }

  /** Events: "open" with the pane's name as detail. */
  events = new EventTarget()

  /** @param {KeyboardEvent} event @param {HTMLButtonElement} tab */
  #key(event, tab) {
    const at = this.#tabs.indexOf(tab)
    const count = this.#tabs.length
    /** @type {Record<string, number>} */
    const to = { ArrowRight: (at + 1) % count, ArrowLeft: (at + count - 1) % count, Home: 0, End: count - 1 }
    const next = this.#tabs[to[event.key] ?? -1]
    if (!next) return
    event.preventDefault()
    this.#select(next)
    next.focus()
  }
}
