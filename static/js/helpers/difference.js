/** The printed difference between runs: median, spread, ratio to the first, and whether it can be told from noise. */

import { make } from "helpers/dom"
import { serversApart } from "helpers/servers"
import { table } from "helpers/table"
import { compare, partner, samples, spread } from "models/compare"
import { axisWords, decimals } from "models/scale"

/** @typedef {import("models/run").RunModel} RunModel */
/** @typedef {import("models/compare").Sample & {runtime: string, label: string, x: number | null, index: number}} Group */
/** @typedef {{group: Group, told: ReturnType<typeof compare> | null}} Told  `told` is null for the first run, and without a partner */

/** Beyond this factor between the units of two runs, the machine itself was not the same. */
const SAME_MACHINE = 1.15

/**
 * In units of work if every run has them (the unit itself may differ between runs), else in seconds.
 * @param {RunModel[]} runs
 * @param {import("helpers/types").RunInfo[]} infos
 * @param {string[]} work names of parameters that say how much is done in all
 * @returns {{headline: HTMLElement, numbers: HTMLElement | null}}
 */
export function differences(runs, infos, work) {
  const name = comparedName(runs)
  const groups = runs.flatMap((run, index) => samples(run, name).map((group) => ({ ...group, index })))
  const card = make("section", { class: "differences", "aria-label": "The difference" })
  if (groups.length === 0) {
    card.append(make("p", { class: "headline" }, "There are no results to compare."),
      make("p", { class: "soft" }, infos.every((run) => run.state === "finished") ? "" : "A run that did not end by itself has none."))
    return { headline: card, numbers: null }
  }
  const first = groups.filter((group) => group.index === 0)
  const rows = groups.map((group) => {
    const base = group.index > 0 ? partner(group, first) : null
    return { group, told: base && compare(base, group, { alike: sameWork(infos[0], infos[group.index], work) }) }
  })
  const lines = first.some((group) => group.x !== null) ? counted(runs, rows) : rows.flatMap(({ told }) => told?.text ?? [])
  card.append(make("p", { class: "eyebrow" }, eyebrow(name, groups[0]?.unit ?? "s")), ...lines.map((text) => make("p", { class: "headline" }, text)), ...machine(runs))
  const numbers = make("section", { class: "differences", "aria-label": "The numbers" }, make("h2", {}, "The numbers"), resultRows(rows, groups[0]?.unit ?? "s", name))
  return { headline: card, numbers }
}

/** @param {import("helpers/types").RunInfo | undefined} one @param {import("helpers/types").RunInfo | undefined} other @param {string[]} work */
function sameWork(one, other, work) {
  return work.every((name) => one?.params[name] === other?.params[name])
}

/** What all runs have a result of: the total, in units of work if there are some, else the first time that is told. @param {RunModel[]} runs */
function comparedName(runs) {
  const told = runs[0]?.results ?? []
  const inUnits = told.map((result) => String(result.name)).find((name) => name.startsWith("total, in "))
  const times = told.filter(({ unit }) => unit === "ms" || unit === "s").map((result) => String(result.name))
  return [...(inUnits ? [inUnits] : []), "total", ...times].find((name) => runs.every((run) => samples(run, name).length > 0)) ?? "total"
}

/** @param {string} name of the results @param {string} unit */
function eyebrow(name, unit) {
  const what = name.startsWith("total") ? "Total time" : `${name.charAt(0).toUpperCase()}${name.slice(1)}`
  return `${what}, ${unit === "s" ? "in seconds" : unit === "ms" ? "in milliseconds" : axisWords(unit)}`
}

/** For sweeps: in how many of the pairs of one size each was slower, faster, or not to be told. @param {RunModel[]} runs @param {Told[]} rows */
function counted(runs, rows) {
  return runs.slice(1).map((run, index) => {
    const told = rows.flatMap((row) => (row.group.index === index + 1 && row.told ? [row.told.verdict] : []))
    const parts = ["faster", "slower", "same", "cannot tell"].flatMap((verdict) => {
      const count = told.filter((one) => one === verdict).length
      if (count === 0) return []
      return count === told.length ? [`${verdict} in all ${count} comparisons`] : [`${verdict} in ${count} of ${told.length}`]
    })
    return told.length > 0 ? `${run.name} against ${runs[0]?.name}: ${parts.join(", ")}.` : `${run.name} has no size in common with ${runs[0]?.name}.`
  })
}

/** A warning if one unit of work did not take the same time in all runs. Another server is no other machine. @param {RunModel[]} runs @returns {Node[]} */
function machine(runs) {
  if (serversApart(runs).length > 0) return []
  const units = runs.flatMap((run) => (run.unit ? [{ name: run.name, unit: run.unit }] : []))
  const times = units.map(({ unit }) => unit)
  if (times.length < 2 || Math.max(...times) / Math.min(...times) < SAME_MACHINE) return []
  const words = units.map(({ name, unit }) => `${decimals(unit)} s in ${name}`).join(", ")
  return [make("p", { class: "soft" }, `The machine, or the size of the work, was not the same: one unit alone took ${words}. So compare units, not seconds.`)]
}

/** A single repeat has no spread. @param {Told[]} rows @param {string} unit @param {string} name of the results */
function resultRows(rows, unit, name) {
  const columns = [
    { title: "Run" }, { title: `median (${unit})`, number: true }, { title: "ratio", number: true }, { title: "verdict" },
    { title: "spread", number: true }, { title: "from – to", number: true }, { title: "repeats", number: true },
  ]
  return table({
    label: "Numbers of the runs",
    caption: `${name.startsWith("total") ? "Until the last piece of work was done. " : ""}The ratio is to the first run.`,
    columns,
    rows: rows.map(({ group, told }) => ({
      cells: [
        group.name, decimals(group.median), told?.ratio ? `${decimals(told.ratio)}×` : "–",
        make("span", { class: "word-verdict", "data-verdict": told?.verdict.replace(" ", "-") ?? "" }, told?.verdict ?? "–"),
        ...(group.values.length > 1 ? [`${Math.round(100 * spread(group))} %`, `${decimals(group.range[0])} – ${decimals(group.range[1])}`] : ["–", "–"]),
        String(group.values.length),
      ],
    })),
  })
}
