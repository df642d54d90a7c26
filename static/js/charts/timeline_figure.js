/**
 * The timeline as a Plotly figure: bars, the learner's guess, and where each group ended.
 *
 * @typedef {import("charts/timeline_groups").Group} Group
 * @typedef {import("charts/timeline_box").Box} Box
 * @typedef {import("charts/theme").Theme} Theme
 */

import { baseLayout, axis, words } from "charts/plotly"
import { decimals } from "models/scale"

/** Pixels beyond both ends of the axis, for the first and the last grid line. */
const EDGE = 2

/**
 * The value of a guess on the axis; null where there is none or the unit is not known yet.
 * @param {unknown} prediction @param {Group[]} groups @param {string} unit
 */
export function guessOf(prediction, groups, unit) {
  const { kind, value } = /** @type {{kind?: unknown, value?: unknown}} */ (prediction ?? {})
  if (kind !== "bar" || typeof value !== "number" || !Number.isFinite(value)) return null
  return unit === "s" || groups.every((group) => group.scale.inUnits || !group.part) ? value : null
}

/** How far the axis must reach, in what it counts, with some room for the value at the end. @param {Group[]} groups @param {number | null} guess */
export function reach(groups, guess) {
  const ends = groups.map((group) => {
    const open = group.layout.bars.reduce((most, bar) => Math.max(most, bar.to), 0)
    return group.scale.shown(Math.max(group.end, open))
  })
  return Math.max(...ends.map((end) => end * 1.12), guess === null ? 0 : guess * 1.12)
}

/**
 * @param {Theme} theme @param {Box} box
 * @param {{from: number, to: number, ticks: number[]}} view of the axis
 * @returns {PlotlyLayout}
 */
export function timelineLayout(theme, box, { from, to, ticks }) {
  const right = Math.round(theme.size * 0.9)
  const edge = (EDGE * (to - from)) / box.width
  return {
    ...baseLayout(theme, {
      width: box.left + box.width + right, height: box.top + box.height,
      margin: { l: box.left - EDGE, r: right - EDGE, t: box.top, b: 0 },
    }),
    barmode: "overlay",
    bargap: 0,
    xaxis: axis(theme, { range: [from - edge, to + edge], tickmode: "array", tickvals: ticks, showticklabels: false, fixedrange: false }),
    yaxis: axis(theme, { range: [box.height, 0], showgrid: false, showticklabels: false, fixedrange: true }),
  }
}

/** The dashed line of the guess, with its words above. @param {Theme} theme @param {number} guess @param {{from: number, to: number}} view */
export function guessMarks(theme, guess, { from, to }) {
  const late = guess > from + (to - from) * 0.8
  const line = { type: "line", xref: "x", yref: "paper", x0: guess, x1: guess, y0: 0, y1: 1, layer: "above" }
  const width = Math.max(2, theme.size / 8)
  return {
    shapes: [
      { ...line, line: { color: theme.panel, width: width + 2.5, dash: "7px,3px" } },
      { ...line, line: { color: theme.guess, width, dash: "6px,4px" } },
    ],
    annotations: guess < from || guess > to ? [] : [words(`your guess ${guessWords(guess)}`, {
      x: guess, xref: "x", y: 1, yref: "paper", yanchor: "bottom", yshift: 1, xanchor: late ? "right" : "left", xshift: late ? 6 : -6,
      font: { color: theme.guess, size: theme.size, weight: 600 },
    })],
  }
}

/** @param {number} guess */
export function guessWords(guess) {
  return Number.isInteger(guess * 10) ? guess.toFixed(1) : decimals(guess)
}

/**
 * Where each group's last span ended: a thin line over its row, and the value.
 * @param {Theme} theme @param {Box} box @param {Group[]} groups
 */
export function endMarks(theme, box, groups) {
  const ends = groups.flatMap((group, g) => {
    const last = group.layout.bars.filter((bar) => bar.state === "ran").reduce(
      (/** @type {import("models/rows").Bar | null} */ most, bar) => (most && most.to >= bar.to ? most : bar), null)
    const done = last && group.part && (group.part.state === "end" || group.now === null)
    const place = last && box.places[g]?.[last.row]
    return done && place ? [{ x: group.scale.shown(last.to), ...place }] : []
  })
  return {
    shapes: ends.map(({ x, y, thick }) => ({
      type: "line", xref: "x", yref: "y", x0: x, x1: x, y0: y - thick / 2 - reachOver(thick), y1: y + thick / 2 + reachOver(thick), layer: "above",
      line: { color: theme.text, width: Math.max(1.5, theme.size / 10) },
    })),
    annotations: ends.map(({ x, y }) => words(decimals(x), {
      x, y, xref: "x", yref: "y", xanchor: "left", xshift: theme.size * 0.3, bgcolor: theme.panel, borderpad: 1,
      font: { color: theme.text, size: theme.size, weight: 600 },
    })),
  }
}

/** @param {number} thick */
function reachOver(thick) {
  return Math.min(7, thick * 0.25)
}
