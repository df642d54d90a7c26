/** One guess: in which order things come. Drag a row, press its arrows, or move it with the arrow keys. */

import { blockChip } from "helpers/block_chip"
import { Controller } from "helpers/controller"
import { make, set } from "helpers/dom"
import { announce } from "helpers/announce"
import { icon } from "helpers/icons"
import { moved } from "models/blocks"

/** @typedef {{id: string, name: string, kind: string}} Item */

export class GuessOrder extends Controller {
  onmove = () => {}
  element = make("ol", { class: "guess-order", "data-untouched": true })
  /** @type {Item[]} */
  #items
  /** @type {Map<string, HTMLElement>} */
  #rows = new Map()

  /** @param {{items: Item[], label: string}} options */
  constructor({ items, label }) {
    super()
    this.#items = items
    this.element.setAttribute("aria-label", label)
    for (const item of items) this.#rows.set(item.id, this.#row(item))
    this.#show()
  }

  connect() {
    this.listen(this.element, "click", (event) => {
      const pressed = /** @type {Element} */ (event.target).closest("button")
      const by = Number(pressed?.dataset.by)
      if (pressed && by) this.#by(this.#idOf(pressed), by, pressed)
      else if (pressed) this.#said()
    })
    this.listen(this.element, "keydown", (/** @type {KeyboardEvent} */ event) => {
      const grip = /** @type {Element} */ (event.target).closest(".grip")
      const by = { ArrowUp: -1, ArrowDown: 1, Home: -99, End: 99 }[event.key]
      if (!grip || by === undefined) return
      event.preventDefault()
      this.#by(this.#idOf(grip), by, /** @type {HTMLElement} */ (grip))
    })
    this.listen(this.element, "pointerdown", (/** @type {PointerEvent} */ event) => {
      const grip = /** @type {Element} */ (event.target).closest(".grip")
      if (grip && event.button === 0) this.#drag(this.#idOf(grip), event)
    })
  }

  /** @returns {import("helpers/types").Guess} */
  get guess() {
    return { kind: "order", order: this.#items.map((item) => item.id) }
  }

  /** @param {import("helpers/types").Guess} guess */
  set guess(guess) {
    if (guess.kind !== "order") return
    const place = (/** @type {Item} */ item) => guess.order.indexOf(item.id)
    this.#items = [...this.#items].sort((a, b) => place(a) - place(b))
    this.element.removeAttribute("data-untouched")
    this.#show()
  }

  focus() {
    /** @type {HTMLElement | null} */ (this.element.querySelector(".grip"))?.focus()
  }

  /** @param {Item} item */
  #row(item) {
    return make("li", { "data-id": item.id },
      make("button", { type: "button", class: "grip" }, blockChip(item)),
      make("button", { type: "button", class: "nudge", "data-by": -1, "aria-label": `${item.id} earlier` }, icon("up", 14)),
      make("button", { type: "button", class: "nudge", "data-by": 1, "aria-label": `${item.id} later` }, icon("down", 14)))
  }

  /** @param {Element} inside */
  #idOf(inside) {
    return /** @type {HTMLElement | null} */ (inside.closest("li"))?.dataset.id ?? ""
  }

  /** @param {string} id @param {number} by @param {HTMLElement} pressed keeps the focus */
  #by(id, by, pressed) {
    const from = this.#items.findIndex((item) => item.id === id)
    this.#place(from, Math.max(0, Math.min(this.#items.length - 1, from + by)))
    pressed.focus({ preventScroll: true })
    announce(`${id} is number ${this.#items.findIndex((item) => item.id === id) + 1} of ${this.#items.length}`)
  }

  /** Follow a pointer until it is let go. @param {string} id @param {PointerEvent} down */
  #drag(id, down) {
    const row = this.#rows.get(id)
    down.preventDefault()
    const grip = /** @type {HTMLElement | null | undefined} */ (row?.querySelector(".grip"))
    grip?.focus({ preventScroll: true })
    row?.setPointerCapture(down.pointerId)
    row?.toggleAttribute("data-held", true)
    const over = new AbortController()
    const { signal } = over
    row?.addEventListener("pointermove", ({ clientY }) => {
      const from = this.#items.findIndex((item) => item.id === id)
      const others = this.#items.filter((item) => item.id !== id).map((item) => this.#rows.get(item.id)?.getBoundingClientRect())
      const to = others.filter((box) => box && box.top + box.height / 2 < clientY).length
      if (to !== from) this.#place(from, to)
    }, { signal })
    for (const end of ["pointerup", "pointercancel"]) {
      row?.addEventListener(end, () => {
        over.abort()
        row.toggleAttribute("data-held", false)
      }, { signal })
    }
  }

  /** @param {number} from @param {number} to */
  #place(from, to) {
    this.#items = moved(this.#items, from, to)
    this.#said()
  }

  #said() {
    this.element.removeAttribute("data-untouched")
    this.#show()
    this.onmove()
  }

  /** Rows go to their places around the one that is held or has the focus, which is not taken out of the page. */
  #show() {
    const rows = this.#items.map((item) => /** @type {HTMLElement} */ (this.#rows.get(item.id)))
    const held = rows.find((row) => row.contains(document.activeElement)) ?? rows[0]
    const at = rows.indexOf(/** @type {HTMLElement} */ (held))
    if (held && !this.element.contains(held)) this.element.append(held)
    held?.before(...rows.slice(0, at))
    held?.after(...rows.slice(at + 1))
    this.#items.forEach((item, index) => {
      const row = /** @type {HTMLElement} */ (this.#rows.get(item.id))
      const grip = /** @type {Element} */ (row.querySelector(".grip"))
      set(grip, { "aria-label": `${item.id} ${item.name}, number ${index + 1} of ${this.#items.length}. Arrow keys move it.` })
    })
  }
}
