/** The parameter form: sliders with their numbers, chips, errors at the field; the link always carries what is set. */

import { BlocksField } from "controllers/blocks_field"
import { Controller } from "helpers/controller"
import { byId, say } from "helpers/dom"
import { name, read, showError, toggleHelp, write } from "helpers/fields"
import { holds, paramWords, sliderWords } from "helpers/words"

/** @typedef {import("helpers/types").Lab} Lab */

/** Events: "change" with detail {name} after a parameter changed. */
export class Parameters extends Controller {
  events = new EventTarget()
  #form = /** @type {HTMLFormElement} */ (byId("parameters"))

  /** @param {Lab} lab @param {Record<string, unknown> | null} base parameters of the run in the address, if it is one */
  constructor(lab, base) {
    super()
    this.lab = lab
    this.base = base
  }

  connect() {
    this.listen(this.#form, "input", (event) => this.#input(/** @type {HTMLInputElement} */ (event.target)))
    this.listen(this.#form, "change", (event) => this.#settle(/** @type {HTMLInputElement} */ (event.target)))
    this.listen(this.#form, "submit", (event) => event.preventDefault())
    this.listen(this.#form, "click", (event) => toggleHelp(/** @type {Element} */ (event.target).closest(".about")))
    for (const field of this.#fields()) {
      if (field.dataset.widget === "blocks") new BlocksField(field, this.lab.params.properties[name(field)] ?? {}).connect()
    }
    this.#show()
  }

  /** @returns {Record<string, any>} */
  get values() {
    return Object.fromEntries(this.#fields().map((field) => [name(field), read(field)]))
  }

  /** Set some, leave the others. @param {Record<string, unknown>} values */
  set(values) {
    for (const field of this.#fields()) if (name(field) in values) write(field, values[name(field)])
    this.#changed(Object.keys(values))
  }

  /** Show what the server refused, at the field where there is one. @param {import("helpers/api").FieldError[]} errors @returns {boolean} */
  refuse(errors) {
    let first = null
    for (const { field, message } of errors) {
      const place = this.#form.querySelector(`[data-field="${CSS.escape(field.replace(/^params\./, ""))}"]`)
      showError(place, place?.querySelector(".error") ?? byId("error-params"), message)
      first ??= place
    }
    first?.closest("details")?.setAttribute("open", "")
    first?.querySelector("input")?.focus()
    return first !== null
  }

  clearErrors() {
    for (const error of this.#form.querySelectorAll(".error")) showError(error.closest("[data-field]"), error, "")
  }

  /** @returns {HTMLElement[]} */
  #fields() {
    return [.../** @type {NodeListOf<HTMLElement>} */ (this.#form.querySelectorAll("[data-field]"))]
  }

  /** While a slider moves or a number is typed. @param {HTMLInputElement} input */
  #input(input) {
    const field = /** @type {HTMLElement | null} */ (input.closest("[data-field]"))
    if (!field) return
    if (field.dataset.widget === "slider") {
      if (!input.validity.valid || input.value === "") return
      for (const twin of field.querySelectorAll("input")) if (twin !== input) twin.value = input.value
    } else if (field.dataset.widget === "multichips" && read(field).length === 0) {
      input.checked = true // one must stay
    }
    this.#suit(name(field))
    this.#changed([name(field)])
  }

  /** A number that makes no sense beside what was just chosen becomes one that does. @param {string} chosen */
  #suit(chosen) {
    const values = this.values
    for (const field of this.#fields()) {
      const suiting = this.lab.params.properties[name(field)]?.suits
      if (suiting && chosen in suiting.when && holds(suiting.when, values) && Number(values[name(field)]) < suiting.least) write(field, suiting.usual)
    }
  }

  /** A number that cannot be is told at its field when the learner leaves it. @param {HTMLInputElement} input */
  #settle(input) {
    const field = input.closest("[data-field]")
    if (input.validity.valid || !field) return
    showError(field, field.querySelector(".error"), `must be a whole number from ${input.min} to ${input.max}`)
  }

  /** Is every number one that can be? If not, say so at the first that is not. */
  check() {
    const wrong = [...this.#form.querySelectorAll("input")].find((input) => !input.validity.valid)
    if (!wrong) return true
    this.#settle(wrong)
    wrong.closest("details")?.setAttribute("open", "")
    wrong.focus()
    return false
  }

  /** @param {string[]} names */
  #changed(names) {
    this.clearErrors()
    this.#show()
    this.#link()
    this.events.dispatchEvent(new CustomEvent("change", { detail: { names } }))
  }

  /** Wording and fields that depend on other parameters. */
  #show() {
    const values = this.values
    for (const field of this.#fields()) {
      field.hidden = !holds(JSON.parse(field.dataset.when ?? "null"), values)
      for (const range of /** @type {NodeListOf<HTMLInputElement>} */ (field.querySelectorAll(".slide"))) {
        const share = (Number(range.value) - Number(range.min)) / (Number(range.max) - Number(range.min) || 1)
        range.style.setProperty("--at", `${(100 * share).toFixed(2)}%`)
        const words = sliderWords(this.lab.params.properties[name(field)] ?? {}, name(field), values)
        range.setAttribute("aria-label", words)
        const label = field.querySelector("label")
        if (label) say(label, words)
      }
    }
    const advanced = this.#fields().filter((field) => field.closest("details")).map(name)
    const gist = document.getElementById("gist")
    if (gist) say(gist, paramWords(this.lab, values, advanced))
  }

  /** Parameters that are not as the run or the lab has them go into the address, so that it can be shared. */
  #link() {
    const query = new URLSearchParams(location.search)
    for (const field of this.#fields()) {
      const value = read(field)
      query.delete(name(field))
      const usual = this.base ? JSON.stringify(this.base[name(field)]) : field.dataset.default
      if (JSON.stringify(value) !== usual) query.set(name(field), String(value))
    }
    const words = query.toString().replaceAll("%2C", ",")
    history.replaceState(history.state, "", words ? `?${words}` : location.pathname)
  }
}
