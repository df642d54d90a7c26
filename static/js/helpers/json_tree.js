/** Plain data as a tree that can be folded. Everything becomes text nodes. */

import { make } from "helpers/dom"
import { ExactNumber } from "models/exact_json"

const DEEPEST = 40
const MOST = 500
/** Levels that are open until somebody closes them. */
const OPEN = 3

/** @typedef {Map<string, boolean>} Folds  what somebody opened or closed, by its path */

/** @param {any} value @param {Folds} folds */
export function jsonTree(value, folds) {
  return make("div", { class: "value-json", tabindex: 0, "data-place": "value" }, branch(null, value, [], folds))
}

/** @param {string | null} name @param {any} value @param {string[]} path @param {Folds} folds @returns {HTMLElement} */
function branch(name, value, path, folds) {
  const label = make("span", { class: "json-name" }, name === null ? "" : `${name}: `)
  if (value === null || typeof value !== "object" || value instanceof ExactNumber) return make("div", { class: "json-leaf" }, label, leaf(value))
  const entries = Object.entries(value)
  const kind = Array.isArray(value) ? `[${entries.length}]` : `{${entries.length}}`
  if (path.length > DEEPEST) return make("div", { class: "json-leaf" }, label, `${kind}, too deep to be drawn: the text has it`)
  const place = JSON.stringify(path)
  const rest = entries.length - MOST
  return make("details", { open: folds.get(place) ?? path.length < OPEN, ontoggle: (event) => keep(event, place, folds) },
    make("summary", { "data-place": place }, label, kind),
    make("div", { class: "json-inside" }, ...entries.slice(0, MOST).map(([key, inner]) => branch(key, inner, [...path, key], folds)),
      rest > 0 ? make("div", { class: "json-leaf soft" }, `… and ${rest.toLocaleString("en")} more`) : null))
}

/** @param {Event} event @param {string} place @param {Folds} folds */
function keep(event, place, folds) {
  const details = /** @type {HTMLDetailsElement} */ (event.target)
  if (details.isConnected) folds.set(place, details.open)
}

/** @param {any} value a text, a number, a truth value or null */
function leaf(value) {
  if (value instanceof ExactNumber) return make("span", { class: "json-number" }, value.source)
  return make("span", { class: `json-${value === null ? "null" : typeof value}` }, JSON.stringify(value))
}
