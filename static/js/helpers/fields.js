/** One field of the parameter form: reading, writing, its error and its explanation. */

import { byId, say } from "helpers/dom"
import { capital } from "helpers/words"

/** The parameter that a field stands for. @param {HTMLElement} field */
export function name(field) {
  return field.dataset.field ?? ""
}

/** Its value now. @param {HTMLElement} field @returns {any} */
export function read(field) {
  const inputs = [...field.querySelectorAll("input")]
  const checked = inputs.filter((input) => input.checked).map((input) => input.value)
  switch (field.dataset.widget) {
    case "slider": return Number(/** @type {HTMLInputElement} */ (field.querySelector(".slide")).value)
    case "blocks": return inputs[0]?.value ?? ""
    case "switch": return inputs[0]?.checked ?? false
    case "multichips": return checked
    default: return checked[0]
  }
}

/** @param {HTMLElement} field @param {unknown} value */
export function write(field, value) {
  const first = field.querySelector("input")
  if (field.dataset.widget === "blocks" && first) {
    first.value = String(value)
    return void field.dispatchEvent(new Event("written"))
  }
  for (const input of field.querySelectorAll("input")) {
    if (field.dataset.widget === "slider") input.value = String(value)
    else if (field.dataset.widget === "switch") input.checked = value === true
    else input.checked = Array.isArray(value) ? value.includes(input.value) : input.value === value
  }
}

/** Show or clear (with "") an error. @param {Element | null} field @param {Element | null} place @param {string} message */
export function showError(field, place, message) {
  if (!place) return
  say(place, capital(message))
  place.toggleAttribute("hidden", !message)
  field?.toggleAttribute("data-bad", Boolean(message))
  for (const input of field?.querySelectorAll("input") ?? []) {
    if (message) input.setAttribute("aria-invalid", "true")
    else input.removeAttribute("aria-invalid")
  }
}

/** Open or close the explanation of a field. @param {Element | null} button */
export function toggleHelp(button) {
  if (!button) return
  const help = byId(button.getAttribute("aria-controls") ?? "")
  help.hidden = !help.hidden
  button.setAttribute("aria-expanded", String(!help.hidden))
}
