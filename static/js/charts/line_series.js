/**
 * Which series a line chart draws, and where it puts things.
 *
 * @typedef {import("models/bounded").Series} Series
 * @typedef {import("charts/theme").Theme} Theme
 * @typedef {{name: string, runtime: string, part: import("models/part").Part, data: Series}} Named
 */

import { axisHeight, axisTicks } from "charts/furniture"
import { lineNames } from "charts/line_names"
import { dashOf, lineColours } from "charts/marks"
import { textWidth } from "charts/theme"
import { variants, shownPart } from "models/choose"
import { spreadOut } from "models/totals"

/**
 * The series that the chart names, else all in its unit: of the run itself and of the part shown of each runtime.
 * @param {import("models/run").RunModel[]} runs
 * @param {{unit: string, series?: string[] | null}} chart
 * @returns {Named[]}
 */
export function lineSeries(runs, { unit, series }) {
  const wanted = (/** @type {string} */ name, /** @type {Series} */ data) => (series ? series.includes(name) : data.unit === unit && name !== "unit")
  const said = (/** @type {string} */ name, /** @type {number} */ parts) => (series?.length === 1 && parts > 1 ? "" : name)
  return runs.flatMap((run) => {
    const parts = variants(run).flatMap((all) => shownPart(all.parts.filter((part) => part.samples.size > 0), { ended: false }) ?? [])
    return [run.own, ...parts].flatMap((part) => [...part.samples].filter(([name, data]) => wanted(name, data)).map(([name, data]) => ({
      name: [runs.length > 1 ? run.name : "", parts.length > 1 ? part.label : "", said(name, parts.length)].filter(Boolean).join(", "),
      runtime: part.runtime, part, data,
    })))
  })
}

/** Names without the first words that all of them share: "memory, worker 1" is "worker 1". @param {string[]} names @returns {string[]} */
export function unshared(names) {
  const rest = names.map((name) => name.split(", "))
  while (names.length > 1 && rest.every((words) => words.length > 1 && words[0] === rest[0]?.[0])) for (const words of rest) words.shift()
  return rest.map((words) => words.join(", "))
}

/**
 * @param {{theme: Theme, width: number, height: number, series: {name: string, runtime: string}[], top: number, marked: boolean, whole?: boolean}} sizes
 *   top: the highest value of the axis; marked: words of marks stand above the plot; whole: half of one makes no sense
 */
export function lineBox({ theme, width, height, series, top, marked, whole = false }) {
  const { size } = theme
  const colours = lineColours(theme, series.map(({ runtime }) => runtime))
  const shown = unshared(series.map(({ name }) => name))
  const called = series.length < 2 ? [] : shown.map((text, i) => ({ text, colour: colours[i], dash: dashOf(i) }))
  const { right, above: keyed, key, pieces } = lineNames(called, { theme, width, y: size * 0.8 })
  const above = Math.round(size * (marked ? 3.2 : 2)) + keyed
  const under = Math.round(size * 0.6)
  const high = height > 0 ? Math.max(size * 10, height - axisHeight(theme)) : Math.round(size * 18) + keyed
  const inner = high - above - under
  const { values, ticks } = axisTicks(0, top, { left: 0, width: inner, size: size * 0.42, whole })
  const left = Math.ceil(Math.max(...ticks.map(({ text }) => textWidth(text, theme.mono, size))) + size * 0.9)
  return {
    left, right, top: above, under, inner, height: high, width: Math.max(60, width - left - right), ticks: values,
    colours, words: above - size * 0.9,
    /** @param {string} title @returns {import("charts/furniture").Label[]} */
    names: (title) => [
      { text: title, x: 0, y: size * 0.8 }, ...(key ?? []),
      ...ticks.map(({ text }, i) => ({ text, y: above + inner * (1 - (values[i] ?? 0) / top), x: left - size * 0.5, align: /** @type {const} */ ("end"), figure: true })),
    ],
    /** Names at the right ends of the lines, moved apart, if they are not in the key. @param {{y: number[]}[]} lines @returns {import("charts/furniture").Label[]} */
    ends: (lines) => {
      if (key) return []
      const apart = spreadOut(lines.map(({ y }) => above + inner * (1 - (y.at(-1) ?? 0) / top)), size * 1.2, above, above + inner)
      return called.map(({ text, colour, dash }, i) => (
        { text, x: width - right + size * 0.4, y: apart[i] ?? 0, strong: true, colour, ...(pieces ? { dash } : {}) }))
    },
  }
}
