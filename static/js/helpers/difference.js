/** The printed difference between runs: median, spread, ratio to the first, and whether it can be told from noise. */

import { make } from "helpers/dom"
import { table } from "helpers/table"
import { compare, samples, spread } from "models/compare"
import { decimals } from "models/scale"

/** @typedef {import("models/run").RunModel} RunModel */
/** @typedef {import("models/compare").Sample & {runtime: string, x: number | null}} Group */

/**
 * In units of work if every run has them (the unit itself may differ between runs), else in seconds.
 * @param {RunModel[]} runs
 * @param {import("helpers/types").RunInfo[]} infos
 */
export function differenceTable(runs, infos) {
  const names = ["total, in hashes", "total"]
  const inUnits = runs[0]?.results.map((result) => String(result.name)).find((name) => name.startsWith("total, in ")) ?? names[0] ?? ""
  const name = runs.every((run) => samples(run, inUnits).length > 0) ? inUnits : "total"
  const groups = runs.flatMap((run, index) => samples(run, name).map((group) => ({ ...group, index })))
  const card = make("section", { class: "differences", "aria-label": "The difference in numbers" })
  if (groups.length === 0) {
    card.append(make("p", { class: "headline" }, "There are no results to compare."),
      make("p", { class: "soft" }, infos.every((run) => run.state === "finished") ? "" : "A run that did not end by itself has none."))
    return card
  }
  const first = groups.filter((group) => group.index === 0)
  const rows = groups.map((group) => ({ group, base: baseOf(group, first) }))
  const told = rows.filter(({ group, base }) => base && group.index > 0).map(({ group, base }) => compare(/** @type {Group} */ (base), group))
  const shown = first.some((group) => group.x !== null) ? [] : told
  card.append(...shown.map(({ text }) => make("p", { class: "headline" }, text)), resultRows(rows, groups[0]?.unit ?? "s"))
  return card
}

/** The group of the first run to hold another against: same runtime and size, else same size. @param {Group} group @param {Group[]} first */
function baseOf(group, first) {
  return first.find((one) => one.runtime === group.runtime && one.x === group.x) ?? first.find((one) => one.x === group.x) ?? null
}

/** @param {{group: Group & {index: number}, base: Group | null}[]} rows @param {string} unit */
function resultRows(rows, unit) {
  const columns = [
    { title: "Run" }, { title: `median (${unit})`, number: true }, { title: "spread", number: true },
    { title: "from – to", number: true }, { title: "repeats", number: true }, { title: "ratio", number: true }, { title: "" },
  ]
  return table({
    caption: "Until the last piece of work was done. The ratio is to the first run.",
    columns,
    rows: rows.map(({ group, base }) => {
      const told = base && group.index > 0 ? compare(base, group) : null
      return {
        cells: [
          group.name, decimals(group.median), `${Math.round(100 * spread(group))} %`, `${decimals(group.range[0])} – ${decimals(group.range[1])}`,
          String(group.values.length), told?.ratio ? `${decimals(told.ratio)}×` : "–",
          make("span", { class: "word-verdict", "data-verdict": told?.verdict.replace(" ", "-") ?? "" }, told?.verdict ?? ""),
        ],
      }
    }),
  })
}
