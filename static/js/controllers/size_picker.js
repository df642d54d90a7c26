/** Which size of a sweep a chart shows, where one has to be chosen. */

import { make } from "helpers/dom"
import { capital } from "helpers/words"

export class SizePicker {
  #select = make("select", {})
  #offered = ""
  /** The wanted size; null: the one that runs, afterwards the largest. @type {number | null} */
  size = null

  /** @param {string} name of what was swept @param {(size: number | null) => void} choose null: as the run has it */
  constructor(name, choose) {
    this.element = make("label", { class: "picker", hidden: true }, `${capital(name)} `, this.#select)
    this.#select.addEventListener("change", () => {
      this.size = this.#select.value === "" ? null : Number(this.#select.value)
      choose(this.size)
    })
  }

  /** @param {number} size */
  choose(size) {
    this.size = size
    this.#select.value = String(size)
  }

  /** @param {number[]} sizes there are so far @param {boolean} live */
  offer(sizes, live) {
    this.element.hidden = sizes.length < 2
    const offered = `${sizes} ${live}`
    if (offered === this.#offered) return
    this.#offered = offered
    this.#select.replaceChildren(make("option", { value: "" }, live ? "those that run" : "most"), ...sizes.map((size) => make("option", { value: size }, String(size))))
    this.#select.value = this.size !== null && sizes.includes(this.size) ? String(this.size) : "" // a replay comes to it later
  }
}
