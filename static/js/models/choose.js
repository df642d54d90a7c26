/** Which of many repeats and sizes to show. */

import { number } from "models/event"

/** @typedef {import("models/part").Part} Part @typedef {import("models/run").RunModel} RunModel */

/** @typedef {{runtime: string, label: string, parts: Part[]}} Variant  one thing that was measured, in all its repeats */

/**
 * What was measured: a runtime, or several things on one runtime that their labels tell apart ("gevent, requests").
 * Runtimes in the order in which the learner chose them, the things of a runtime in the order in which they first ran.
 * @param {RunModel} run
 * @param {{swept?: boolean}} [options] swept: the sizes of a sweep, which the last words of the labels name, belong together
 * @returns {Variant[]}
 */
export function variants(run, { swept = false } = {}) {
  /** @type {Map<string, Variant>} */
  const groups = new Map()
  for (const part of run.parts.values()) {
    const label = swept ? part.label.split(",").slice(0, -1).join(",") || part.label : part.label
    const key = JSON.stringify([part.runtime, label])
    const group = groups.get(key)
    if (group) group.parts.push(part)
    else groups.set(key, { runtime: part.runtime, label, parts: [part] })
  }
  const chosen = Array.isArray(run.params.runtimes) ? run.params.runtimes.map(String) : []
  const place = (/** @type {Variant} */ { runtime }) => (chosen.includes(runtime) ? chosen.indexOf(runtime) : chosen.length)
  return [...groups.values()].sort((a, b) => place(a) - place(b))
}

/**
 * The repeat in the middle, by total in units of work (in seconds, where that is what is shown, or no unit is known), cold
 * ones included as in the results. For an even count the lower of the two.
 * @param {Part[]} parts @param {string} [unit] of what is shown
 * @returns {Part | undefined}
 */
export function medianPart(parts, unit = "") {
  const done = parts.filter((part) => part.state === "end" && part.end > 0)
  const inUnits = unit !== "s" && done.every((part) => part.unit !== null)
  const total = (/** @type {Part} */ part) => (inUnits ? part.end / Number(part.unit) : part.end)
  done.sort((a, b) => total(a) - total(b) || a.repeat - b.repeat)
  return done[(done.length - 1) >> 1]
}

/**
 * The part to show of one runtime: the one asked for, else the latest while the run goes on, else the median one.
 * @param {Part[]} parts in recorded order
 * @param {{ended: boolean, repeat?: number | null, unit?: string}} options
 * @returns {Part | undefined}
 */
export function shownPart(parts, { ended, repeat = null, unit }) {
  if (repeat !== null) return parts.find((part) => part.repeat === repeat)
  const latest = parts.findLast((part) => part.spans.size > 0) ?? parts.at(-1)
  return ended ? medianPart(parts, unit) ?? latest : latest
}

/**
 * What is shown of each thing that was measured: one part, and all of which it is one.
 * @param {RunModel} run
 * @param {{repeat?: number | null, x?: string | null, size?: number | null, unit?: string}} [choice] unit: of what is shown;
 *   x: the parameter of a sweep whose sizes take turns; size: the one that is wanted
 * @returns {(Variant & {part: Part | null})[]}
 */
export function shownOf(run, { repeat = null, x = null, size = null, unit } = {}) {
  const ended = run.ended && !run.playhead
  return variants(run, { swept: x !== null }).map(({ runtime, label, parts: all }) => {
    const parts = x === null ? all : ofOneSize(all, x, { ended, repeat, size })
    const part = shownPart(parts, { ended, repeat, unit }) ?? null
    return { runtime, label: (x !== null && part?.label) || label, parts, part }
  })
}

/**
 * Of a sweep, the parts of one size: of the wanted one, else of the one that runs or, afterwards, of the largest that
 * has something to show.
 * @param {Part[]} parts of all sizes @param {string} x the parameter that was swept
 * @param {{ended: boolean, repeat: number | null, size: number | null}} options
 */
function ofOneSize(parts, x, { ended, repeat, size }) {
  const sizes = sizesOf(parts, x)
  const full = parts.filter((part) => part.spans.size > 0 && (repeat === null || part.repeat === repeat))
  const usual = ended ? sizesOf(full, x).at(-1) ?? sizes.at(-1) : (full.at(-1) ?? parts.at(-1))?.params[x]
  const wanted = size !== null && sizes.includes(size) ? size : number(usual)
  return parts.filter((part) => number(part.params[x]) === wanted)
}

/** The sizes of a sweep, the smallest first. @param {Part[]} parts @param {string} x */
export function sizesOf(parts, x) {
  const sizes = parts.flatMap((part) => number(part.params[x]) ?? [])
  return [...new Set(sizes)].sort((a, b) => a - b)
}
