/** Keys for the whole page, and the list of them. Nothing happens while somebody types. */

import { Controller } from "helpers/controller"
import { button, make } from "helpers/dom"

/** @typedef {{key: string, label?: string, what: string, does: () => void}} Shortcut  `label` is shown instead of the key */

export class Shortcuts extends Controller {
  /** @param {Shortcut[]} list */
  constructor(list) {
    super()
    this.list = list
    this.dialog = make("dialog", { class: "dialog", "aria-labelledby": "shortcuts-title" },
      make("h2", { id: "shortcuts-title" }, "Keys"),
      make("dl", {}, ...[...list, { key: "?", label: undefined, what: "This list" }].flatMap(({ key, label, what }) =>
        [make("dt", {}, make("kbd", {}, label ?? key)), make("dd", {}, what)])),
      button("Close", () => this.dialog.close()))
  }

  connect() {
    document.body.append(this.dialog)
    this.listen(document, "keydown", (/** @type {KeyboardEvent} */ event) => this.#key(event))
    this.listen(this.dialog, "click", (event) => void (event.target === this.dialog && this.dialog.close()))
  }

  disconnect() {
    this.dialog.remove()
    super.disconnect()
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || this.dialog.open || types(event)) return
    if (event.key === "?") this.dialog.showModal()
    else {
      const found = this.list.find((one) => one.key === event.key)
      if (!found) return
      found.does()
    }
    event.preventDefault()
  }
}

/** Does this key belong to what has the focus? @param {KeyboardEvent} event */
function types(event) {
  const target = /** @type {HTMLElement} */ (event.target)
  if (target.isContentEditable || ["TEXTAREA", "SELECT"].includes(target.tagName)) return true
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "range"].includes(target.type) || event.key === " " || event.key.startsWith("Arrow")
  return (event.key === " " || event.key.startsWith("Arrow")) && target.matches("button, a, summary, [role=slider], [role=tab]")
}
