/** Back in time over what the list has seen: a slider while it is paused, steps from change to change, and the way back to now. */

import { Controller } from "helpers/controller"
import { button, make, say, set } from "helpers/dom"
import { duration } from "models/key_life"

const STEP = 100

export class ScrubBar extends Controller {
  #slider = /** @type {HTMLInputElement} */ (make("input", { type: "range", max: 0, step: STEP, value: 0, "aria-label": "Back in time" }))
  #back = button("‹", () => this.#step(-1), { "aria-label": "The change before" })
  #forth = button("›", () => this.#step(1), { "aria-label": "The change after" })
  #said = make("p", { class: "scrub-said" })
  #note = make("p", { class: "scrub-note" })
  element = make("section", { class: "scrub", "aria-label": "What was", hidden: true }, this.#said,
    make("div", { class: "scrub-line" }, this.#back, this.#slider, this.#forth, button("Back to now", () => this.source.pause(false))), this.#note)
  /** @type {number | null} when it was paused, by the server's clock */
  #from = null

  /** @param {import("controllers/keys_source").KeysSource} source */
  constructor(source) {
    super()
    this.source = source
  }

  connect() {
    this.listen(this.#slider, "input", () => this.#go(Number(this.#slider.value)))
    this.listen(this.source.events, "change", () => this.#update())
    this.#update()
  }

  #update() {
    const { past, keys, held } = this.source
    this.element.hidden = past === null
    if (past === null) return void (this.#from = null)
    this.#from ??= past
    const oldest = keys.rows.oldest(this.#from)
    const ago = this.#from - past
    set(this.#slider, { min: Math.floor((oldest - this.#from) / STEP) * STEP, "aria-valuetext": `${duration(ago)} ago` })
    this.#slider.value = String(-ago)
    this.#slider.disabled = oldest >= this.#from
    set(this.#back, { disabled: keys.rows.before(past) === null || past <= oldest })
    set(this.#forth, { disabled: past >= this.#from })
    const clock = new Date(past).toLocaleTimeString("en-GB")
    say(this.#said, ago < STEP / 2 ? `Paused at ${clock}.` : `As it was ${duration(ago)} ago, at ${clock}.`)
    say(this.#note, [ago < STEP / 2 ? "" : "These rows are the past; a value that you open is the one of now.",
      held > 0 ? `${held} message${held === 1 ? "" : "s"} wait until you are back.` : ""].filter(Boolean).join(" "))
  }

  /** @param {number} offset milliseconds, 0 or less */
  #go(offset) {
    if (this.#from === null) return
    this.source.go(Math.max(this.source.keys.rows.oldest(this.#from), this.#from + Math.min(0, offset)))
  }

  /** To the next moment at which something happened, in that direction. @param {-1 | 1} way */
  #step(way) {
    const { past, keys } = this.source
    if (past === null || this.#from === null) return
    const found = way < 0 ? keys.rows.before(past) : keys.rows.after(past)
    this.#go((found ?? this.#from) - this.#from)
  }
}
