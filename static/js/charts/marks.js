/** How runtimes are told apart without colour: each has its own symbol and its own dashes. */

const SYMBOLS = ["circle", "diamond", "square", "triangle-up", "cross", "star"]
const DASHES = ["solid", "8px,3px", "3px,3px", "10px,3px,3px,3px", "1px,3px", "14px,4px"]

/** @param {number} index */
export function symbolOf(index) {
  return SYMBOLS[index % SYMBOLS.length] ?? "circle"
}

/** @param {number} index */
export function dashOf(index) {
  return DASHES[index % DASHES.length] ?? "solid"
}
