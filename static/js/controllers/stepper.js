/** Steps through moments: back, play slowly, forward, a slider, and how slowly. */

import { Controller } from "helpers/controller"
import { make, set } from "helpers/dom"
import { icon } from "helpers/icons"

/** Seconds that a moment is shown. @type {[number, string][]} */
const PACES = [[3, "slow"], [1.4, "calm"], [0.5, "quick"]]

export class Stepper extends Controller {
  place = 0
  where = make("output", { class: "step-where", "aria-live": "off" })
  #count = 0
  #live = false
  #timer = 0
  #pace = 1.4
  #back = make("button", { type: "button", class: "button icon", "aria-label": "One step back" }, icon("back"))
  #play = make("button", { type: "button", class: "button icon", "aria-label": "Play the steps" }, icon("play"))
  #forth = make("button", { type: "button", class: "button icon", "aria-label": "One step on" }, icon("forth"))
  #slide = make("input", { class: "slide", type: "range", min: 0, max: 0, value: 0, "aria-label": "Step" })
  #paces = make("div", { class: "speeds", role: "radiogroup", "aria-label": "How slowly" })
  #name = (/** @type {number} */ index) => String(index)

  /** @param {() => void} changed */
  constructor(changed) {
    super()
    this.changed = changed
    this.element = make("div", { class: "stepper", role: "group", "aria-label": "Steps" }, this.#back, this.#play, this.#forth, this.#slide, this.where, this.#paces)
  }

  connect() {
    const group = `pace-${Math.random()}`
    this.#paces.append(...PACES.map(([seconds, words]) => make("label", { class: "chip" },
      make("input", { type: "radio", name: group, value: seconds, checked: seconds === this.#pace }), make("span", {}, words))))
    this.listen(this.#back, "click", () => this.#to(this.place - 1))
    this.listen(this.#forth, "click", () => this.#to(this.place + 1))
    this.listen(this.#play, "click", () => (this.#timer ? this.#stop() : this.#start()))
    this.listen(this.#slide, "input", () => this.#to(Number(this.#slide.value)))
    this.listen(this.#paces, "change", (event) => {
      this.#pace = Number(/** @type {HTMLInputElement} */ (event.target).value)
      if (this.#timer) this.#start()
    })
  }

  disconnect() {
    this.#stop()
    super.disconnect()
  }

  /** There are so many moments now. While they still come (live), the last is shown. @param {number} count @param {boolean} live @param {(index: number) => string} name */
  show(count, live, name) {
    if (live && !this.#timer) this.place = Math.max(0, count - 1)
    else if (this.#live && !this.#timer) this.place = 0 // it is over: from the start, step by step
    this.#live = live
    this.place = Math.max(0, Math.min(this.place, count - 1))
    this.#count = count
    this.#name = name
    this.#sync()
  }

  /** @param {number} place */
  #to(place) {
    this.#stop()
    this.#go(place)
  }

  /** @param {number} place */
  #go(place) {
    this.place = Math.max(0, Math.min(place, this.#count - 1))
    this.changed()
  }

  #start() {
    this.#stop()
    if (this.place >= this.#count - 1) this.#go(0)
    this.#timer = window.setInterval(() => {
      this.#go(this.place + 1)
      if (this.place >= this.#count - 1) this.#stop()
    }, 1000 * this.#pace)
    this.#sync()
  }

  #stop() {
    clearInterval(this.#timer)
    this.#timer = 0
    this.#sync()
  }

  #sync() {
    this.element.hidden = this.#count === 0
    set(this.#slide, { max: Math.max(1, this.#count - 1), "aria-valuetext": this.#name(this.place) })
    this.#slide.value = String(this.place)
    this.#slide.style.setProperty("--at", `${(100 * this.place) / Math.max(1, this.#count - 1)}%`)
    set(this.#back, { "aria-disabled": this.place === 0 ? "true" : null })
    set(this.#forth, { "aria-disabled": this.place >= this.#count - 1 ? "true" : null })
    const label = this.#timer ? "Pause the steps" : "Play the steps"
    if (this.#play.getAttribute("aria-label") === label) return
    set(this.#play, { "aria-label": label })
    this.#play.replaceChildren(icon(this.#timer ? "pause" : "play"))
  }
}
