/**
 * Where a curve chart puts things, in pixels, and the names at the ends of its lines.
 *
 * @typedef {import("charts/theme").Theme} Theme
 * @typedef {import("models/curve_lines").Line} Line
 * @typedef {import("charts/furniture").Label} Label
 */

import { axisHeight, axisTicks } from "charts/furniture"
import { lineNames } from "charts/line_names"
import { dashOf, lineColours } from "charts/marks"
import { textWidth } from "charts/theme"
import { lastSeen } from "models/curve_lines"
import { spreadOut } from "models/totals"

const GUESS = "your guess"
/** Dashes of what was not measured. */
export const [IDEAL, GUESSED] = ["3px,4px", "6px,4px"]

/**
 * @param {{theme: Theme, width: number, height: number, lines: Line[], guess: [number, number][], top: number}} sizes
 *   top: the highest value of the axis
 */
export function curveBox({ theme, width, height, lines, guess, top }) {
  const { size } = theme
  const measured = lines.filter(({ runtime }) => runtime !== null)
  const palette = lineColours(theme, measured.map(({ runtime }) => runtime ?? ""))
  const colours = lines.map((line) => palette[measured.indexOf(line)] ?? theme.faint)
  const called = lines.map(({ name, runtime }, i) => ({ text: name, colour: colours[i], dash: runtime === null ? IDEAL : dashOf(i) }))
  if (guess.length > 0) called.push({ text: GUESS, colour: theme.guess, dash: GUESSED })
  const { right, above: keyed, key, pieces } = lineNames(called, { theme, width, y: size * 0.8 })
  const above = Math.round(size * 3) + keyed
  const under = Math.round(size * 0.6)
  const high = height > 0 ? Math.max(size * 10, height - axisHeight(theme)) : Math.round(size * 22) + keyed
  const inner = high - above - under
  const { values, ticks } = axisTicks(0, top, { left: 0, width: inner, size: size * 0.42 })
  const left = Math.ceil(Math.max(...ticks.map(({ text }) => textWidth(text, theme.mono, size))) + size * 0.9)
  const wide = Math.max(60, width - left - right)
  const yOf = (/** @type {number} */ value) => above + inner * (1 - value / top)
  return {
    left, right, top: above, under, inner, height: high, width: wide, ticks: values, colours,
    /** Instead of names and numbers, where there is nothing to draw yet. @param {string} title of the axis @param {string} words @returns {Label[]} */
    empty: (title, words) => [
      { text: title, x: 0, y: size * 0.8 },
      { text: words, x: left + wide / 2, y: above + inner / 2, align: "middle" },
    ],
    /** @param {string} title of the axis @returns {Label[]} */
    names: (title) => [
      { text: title, x: 0, y: size * 0.8 }, ...(key ?? []),
      ...ticks.map(({ text }, i) => ({ text, y: yOf(values[i] ?? 0), x: left - size * 0.5, align: /** @type {const} */ ("end"), figure: true })),
    ],
    /**
     * Names where the lines end or leave the plot, moved apart, if they are not in the key.
     * @param {[number, number]} across the axis from, to
     * @returns {Label[]}
     */
    ends: ([from, to]) => {
      if (key) return []
      const lasts = [...lines.map(({ middle }) => lastSeen(middle, top)), guess.at(-1)]
      const shown = called.flatMap(({ text, colour, dash }, i) => {
        const last = lasts[i]
        return last ? [{ text, colour, dash, at: last[0], y: Math.max(yOf(last[1]), above + size * 0.6) }] : []
      })
      const apart = spreadOut(shown.map(({ y }) => y), size * 1.2, above, above + inner)
      const xOf = (/** @type {number} */ value) => left + ((value - from) / (to - from)) * wide
      return shown.map(({ text, colour, dash, at, y }, i) => (
        { text, colour, strong: true, x: xOf(at) + size * 0.6, y: apart[i] ?? y, ...(pieces ? { dash } : {}) }))
    },
  }
}
