/**
 * Samples over time as lines. The window grows with the run, then scrolls; a line never has more points than can be seen.
 */

import { axisTicks } from "charts/furniture"
import { drawMarks, marksOf, markWords } from "charts/line_marks"
import { LineRange } from "charts/line_range"
import { lineBox, lineSeries } from "charts/line_series"
import { dashOf } from "charts/marks"
import { axis, baseLayout } from "charts/plotly"
import { mountSimple } from "charts/simple"
import { decimals } from "models/scale"
import { thin } from "models/thin"

/** @typedef {import("charts/line_series").Named} Named */

/** Pixels beyond both ends of the axis, for the first and the last grid line. */
const EDGE = 2
const FEW = 5

/** @param {HTMLElement} element @param {import("charts/simple").Options} options */
export function mount(element, options) {
  const range = new LineRange()
  return mountSimple(element, options, (stage, shown) => draw(stage, shown, range), { zoom: true })
}

/**
 * @param {import("charts/frame").Stage} stage @param {import("charts/simple").Shown} shown @param {LineRange} range
 * @returns {import("charts/frame").Figure}
 */
function draw({ theme, width, height }, { runs, options, furniture, view }, range) {
  const { chart } = options
  const series = lineSeries(runs, chart)
  const live = runs.some((run) => !run.ended)
  const wanted = range.time(series, { live, window: chart.window ?? 30 })
  const { from, to } = view?.range(wanted.from, wanted.to) ?? wanted
  const [, top] = range.values(series, { live })
  const marks = marksOf(series)
  const box = lineBox({ theme, width, height, series, top, marked: marks.length > 0, whole: counted(series, top) })
  const across = axisTicks(from, to, { left: box.left, width: box.width, size: theme.size })
  const edge = (EDGE * top) / box.inner
  const lines = series.map(({ data }) => thin(data.t, data.v, { from, to, columns: Math.floor(box.width / 1.5), start: data.start }))
  const { shapes, labels } = drawMarks(marks, { theme, from, to, left: box.left, width: box.width, y: box.words })
  furniture.show([...box.names(chart.unit), ...box.ends(lines), ...labels], { ticks: across.ticks, title: "seconds" }, theme)
  return {
    data: lines.map(({ x, y }, i) => ({
      type: "scatter", mode: "lines", hoverinfo: "skip", x, y,
      line: { color: box.colours[i], width: Math.max(1.4, theme.size / 10), dash: dashOf(i), simplify: false },
    })),
    layout: {
      ...baseLayout(theme, { width, height: box.height, margin: { l: box.left, r: box.right, t: box.top - EDGE, b: box.under - EDGE } }),
      hovermode: false,
      shapes,
      xaxis: axis(theme, { range: [from, to], tickmode: "array", tickvals: across.values, showticklabels: false }),
      yaxis: axis(theme, { range: [-edge, top + edge], tickmode: "array", tickvals: box.ticks, showticklabels: false, fixedrange: true }),
    },
    label: summary(chart, series) + markWords(marks),
    seq: Math.max(0, ...runs.map((run) => run.seq)),
  }
}

/** So few that parts of one would stand at the axis, and never a part of one. @param {Named[]} series @param {number} top */
function counted(series, top) {
  return top <= FEW && series.length > 0 && series.every(({ data }) => data.v.every(Number.isInteger))
}

/** @param {import("charts/simple").Options["chart"]} chart @param {Named[]} series */
function summary({ title, unit }, series) {
  const told = series.map(({ name, data }) => `${name}: ${data.count} samples, the last ${decimals(data.v.at(-1) ?? 0)} ${unit}.`)
  return `${title}. ${told.join(" ") || "No samples yet."}`
}
