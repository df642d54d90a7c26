/** Tell screen readers about a change of state, politely and once. */

import { byId } from "helpers/dom"

let last = ""

/** @param {string} text */
export function announce(text) {
  if (text === last) return
  last = text
  byId("announce").textContent = text
}
