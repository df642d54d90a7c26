/**
 * What the timeline shows: for each run and runtime one part, laid out in rows, on a scale of its own unit.
 *
 * @typedef {import("models/run").RunModel} RunModel
 * @typedef {import("models/part").Part} Part
 * @typedef {import("models/scale").Scale} Scale
 * @typedef {object} Group
 * @property {string} title   "" where there is only one
 * @property {RunModel} run
 * @property {Part | null} part  null before its first event
 * @property {Scale} scale
 * @property {import("models/rows").Layout} layout
 * @property {number | null} now  seconds of the part's own clock; null when it does not run
 * @property {number} end     how far any repeat of this runtime went, in what the scale counts
 *
 * @typedef {{unit: string, repeat: number | null, x?: string | null, size?: number | null}} Chosen
 *   x: the parameter of a sweep, whose sizes take turns; size: the one that is wanted
 */

import { shownOf } from "models/choose"
import { layoutPart, layoutPreview } from "models/rows"
import { unitScale } from "models/scale"

/** Waits shorter than this share of the whole are not drawn: they would be slivers. */
const SLIVER = 0.025

/**
 * @param {RunModel[]} runs
 * @param {Chosen & {now: number, labels: Map<string, string>}} options
 * @returns {Group[]}
 */
export function groupsOf(runs, { now, labels, ...choice }) {
  const { unit } = choice
  const chosen = runs.flatMap((run) => chosenParts(run, choice, labels))
  const known = chosen.every(({ part, run }) => part === null || part.spans.size === 0 || (part.unit ?? run.unit) !== null)
  return chosen.map(({ run, part, parts, label }) => {
    const time = part && run.time(part, now)
    const shortest = SLIVER * Math.max(part?.end ?? 0, time ?? 0, 0.01)
    const layout = part ? layoutPart(part, { now: time, shortest }) : layoutPreview(run.params)
    const scaleOf = (/** @type {Part | null} */ one) => unitScale(known ? one?.unit ?? run.unit ?? 1 : null, unit)
    return {
      title: chosen.length > 1 || choice.x ? [runs.length > 1 ? run.name : "", label].filter(Boolean).join(", ") : "",
      run, part, layout, now: time,
      end: Math.max(0, ...parts.map((one) => scaleOf(one).shown(one.end))),
      scale: scaleOf(part),
    }
  })
}

/** @param {RunModel} run @param {Chosen} choice @param {Map<string, string>} labels */
function chosenParts(run, choice, labels) {
  const groups = shownOf(run, choice)
  const awaited = run.ended || !Array.isArray(run.params.runtimes) ? [] : run.params.runtimes.map(String)
  const there = new Set(groups.map(({ runtime }) => runtime))
  const begun = groups.map(({ runtime, label, part, parts }) => ({ run, part, parts, label: label || labels.get(runtime) || runtime }))
  const toCome = awaited.filter((key) => !there.has(key)).map((key) => ({ run, part: null, parts: [], label: labels.get(key) ?? key }))
  const chosen = [...begun, ...toCome]
  return chosen.length > 0 ? chosen : [{ run, part: null, parts: [], label: "" }]
}
