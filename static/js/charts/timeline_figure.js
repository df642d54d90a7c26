/**
 * The timeline as a Plotly figure: bars, the learner's guess, and where each group ended.
 *
 * @typedef {import("charts/timeline_groups").Group} Group
 * @typedef {import("charts/timeline_box").Box} Box
 * @typedef {import("charts/theme").Theme} Theme
 * @typedef {{shapes: Record<string, unknown>[], labels: import("charts/furniture").Label[]}} Marks
 */

import { axis, baseLayout } from "charts/plotly"
import { textWidth } from "charts/theme"
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
    return Math.max(group.end, group.scale.shown(open))
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

/**
 * Where a value of the axis is, in pixels from the left edge of the chart.
 * @param {Box} box @param {{from: number, to: number}} view
 */
function placer(box, { from, to }) {
  return (/** @type {number} */ value) => box.left + ((value - from) / (to - from)) * box.width
}

/**
 * The dashed line of the guess, with its words above.
 * @param {Theme} theme @param {Box} box @param {number} guess @param {{from: number, to: number}} view
 * @returns {Marks}
 */
export function guessMarks(theme, box, guess, view) {
  if (guess < view.from || guess > view.to) return { shapes: [], labels: [] }
  const line = { type: "line", xref: "x", yref: "paper", x0: guess, x1: guess, y0: 0, y1: 1, layer: "above" }
  const width = Math.max(2, theme.size / 8)
  const x = placer(box, view)(guess)
  const late = x > box.left + box.width * 0.8
  return {
    shapes: [
      { ...line, line: { color: theme.panel, width: width + 2.5, dash: "7px,3px" } },
      { ...line, line: { color: theme.guess, width, dash: "6px,4px" } },
    ],
    labels: [{
      text: `your guess ${guessWords(guess)}`, x: late ? x + 4 : x - 4, y: box.top - theme.size * 0.75, align: late ? "end" : "start",
      strong: true, colour: theme.guess,
    }],
  }
}

/** @param {number} guess */
export function guessWords(guess) {
  return Number.isInteger(guess * 10) ? guess.toFixed(1) : decimals(guess)
}

/**
 * Where each group's last span ended: a thin line over its row, and the value, on the far side of the guess if that is there.
 * @param {Theme} theme @param {Box} box @param {Group[]} groups @param {number | null} guess @param {{from: number, to: number}} view
 * @returns {Marks}
 */
export function endMarks(theme, box, groups, guess, view) {
  const placed = placer(box, view)
  const line = guess === null ? -Infinity : placed(guess)
  const beside = (/** @type {number} */ x, /** @type {string} */ text) => {
    const start = x + theme.size * 0.4
    const crossed = line >= x && line <= start + textWidth(text, theme.font, theme.size, 600) + theme.size * 0.2
    return crossed ? line + theme.size * 0.4 : start
  }
  const ends = groups.flatMap((group, g) => {
    const last = group.layout.bars.filter((bar) => bar.state === "ran").reduce(
      (/** @type {import("models/rows").Bar | null} */ most, bar) => (most && most.to >= bar.to ? most : bar), null)
    const done = last && group.part && (group.part.state === "end" || group.now === null)
    const place = last && box.places[g]?.[last.row]
    const seen = last && group.scale.shown(last.to) <= view.to && group.scale.shown(last.to) >= view.from
    return done && place && seen ? [{ x: group.scale.shown(last.to), ...place }] : []
  })
  return {
    shapes: ends.map(({ x, y, thick }) => ({
      type: "line", xref: "x", yref: "y", x0: x, x1: x, y0: y - thick / 2 - reachOver(thick), y1: y + thick / 2 + reachOver(thick), layer: "above",
      line: { color: theme.text, width: Math.max(1.5, theme.size / 10) },
    })),
    labels: ends.map(({ x, y }) => ({ text: decimals(x), x: beside(placed(x), decimals(x)), y: box.top + y, strong: true })),
  }
}

/** @param {number} thick */
function reachOver(thick) {
  return Math.min(7, thick * 0.25)
}
