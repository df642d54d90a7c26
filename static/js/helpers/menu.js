/** A button that opens a short list of links. Escape and a click elsewhere close it. */

import { make, set } from "helpers/dom"
import { icon } from "helpers/icons"

/** @typedef {{href: string, name: string, text?: string, download?: boolean} | null} Item  null draws a line */

let count = 0

export class Menu {
  #list
  #button

  /** @param {string} label */
  constructor(label) {
    const id = `menu-${(count += 1)}`
    this.#button = make("button", { type: "button", class: "button", "aria-expanded": "false", "aria-controls": id }, label, icon("down", 13))
    this.#list = make("div", { class: "sheetlet", id, hidden: true })
    this.element = make("div", { class: "menu" }, this.#button, this.#list)
  }

  /** @param {AbortSignal} signal */
  connect(signal) {
    this.#button.addEventListener("click", () => this.#open(this.#list.hidden === true), { signal })
    document.addEventListener("pointerdown", (event) => {
      if (!this.#holds(event.target)) this.#open(false)
    }, { signal })
    this.element.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !this.#holds(event.relatedTarget)) this.#open(false)
    }, { signal })
    this.element.addEventListener("keydown", (event) => this.#key(event), { signal })
  }

  /** @param {EventTarget | null} target */
  #holds(target) {
    return this.element.contains(/** @type {Node | null} */ (target))
  }

  /** @param {Item[]} items */
  fill(items) {
    this.#list.replaceChildren(...items.map((item) => item
      ? make("a", { href: item.href, download: item.download ?? false, onclick: () => this.#open(false) }, item.name, item.text ? make("small", {}, item.text) : null)
      : make("hr")))
  }

  /** @param {boolean} open */
  #open(open) {
    this.#list.hidden = !open
    set(this.#button, { "aria-expanded": String(open) })
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.#list.hidden) return
    const links = [...this.#list.querySelectorAll("a")]
    const at = links.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement))
    if (event.key === "Escape") {
      this.#open(false)
      this.#button.focus()
    } else if (event.key === "ArrowDown") links[(at + 1) % links.length]?.focus()
    else if (event.key === "ArrowUp") links[(at + links.length - 1) % links.length]?.focus()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
}
