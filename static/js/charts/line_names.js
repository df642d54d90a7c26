/**
 * What the lines of a chart are called: beside their ends while there is room, else in a key above the plot.
 *
 * @typedef {import("charts/furniture").Label} Label
 * @typedef {{text: string, colour?: string, dash: string}} Named
 */

import { textWidth } from "charts/theme"

/** How much of the width may go to names beside the lines. */
const SHARE = 0.3
/** Lengths in letters' heights: a row of the key, the piece of line before a name, the space after it. */
const [ROW, PIECE, SPACE] = [1.55, 2.2, 1.1]

/**
 * @param {Named[]} lines
 * @param {{theme: import("charts/theme").Theme, width: number, y: number}} place y: pixels, the middle of what stands above the key
 * @returns {{right: number, above: number, key: Label[] | null, pieces: boolean}} right, above: pixels to leave free beside the
 *   plot and, more than else, above it; pieces: colours come twice, so a name beside needs a piece of its line too
 */
export function lineNames(lines, { theme: { font, size }, width, y }) {
  const wide = (/** @type {Named} */ { text }) => textWidth(text, font, size, 600)
  const pieces = new Set(lines.map(({ colour }) => colour)).size < lines.length
  const beside = Math.max(0, ...lines.map(wide)) + size * (pieces ? 0.9 + PIECE : 0.9)
  if (beside <= width * SHARE) return { right: Math.ceil(beside), above: 0, key: null, pieces }
  let [x, row] = [0, 1]
  const key = lines.map((line) => {
    const needed = (PIECE + SPACE) * size + wide(line)
    if (x > 0 && x + needed - SPACE * size > width) [x, row] = [0, row + 1]
    const label = { ...line, x, y: y + row * ROW * size, strong: true, most: width - x }
    x += needed
    return label
  })
  return { right: Math.ceil(size * 0.9), above: Math.round(row * ROW * size), key, pieces }
}
