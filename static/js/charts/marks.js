/** How lines are told apart: by colour, and without colour by symbol and dashes. */

const SYMBOLS = ["circle", "diamond", "square", "triangle-up", "cross", "star"]
const DASHES = ["solid", "8px,3px", "3px,3px", "10px,3px,3px,3px", "1px,3px", "14px,4px"]

/** @param {number} index */
export function symbolOf(index) {
  return turned(SYMBOLS, index) ?? "circle"
}

/** @param {number} index */
export function dashOf(index) {
  return turned(DASHES, index) ?? "solid"
}

/**
 * As many as there are colours, so they move on by one each time the colours begin anew: 36 lines before two look the same.
 * @param {string[]} looks @param {number} index
 */
function turned(looks, index) {
  return looks[(index + Math.floor(index / looks.length)) % looks.length]
}

/**
 * A line has its runtime's colour; lines of one runtime, or of none, each a colour of their own.
 * @param {import("charts/theme").Theme} theme @param {string[]} runtimes of each line
 * @returns {string[]}
 */
export function lineColours(theme, runtimes) {
  if (new Set(runtimes.filter(Boolean)).size === runtimes.length) return runtimes.map(theme.runtime)
  const palette = [theme.accent, theme.kind("timer"), theme.kind("fs"), theme.kind("db"), theme.kind("net"), theme.text]
  return runtimes.map((_, i) => palette[i % palette.length] ?? theme.accent)
}
