/**
 * Where everything goes, in pixels: margins, rows and the height of the timeline.
 *
 * @typedef {import("charts/timeline_groups").Group} Group
 * @typedef {import("charts/theme").Theme} Theme
 * @typedef {{y: number, thick: number}} Place  middle and thickness of a bar's row
 * @typedef {object} Box
 * @property {number} left
 * @property {number} top
 * @property {number} width   of the plot itself
 * @property {number} height  of the plot itself
 * @property {Place[][]} places  by group, by row
 * @property {import("charts/furniture").Label[]} names
 */

import { axisHeight } from "charts/furniture"
import { textWidth } from "charts/theme"
import { laneName } from "models/lanes"

/** Names of rows that say more may take so much of the width. */
const ROOMY = 0.33
/** Space above what waits, and above a group, in rows. */
const WAIT_GAP = 0.16
const GROUP_GAP = 0.5
/** A row's least height, in sizes of its name: rows that touch are hard to follow from name to bar. */
const LEAST_PITCH = 1.5
/** A name's line. */
const LINE = 1.12
/** Height of a group's title, in sizes of the type: with room, and where there is none. */
const HEAD = { airy: 1.9, dense: 1.3 }
/** Rows are no thinner than this before the titles move closer, and never thinner than that. */
const THIN = { airy: 0.35, dense: 0.2 }

/**
 * @param {Group[]} groups
 * @param {{theme: Theme, width: number, height: number, guess: boolean}} stage height: 0 where the chart may choose
 * @returns {Box}
 */
export function boxOf(groups, { theme, width, height, guess }) {
  const { size } = theme
  const top = Math.round(guess ? size * 1.9 : size * 0.6)
  const total = groups.reduce((sum, group, i) => sum + rowsHigh(group) + (i > 0 ? GROUP_GAP : 0), 0)
  const titled = groups.some(({ title }) => title !== "") ? groups.length : 0
  const room = height - axisHeight(theme) - top - size * 0.4
  const dense = height > 0 && titled > 0 && room - HEAD.airy * size * titled < THIN.airy * size * total
  const head = titled > 0 ? size * (dense ? HEAD.dense : HEAD.airy) : 0
  const pitch = height > 0
    ? clamp((room - head * titled) / total, size * (dense ? THIN.dense : THIN.airy), size * 5)
    : clamp((size * 29) / total, size * LEAST_PITCH, size * 3.4)
  const widest = (/** @type {boolean} */ full) => Math.max(...groups.flatMap((group) => namesOf(group, full).map((name) => textWidth(name, theme.font, size))), 0)
  const roomy = widest(true) < ROOMY * width
  const names = widest(roomy)
  const titles = Math.max(...groups.map((group) => textWidth(group.title, theme.font, size, 600)), 0)
  const left = Math.ceil(Math.max(names, Math.min(titles, width * 0.3)) + size * 1.3)
  const placed = place(groups, { pitch, top, head, size, dense, roomy })
  return { left, top, width: Math.max(60, width - left - Math.round(size * 0.9)), ...placed, height: placed.height - top }
}

/** @param {Group} group */
function rowsHigh({ layout }) {
  const waits = layout.rows.some((row) => row.label === "waiting") ? WAIT_GAP : 0
  return Math.max(1, layout.rows.reduce((sum, row) => sum + row.size, 0) + waits)
}

/** @param {Group} group @param {boolean} roomy */
function namesOf({ layout, part }, roomy) {
  return [...layout.rows.map((row) => (roomy ? laneName(part, row.label) : row.label)), layout.hidden > 0 ? moreOf(layout.hidden) : ""]
}

/** @param {number} hidden */
function moreOf(hidden) {
  return `+ ${hidden} more`
}

/**
 * @param {Group[]} groups
 * @param {{pitch: number, top: number, head: number, size: number, dense: boolean, roomy: boolean}} measures pixels; dense: no room for the names of rows
 */
function place(groups, { pitch, top, head, size, dense, roomy }) {
  let y = top
  /** @type {import("charts/furniture").Label[]} */
  const names = []
  const places = groups.map((group, i) => {
    if (i > 0) y += GROUP_GAP * pitch
    if (head > 0) names.push({ text: group.title, x: 0, y: y + head * 0.55, strong: true })
    y += head
    const texts = namesOf(group, roomy)
    const rows = group.layout.rows.map((row, index, all) => {
      if (row.label === "waiting") y += WAIT_GAP * pitch
      const high = row.size * pitch
      const middle = y + high / 2
      y += high
      const last = index === all.length - 1 && group.layout.hidden > 0
      return { middle, thick: thickness(high, size), text: (last ? texts.at(-1) : texts[index]) ?? "", needed: last || row.label === "waiting" }
    })
    if (!dense) names.push(...namesThatFit(rows, reaches(group), size))
    return rows.map(({ middle, thick }) => ({ y: middle - top, thick }))
  })
  return { names, places, height: y + size * 0.4 }
}

/**
 * Names need a line each. Where rows are lower, those that must be there come first, then those of the longest rows.
 * @param {{middle: number, text: string, needed: boolean}[]} rows @param {number[]} far how far each row reaches @param {number} size
 * @returns {import("charts/furniture").Label[]}
 */
function namesThatFit(rows, far, size) {
  const rank = (/** @type {number} */ i) => (rows[i]?.needed ? Infinity : far[i] ?? 0)
  const order = rows.map((_, i) => i).sort((a, b) => (rank(a) === rank(b) ? a - b : rank(b) - rank(a)))
  /** @type {number[]} */
  const taken = []
  return order.flatMap((i) => {
    const row = rows[i]
    if (!row || row.text === "") return []
    const near = taken.filter((other) => Math.abs(other - row.middle) < size * LINE)
    if (near.length > 0 && !row.needed) return []
    const y = Math.max(row.middle, ...near.map((other) => other + size * LINE))
    taken.push(y)
    return [{ text: row.text, x: 0, y }]
  })
}

/** @param {Group} group @returns {number[]} by row, seconds */
function reaches({ layout }) {
  const far = layout.rows.map(() => 0)
  for (const bar of layout.bars) far[bar.row] = Math.max(far[bar.row] ?? 0, bar.to)
  return far
}

/** Airy where there is room, dense where there is none. @param {number} high @param {number} size */
function thickness(high, size) {
  return high > size * 1.9 ? Math.max(size * 1.45, Math.min(high * 0.62, size * 2.4)) : Math.max(2, high * 0.8)
}

/** @param {number} value @param {number} low @param {number} high */
function clamp(value, low, high) {
  return Math.max(low, Math.min(high, value))
}
