/**
 * Marks of a program on a line chart: a vertical line each, with its words above the plot.
 *
 * @typedef {import("charts/line_series").Named} Named
 * @typedef {import("charts/theme").Theme} Theme
 * @typedef {import("models/mark_labels").Mark} Mark
 */

import { textWidth } from "charts/theme"
import { placeMarks } from "models/mark_labels"
import { decimals } from "models/scale"

/** Told in words to who cannot see them. */
const TOLD = 12

/**
 * The marks of the parts whose lines are drawn; with the part's name, where there are several.
 * @param {Named[]} series
 * @returns {Mark[]}
 */
export function marksOf(series) {
  const parts = [...new Set(series.map(({ part }) => part))]
  return parts.flatMap((part) => part.marks.items.map((mark) => (
    parts.length > 1 && part.label ? { ...mark, text: `${part.label}: ${mark.text}` } : mark)))
}

/**
 * @param {Mark[]} marks
 * @param {{theme: Theme, from: number, to: number, left: number, width: number, y: number}} view y: of the words, pixels
 * @returns {{shapes: object[], labels: import("charts/furniture").Label[]}}
 */
export function drawMarks(marks, { theme, from, to, left, width, y }) {
  const { size } = theme
  const gap = size * 0.4
  const placed = placeMarks(marks, { from, to, left, width, gap, wide: (text) => textWidth(text, theme.font, size) })
  return {
    shapes: placed.map(({ mark: { t, severity } }) => ({
      type: "line", xref: "x", yref: "paper", x0: t, x1: t, y0: 0, y1: 1, layer: "below",
      line: {
        color: severity === "bad" ? theme.guess : theme.rule, width: Math.max(1, size / (severity === "info" ? 14 : 9)),
        dash: severity === "info" ? "2px,3px" : "solid",
      },
    })),
    labels: placed.flatMap(({ text, x, side }) => (text === null ? [] : [{ text, x: x + (side === "start" ? gap : -gap), y, align: side }])),
  }
}

/** @param {Mark[]} marks */
export function markWords(marks) {
  if (marks.length === 0) return ""
  const told = marks.slice(0, TOLD).map(({ t, text }) => `${text} at ${decimals(t)} s`).join(", ")
  return ` Marks: ${told}${marks.length > TOLD ? `, and ${marks.length - TOLD} more` : ""}.`
}
