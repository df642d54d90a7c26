/**
 * How long the answers took, as percentile curves: across, the share of the requests, stretched towards 100 %; up, how long
 * they took. Few values are drawn one by one.
 */

import { lineBox } from "charts/line_series"
import { dashOf, symbolOf } from "charts/marks"
import { axis, baseLayout, escaped } from "charts/plotly"
import { mountSimple } from "charts/simple"
import { decimals, niceCeiling } from "models/scale"
import { distributions, namedShares, percentile, shareOf, shareWords, stretched } from "models/percentiles"
import { thin } from "models/thin"

/** @typedef {import("models/percentiles").Distribution} Distribution */

/** Up to so many values each is a mark of its own. */
const FEW = 300
/** Pixels beyond both ends of the axis, for the first and the last grid line. */
const EDGE = 2

/** @param {HTMLElement} element @param {import("charts/simple").Options} options */
export function mount(element, options) {
  return mountSimple(element, options, draw)
}

/** @param {import("charts/frame").Stage} stage @param {import("charts/simple").Shown} shown @returns {import("charts/frame").Figure} */
function draw({ theme, width, height }, { runs, options, furniture }) {
  const { chart } = options
  const all = distributions(runs, chart.series ?? [])
  const most = Math.max(2, ...all.map(({ values }) => values.length))
  const top = niceCeiling(1.05 * Math.max(0, ...all.map(({ values }) => values.at(-1) ?? 0)) || 1)
  const box = lineBox({ theme, width, height, series: all, top, marked: false })
  const to = stretched(shareOf(most - 1, most)) * 1.02
  const shares = all.length > 0 ? namedShares(most) : [0, 0.5]
  const ticks = shares.map((share) => ({ at: box.left + (stretched(share) / to) * box.width, text: shareWords(share) }))
  const lines = all.map(({ values }) => points(values, { to, columns: Math.floor(box.width / 1.5) }))
  furniture.show([...box.names(chart.unit === "s" ? "seconds" : chart.unit), ...box.ends(lines)],
    { ticks: apart(ticks, theme.size * 2.6), title: "of the requests took so long, or less", note: width < theme.size * 44 ? "" : beyond(shares.at(-1) ?? 0, all) }, theme)
  const edge = (EDGE * top) / box.inner
  return {
    data: all.map((one, i) => trace(one, lines[i] ?? { x: [], y: [] }, i, { theme, colour: box.colours[i], unit: chart.unit })),
    layout: {
      ...baseLayout(theme, { width, height: box.height, margin: { l: box.left, r: box.right, t: box.top - EDGE, b: box.under - EDGE } }),
      dragmode: false,
      xaxis: axis(theme, { range: [0, to], tickmode: "array", tickvals: shares.map(stretched), showticklabels: false, fixedrange: true }),
      yaxis: axis(theme, { range: [-edge, top + edge], tickmode: "array", tickvals: box.ticks, showticklabels: false, fixedrange: true }),
    },
    label: `${chart.title}. ${all.map((one) => summary(one, chart.unit)).join(" ") || "No answers yet."}`,
    seq: Math.max(0, ...runs.map((run) => run.seq)),
  }
}

/** @param {number[]} values @param {{to: number, columns: number}} view */
function points(values, { to, columns }) {
  const x = values.map((_, i) => stretched(shareOf(i, values.length)))
  return thin(x, values, { from: 0, to, columns })
}

/** What lies right of the last figure of the axis. @param {number} share @param {Distribution[]} all */
function beyond(share, all) {
  return all.length === 0 ? "" : `Right of ${shareWords(share)}: the slowest few.`
}

/** Ticks that stand on each other's toes are left out, the rarer ones stay. @param {{at: number, text: string}[]} ticks @param {number} gap */
function apart(ticks, gap) {
  /** @type {{at: number, text: string}[]} */
  const kept = []
  for (const tick of [...ticks].reverse()) if (kept.every(({ at }) => at - tick.at >= gap)) kept.push(tick)
  return kept.reverse()
}

/**
 * @param {Distribution} one @param {{x: number[], y: number[]}} line @param {number} index
 * @param {{theme: import("charts/theme").Theme, colour: string | undefined, unit: string}} look
 * @returns {PlotlyTrace}
 */
function trace({ name, values }, { x, y }, index, { theme, colour, unit }) {
  const few = values.length <= FEW
  return {
    type: "scatter", mode: few ? "lines+markers" : "lines", cliponaxis: false, x, y, hoverinfo: few ? "text" : "skip",
    ...(few ? { hovertext: y.map((value, i) => escaped(`${name}: ${shareWords(shareOf(i, values.length))} took ${decimals(value)} ${unit} or less`)) } : {}),
    line: { color: colour, width: Math.max(1.4, theme.size / 10), dash: dashOf(index), simplify: false },
    marker: { color: colour, symbol: symbolOf(index), size: theme.size * 0.4 },
  }
}

/** @param {Distribution} one @param {string} unit */
function summary({ name, values }, unit) {
  const told = [0.5, 0.9, 0.99].flatMap((share) => {
    const value = percentile(values, share)
    return value === null ? [] : [`${shareWords(share)} within ${decimals(value)} ${unit}`]
  })
  return `${name}: ${values.length} answers, ${told.join(", ")}, the slowest ${decimals(values.at(-1) ?? 0)} ${unit}.`
}
