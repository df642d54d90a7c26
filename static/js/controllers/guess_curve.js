/** A guess for each x: drag the points of a curve up and down. Arrows left and right go from point to point. */

import { Controller } from "helpers/controller"
import { draw, set } from "helpers/dom"
import { decimals, niceCeiling, niceStep } from "models/scale"

const [LEFT, RIGHT, TOP, BOTTOM, WIDE, HIGH] = [30, 228, 12, 132, 236, 172]

export class GuessCurve extends Controller {
  onmove = () => {}
  #sizes
  #max
  #fine
  /** @type {number[]} */
  #values
  /** @type {SVGGElement[]} */
  #handles
  #path = draw("path", { class: "path" })
  #held = -1

  /** @param {import("controllers/guess_bar").GuessOptions} options */
  constructor({ unit, max, sizes, label, xlabel }) {
    super()
    this.unit = unit
    this.#sizes = sizes
    this.#max = niceCeiling(max * 1.15)
    this.#fine = niceStep(max, 64)
    this.#values = sizes.map(() => max)
    this.#handles = sizes.map((size, index) => this.#handle(size, index))
    this.element = draw("svg", { class: "guess-svg curve", viewBox: `0 0 ${WIDE} ${HIGH}`, role: "group", "aria-label": label, "data-untouched": true },
      ...this.#axes(xlabel), this.#path, ...this.#handles)
    this.#show()
  }

  connect() {
    this.listen(this.element, "pointerdown", (/** @type {PointerEvent} */ event) => this.#grab(event))
    this.listen(this.element, "pointermove", (/** @type {PointerEvent} */ event) => {
      if (this.element.hasPointerCapture(event.pointerId)) this.#move(this.#held, this.#place(event).value)
    })
    this.listen(this.element, "keydown", (/** @type {KeyboardEvent} */ event) => this.#key(event))
  }

  /** @returns {import("helpers/types").Guess} */
  get guess() {
    return { kind: "curve", points: this.#sizes.map((size, index) => [size, this.#values[index] ?? 0]) }
  }

  /** @param {import("helpers/types").Guess} guess */
  set guess(guess) {
    if (guess.kind !== "curve") return
    const known = new Map(guess.points)
    this.#values = this.#sizes.map((size, index) => known.get(size) ?? this.#values[index] ?? 0)
    this.element.removeAttribute("data-untouched")
    this.#show()
  }

  focus() {
    this.#handles[0]?.focus()
  }

  /** @param {number} size @param {number} index */
  #handle(size, index) {
    return draw("g", {
      class: "handle up-down", role: "slider", tabindex: index === 0 ? 0 : -1, "aria-label": `With ${size}`, "aria-orientation": "vertical",
      "aria-valuemin": 0, "aria-valuemax": this.#max,
    }, draw("circle", { class: "ring", r: 11 }), draw("circle", { class: "knob", r: this.#sizes.length > 8 ? 5.5 : 7 }))
  }

  /** @param {string} xlabel @returns {SVGElement[]} */
  #axes(xlabel) {
    /** @type {SVGElement[]} */
    const all = [draw("line", { class: "axis", x1: LEFT - 8, x2: RIGHT, y1: BOTTOM, y2: BOTTOM })]
    const step = niceStep(this.#max, 4)
    for (let value = 0; value <= this.#max + 1e-9; value += step) {
      all.push(draw("line", { class: "tick", x1: LEFT - 8, x2: RIGHT, y1: this.#y(value), y2: this.#y(value) }),
        draw("text", { x: LEFT - 13, y: this.#y(value) + 5, "text-anchor": "end" }, String(Number(value.toFixed(2)))))
    }
    const every = Math.ceil(this.#sizes.length / 8)
    this.#sizes.forEach((size, index) => {
      const last = index === this.#sizes.length - 1
      if (index % every === 0 || last) all.push(draw("text", { x: this.#x(index), y: BOTTOM + 19, "text-anchor": "middle" }, String(size)))
    })
    return all.concat(draw("text", { x: RIGHT, y: HIGH - 3, "text-anchor": "end" }, xlabel))
  }

  /** @param {number} index */
  #x = (index) => LEFT + 6 + (index / Math.max(1, this.#sizes.length - 1)) * (RIGHT - LEFT - 12)

  /** @param {number} value */
  #y = (value) => BOTTOM - (value / this.#max) * (BOTTOM - TOP)

  /** @param {PointerEvent} event */
  #place(event) {
    const box = this.element.getBoundingClientRect()
    const [x, y] = [((event.clientX - box.left) / box.width) * WIDE, ((event.clientY - box.top) / box.height) * HIGH]
    const index = Math.round(((x - LEFT - 6) / (RIGHT - LEFT - 12)) * (this.#sizes.length - 1))
    return { index: Math.max(0, Math.min(this.#sizes.length - 1, index)), value: ((BOTTOM - y) / (BOTTOM - TOP)) * this.#max }
  }

  /** @param {PointerEvent} event */
  #grab(event) {
    if (event.button !== 0) return
    event.preventDefault()
    this.element.setPointerCapture(event.pointerId)
    const { index, value } = this.#place(event)
    this.#held = index
    this.#go(index)
    this.#move(index, value)
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const at = this.#handles.indexOf(/** @type {SVGGElement} */ (event.target))
    const [value, step, leap] = [this.#values[at] ?? 0, this.#fine, 10 * this.#fine]
    /** @type {Record<string, () => void>} */
    const does = {
      ArrowUp: () => this.#move(at, value + step), ArrowDown: () => this.#move(at, value - step),
      PageUp: () => this.#move(at, value + leap), PageDown: () => this.#move(at, value - leap),
      Home: () => this.#move(at, 0), End: () => this.#move(at, this.#max), Enter: () => this.#move(at, value), " ": () => this.#move(at, value),
      ArrowLeft: () => this.#go(at - 1), ArrowRight: () => this.#go(at + 1),
    }
    if (at < 0 || !does[event.key]) return
    event.preventDefault()
    does[event.key]?.()
  }

  /** @param {number} index */
  #go(index) {
    const to = this.#handles[index]
    if (to === undefined) return
    for (const handle of this.#handles) set(handle, { tabindex: handle === to ? 0 : -1 })
    to.focus({ preventScroll: true })
  }

  /** @param {number} index @param {number} value */
  #move(index, value) {
    this.#values[index] = Number((Math.round(Math.min(this.#max, Math.max(0, value)) / this.#fine) * this.#fine).toPrecision(6))
    this.element.removeAttribute("data-untouched")
    this.#show()
    this.onmove()
  }

  #show() {
    this.#handles.forEach((handle, index) => {
      const value = this.#values[index] ?? 0
      set(handle, { transform: `translate(${this.#x(index)} ${this.#y(value)})`, "aria-valuenow": value, "aria-valuetext": `${decimals(value)} ${this.unit}` })
    })
    set(this.#path, { d: `M${this.#values.map((value, index) => `${this.#x(index)} ${this.#y(value)}`).join("L")}` })
  }
}
