/** What could not be loaded, in words, and a button to try it once more. */

import { button, make } from "helpers/dom"

/** @param {string} words @param {() => void} load */
export function again(words, load) {
  return make("div", { class: "again", role: "alert" }, make("p", {}, words), button("Try again", load))
}
