/** A chart's data as tables, whatever its kind. */

import { chainTables } from "helpers/chain_table"
import { lineTable, percentileTable, resultName, resultTable, spanRows } from "helpers/chart_tables"
import { make } from "helpers/dom"
import { layerTables } from "helpers/layer_words"
import { loopTables } from "helpers/loop_tables"
import { table } from "helpers/table"

/** @typedef {import("models/run").RunModel} RunModel */

/**
 * @param {import("helpers/types").ChartInfo} chart
 * @param {RunModel[]} runs
 * @param {import("models/part").Part[]} parts shown
 * @param {{part: string, ids: string[]} | null} chosen
 * @param {{lab: import("helpers/types").Lab, onSpan?: (part: string, span: string) => void}} options
 * @returns {HTMLElement[]}
 */
export function chartTables(chart, runs, parts, chosen, { lab, onSpan }) {
  if (chart.kind === "turns" || chart.kind === "orders") return loopTables(chart.kind, runs, parts)
  if (chart.kind === "chains") return chainTables(parts)
  if (chart.kind === "timeline") {
    return parts.map((part) => {
      const run = /** @type {RunModel} */ (runs.find(({ parts: all }) => all.get(part.id) === part) ?? runs[0])
      const { columns, rows, title } = spanRows(run, part, chart.unit, chosen, Boolean(onSpan))
      return table({ caption: runs.length > 1 ? `${run.name}, ${title}` : title, columns, rows })
    })
  }
  if (chart.kind === "percentiles") return [percentileTable(runs, chart) ?? make("p", { class: "soft" }, "No request has been answered yet.")]
  if (chart.kind === "line") return [lineTable(runs, chart) ?? make("p", { class: "soft" }, "Nothing has been counted yet.")]
  if (chart.kind === "layers") return layerTables(runs, lab.runtimes)
  const xlabel = chart.x ? chart.xlabel ?? chart.x : null
  return [resultTable(runs, resultName(chart), xlabel) ?? make("p", { class: "soft" }, "The results come when the run has ended.")]
}
