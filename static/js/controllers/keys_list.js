/** The list of keys: only the lines in view exist, rings empty by the server's clock, arrows move as in any tree. */

import { Controller } from "helpers/controller"
import { make, set } from "helpers/dom"
import { fillRow, keyRow } from "helpers/key_row"
import { flat, goalOf, parentOf, placeOf, tree } from "models/key_tree"

/** @typedef {import("models/key_tree").Line} Line */

export class KeysList extends Controller {
  events = new EventTarget()
  asTree = false
  /** @type {Line[]} */
  lines = []
  /** @type {{id: string, path: string} | null} the line that has the keyboard */
  at = null
  /** @type {string | null} id of the key whose value is shown */
  chosen = null
  /** What a run does with the keys, where one is followed. @type {import("models/key_touches").KeyTouches | null} */
  touches = null
  #closed = /** @type {Set<string>} */ (new Set())
  #pool = /** @type {ReturnType<typeof keyRow>[]} */ ([])
  #body = make("div", { class: "keys-body", role: "presentation" })
  #stale = true
  #frame = 0

  /** @param {HTMLElement} element @param {import("controllers/keys_source").KeysSource} source */
  constructor(element, source) {
    super()
    this.element = element
    this.source = source
  }

  connect() {
    this.element.replaceChildren(this.#body)
    this.listen(this.source.events, "change", () => (this.#stale = true))
    this.listen(this.element, "keydown", (/** @type {KeyboardEvent} */ event) => this.#key(event))
    this.listen(this.element, "click", (/** @type {MouseEvent} */ event) => this.#click(event))
    this.#tick()
  }

  disconnect() {
    cancelAnimationFrame(this.#frame)
    super.disconnect()
  }

  /** Choose the line of this key, if there is one, and bring it into view. Long names may look the same. @param {string} name */
  reveal(name) {
    const named = this.lines.filter((line) => line.row?.name === name)
    const [line] = named
    if (!line || named.some(({ id }) => id === this.chosen)) return
    this.#move(this.lines.indexOf(line))
    this.chosen = line.id
  }

  /** @param {boolean} on */
  showTree(on) {
    this.asTree = on
    this.#stale = true
  }

  /** Height of a line: the style sheet decides (the hall has larger ones). */
  get #height() {
    return parseFloat(getComputedStyle(this.element).getPropertyValue("--line")) || 52
  }

  #tick = () => {
    this.#frame = requestAnimationFrame(this.#tick)
    if (this.element.offsetParent === null) return
    this.source.sweep()
    if (this.#stale) {
      const rows = this.source.keys.sorted(this.source.past)
      this.lines = this.asTree ? tree(rows, this.#closed) : flat(rows)
      if (this.at) this.at = this.lines[placeOf(this.lines, this.at)] ?? this.at // a line that goes leaves the keyboard to the next one
      this.#stale = false
      this.#drawLines()
      this.events.dispatchEvent(new Event("drawn"))
    } else this.#drawLines()
  }

  #drawLines() {
    const height = this.#height
    const first = Math.max(0, Math.floor(this.element.scrollTop / height) - 2)
    const shown = this.lines.slice(first, first + Math.ceil(this.element.clientHeight / height) + 4)
    this.#body.style.height = `${this.lines.length * height}px`
    while (this.#pool.length < shown.length) {
      const row = keyRow()
      this.#pool.push(row)
      this.#body.append(row.element)
    }
    this.#pool.forEach((row, index) => {
      const line = shown[index]
      row.element.hidden = !line
      if (!line) return set(row.element, { id: null })
      row.element.style.transform = `translateY(${(first + index) * height}px)`
      const touch = this.source.past === null && line.row && this.touches ? this.touches.of(line.row.name) : null
      fillRow(row, line, { now: this.source.now, here: Date.now(), chosen: line.id === this.chosen, at: line.id === this.at?.id, touch })
    })
    set(this.element, { "aria-activedescendant": this.at && shown.some((line) => line.id === this.at?.id) ? `key-${this.at.id}` : null })
    if (this.source.past === null) this.source.inView.see(shown.flatMap((line) => (line.row && !line.row.gone ? [line.id] : [])))
    if (first + shown.length > this.lines.length - 10 && this.lines.length > 300) this.events.dispatchEvent(new Event("end"))
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const element = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest(".key"))
    const line = this.lines.find((one) => `key-${one.id}` === element?.id)
    if (line) this.#open(line)
  }

  /** @param {Line} line */
  #open(line) {
    this.at = line
    if (line.row) {
      this.chosen = line.id
      this.events.dispatchEvent(new CustomEvent("choose", { detail: line.row }))
    } else this.#fold(line, line.open)
  }

  /** @param {Line} line @param {boolean} close */
  #fold(line, close) {
    if (close) this.#closed.add(line.path)
    else this.#closed.delete(line.path)
    this.#stale = true
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const index = this.lines.findIndex((line) => line.id === this.at?.id)
    const line = this.lines[index]
    const last = this.lines.length - 1
    const goal = goalOf(event.key, { index, last, page: Math.floor(this.element.clientHeight / this.#height) - 1 })
    if (goal !== null) this.#move(goal)
    else if (line && (event.key === "Enter" || event.key === " ")) this.#open(line)
    else if (line && event.key === "ArrowRight") line.row ? null : line.open ? this.#move(Math.min(last, index + 1)) : this.#fold(line, false)
    else if (line && event.key === "ArrowLeft") line.open ? this.#fold(line, true) : this.#move(parentOf(this.lines, index))
    else return
    event.preventDefault()
    if (!this.#stale) this.#drawLines()
  }

  /** @param {number} index */
  #move(index) {
    const line = this.lines[index]
    if (!line) return
    this.at = line
    const height = this.#height
    const { scrollTop, clientHeight } = this.element
    if (index * height < scrollTop) this.element.scrollTop = index * height
    if ((index + 1) * height > scrollTop + clientHeight) this.element.scrollTop = (index + 1) * height - clientHeight
  }
}
