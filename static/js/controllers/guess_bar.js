/** One guess: drag the end of a bar along a scale. Mouse, touch and keyboard. */

import { Controller } from "helpers/controller"
import { draw, set } from "helpers/dom"
import { decimals, niceStep } from "models/scale"

/** @typedef {{unit: string, max: number, sizes: number[], label: string, xlabel: string}} GuessOptions */

const [LEFT, WIDTH, TOP, HEIGHT, AXIS] = [8, 220, 14, 24, 54]

export class GuessBar extends Controller {
  onmove = () => {}
  #value
  #max
  /** The smallest step of the handle. */
  #fine
  #bar = draw("rect", { class: "shape", x: LEFT, y: TOP, height: HEIGHT, rx: 6 })
  #handle
  #text = draw("text", { class: "value", y: 10, "text-anchor": "middle" })

  /** @param {GuessOptions} options */
  constructor({ unit, max, label }) {
    super()
    this.unit = unit
    this.#max = max
    this.#fine = niceStep(max, 128)
    this.#value = unit === "%" ? max / 2 : Math.min(1, max / 4)
    this.#handle = draw("g", {
      class: "handle", tabindex: 0, role: "slider", "aria-label": label, "aria-orientation": "horizontal",
      "aria-valuemin": 0, "aria-valuemax": this.#max,
    }, draw("circle", { class: "reach", r: 22 }), draw("circle", { class: "ring", r: 13 }), draw("circle", { class: "knob", r: 8 }))
    this.element = draw("svg", { class: "guess-svg", viewBox: "0 -6 236 82", "data-untouched": true }, ...this.#axis(), this.#bar, this.#text, this.#handle)
    this.#show()
  }

  connect() {
    this.listen(this.element, "pointerdown", (/** @type {PointerEvent} */ event) => this.#grab(event))
    this.listen(this.element, "pointermove", (/** @type {PointerEvent} */ event) => {
      if (this.element.hasPointerCapture(event.pointerId)) this.#drag(event)
    })
    this.listen(this.#handle, "keydown", (/** @type {KeyboardEvent} */ event) => this.#key(event))
  }

  /** @returns {import("helpers/types").Guess} */
  get guess() {
    return { kind: "bar", value: this.#value }
  }

  /** @param {import("helpers/types").Guess} guess */
  set guess(guess) {
    if (guess.kind === "bar") this.#set(guess.value)
  }

  focus() {
    this.#handle.focus()
  }

  #axis() {
    const step = niceStep(this.#max, this.#max < 10_000 ? 6 : 4) // long numbers need room
    const marks = [draw("line", { class: "axis", x1: LEFT, x2: LEFT + WIDTH, y1: AXIS, y2: AXIS })]
    const parts = /** @type {SVGElement[]} */ (marks)
    for (let value = 0; value <= this.#max + 1e-9; value += step) {
      parts.push(draw("line", { class: "tick", x1: this.#x(value), x2: this.#x(value), y1: TOP - 4, y2: AXIS }),
        draw("text", { x: this.#x(value), y: AXIS + 18, "text-anchor": "middle" }, String(Number(value.toFixed(2)))))
    }
    return parts
  }

  /** @param {number} value */
  #x(value) {
    return LEFT + (value / this.#max) * WIDTH
  }

  /** @param {PointerEvent} event */
  #grab(event) {
    if (event.button !== 0) return
    event.preventDefault()
    this.element.setPointerCapture(event.pointerId)
    this.#handle.focus({ preventScroll: true })
    this.#drag(event)
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    const box = this.element.getBoundingClientRect()
    const x = ((event.clientX - box.left) / box.width) * 236
    this.#move(((x - LEFT) / WIDTH) * this.#max)
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const [small, large] = [2 * this.#fine, 20 * this.#fine]
    /** @type {Record<string, number>} */
    const to = {
      ArrowRight: this.#value + small, ArrowUp: this.#value + small, ArrowLeft: this.#value - small, ArrowDown: this.#value - small,
      PageUp: this.#value + large, PageDown: this.#value - large, Home: 0, End: this.#max,
    }
    const value = to[event.key]
    if (event.key !== "Enter" && event.key !== " " && value === undefined) return
    event.preventDefault()
    this.#move(value ?? this.#value)
  }

  /** @param {number} value */
  #move(value) {
    this.#set(value)
    this.onmove()
  }

  /** @param {number} value */
  #set(value) {
    const steps = Math.round(Math.min(this.#max, Math.max(0, value)) / this.#fine)
    this.#value = Number((steps * this.#fine).toPrecision(6))
    this.element.removeAttribute("data-untouched")
    this.#show()
  }

  #show() {
    const x = this.#x(this.#value)
    const said = !this.element.hasAttribute("data-untouched")
    set(this.#bar, { width: Math.max(0, x - LEFT) })
    set(this.#handle, { transform: `translate(${x} ${TOP + HEIGHT / 2})`, "aria-valuenow": this.#value, "aria-valuetext": said ? `${decimals(this.#value)} ${this.unit}` : "not set yet" })
    set(this.#text, { x: Math.min(216, Math.max(22, x)) })
    this.#text.textContent = said ? decimals(this.#value) : "?"
  }
}
