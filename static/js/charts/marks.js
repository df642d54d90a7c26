/** How lines are told apart: by colour, and without colour by symbol and dashes. */

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
