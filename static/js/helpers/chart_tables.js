/** The data of each kind of chart as a table. */

import { lineSeries } from "charts/line_series"
import { make } from "helpers/dom"
import { table } from "helpers/table"
import { laneName } from "models/lanes"
import { decimals, unitScale } from "models/scale"
import { samples, spread } from "models/compare"
import { readingOrder } from "models/span_table"
import { distributions, percentile, shareWords } from "models/percentiles"

/** @typedef {import("models/run").RunModel} RunModel */
/** @typedef {import("models/part").Part} Part */
/** @typedef {import("helpers/table").Row} Row */
/** @typedef {{part: string, ids: string[]} | null} Chosen */

/** Below this many seconds a table counts in milliseconds. */
const SHORT = 2

/**
 * Rows of one part: name, row of the chart where that holds several, waited where anything did, ran, done.
 * @param {RunModel} run @param {Part} part @param {string} unitName @param {Chosen} chosen
 * @param {boolean} [pressable] are the names buttons that choose the span?
 */
export function spanRows(run, part, unitName, chosen, pressable = true) {
  const scale = unitScale(part.unit ?? run.unit, unitName)
  const short = !scale.inUnits && part.end < SHORT
  const show = (/** @type {number | null} */ seconds) => (seconds === null ? "–" : (scale.shown(seconds) * (short ? 1000 : 1)).toFixed(2))
  const { rows: spans, lanes, waits } = readingOrder(part)
  const columns = [
    { title: "Work" }, ...(lanes ? [{ title: "in row" }] : []), ...(waits ? [{ title: "waited", number: true }] : []),
    { title: "ran", number: true }, { title: "done", number: true },
  ]
  /** @type {Row[]} */
  const rows = spans.map((row) => ({
    cells: [
      pressable ? make("button", { type: "button", class: "text-button", "data-part": part.id, "data-span": row.id }, row.name) : row.name,
      ...(lanes ? [laneName(part, row.lane)] : []), ...(waits ? [show(row.waited)] : []), show(row.ran), show(row.end),
    ],
    here: chosen?.part === part.id && chosen.ids.includes(row.id),
  }))
  const repeat = part.repeat ? `, repeat ${part.repeat}${part.cold ? " (cold)" : ""}` : ""
  return { columns, rows, title: `${part.label}${repeat}, ${scale.inUnits ? scale.title : short ? "in milliseconds" : "in seconds"}` }
}

/**
 * The results of that name, one row for each runtime and size.
 * @param {RunModel[]} runs @param {string} name of the results @param {string | null} xlabel
 */
export function resultTable(runs, name, xlabel) {
  const found = runs.flatMap((run) => samples(run, name).map((one) => ({ ...one, run: run.name })))
  const unit = found[0]?.unit ?? "s"
  const columns = [
    { title: "What" }, ...(xlabel ? [{ title: xlabel, number: true }] : []),
    { title: `median (${unit})`, number: true }, { title: "spread", number: true }, { title: "from – to", number: true }, { title: "repeats", number: true },
  ]
  const rows = found.map((one) => ({
    cells: [
      xlabel ? [one.run, one.label].filter(Boolean).join(", ") : one.name, ...(xlabel ? [String(one.x ?? "")] : []), decimals(one.median), `${Math.round(100 * spread(one))} %`,
      `${decimals(one.range[0])} – ${decimals(one.range[1])}`, String(one.values.length),
    ],
  }))
  return found.length > 0 ? table({ columns, rows, label: "Results" }) : null
}

/** How many answers, and how long they took. @param {RunModel[]} runs @param {import("helpers/types").ChartInfo} chart */
export function percentileTable(runs, { series, unit }) {
  const shares = [0.5, 0.9, 0.99]
  const columns = [
    { title: "What" }, { title: "answers", number: true },
    ...shares.map((share) => ({ title: `${shareWords(share)} within (${unit})`, number: true })), { title: `slowest (${unit})`, number: true },
  ]
  const show = (/** @type {number | null | undefined} */ value) => (value === null || value === undefined ? "too few" : decimals(value))
  const rows = distributions(runs, series ?? []).map(({ name, values }) => ({
    cells: [name, String(values.length), ...shares.map((share) => show(percentile(values, share))), show(values.at(-1))],
  }))
  return rows.length > 0 ? table({ columns, rows, label: "Percentiles" }) : null
}

/** Of each line: the least, the most and the last. @param {RunModel[]} runs @param {import("helpers/types").ChartInfo} chart */
export function lineTable(runs, chart) {
  const columns = [{ title: "What" }, ...["least", "most", "last"].map((word) => ({ title: `${word} (${chart.unit})`, number: true }))]
  const rows = lineSeries(runs, chart).map(({ name, data }) => {
    const values = data.v.slice(data.start)
    const [first = 0] = values
    const found = [values.reduce((a, b) => Math.min(a, b), first), values.reduce((a, b) => Math.max(a, b), first), values.at(-1) ?? 0]
    return { cells: [name || chart.title, ...found.map(values.every(Number.isInteger) ? String : decimals)] }
  })
  return rows.length > 0 ? table({ columns, rows, label: "Lines" }) : null
}

/** Which result a chart draws: the one it names, else the total in its unit. @param {import("helpers/types").ChartInfo} chart */
export function resultName(chart) {
  if (chart.result) return chart.result
  return chart.unit === "s" ? "total" : `total, in ${chart.unit}`
}
