/**
 * The lines of a sweep.
 *
 * @typedef {import("models/run").RunModel} RunModel
 * @typedef {object} Line
 * @property {string | null} runtime  null: the ideal
 * @property {string} name
 * @property {import("models/totals").Point[]} points
 * @property {[number, number][]} middle  median at each x
 */

import { number } from "models/event"
import { median } from "models/numbers"
import { byX, totalsOf } from "models/totals"

/**
 * @param {RunModel[]} runs
 * @param {{unit: string, x: string, to?: number}} options to: how far the ideal is drawn at least
 * @returns {Line[]} one for each run and runtime, and the ideal of the first
 */
export function curveLines(runs, { unit, x, to = 0 }) {
  const lines = runs.flatMap((run) => totalsOf(run, { unit, x })).map(({ run, runtime, label, points }) => ({
    runtime,
    name: [runs.length > 1 ? run.name : "", label].filter(Boolean).join(", "),
    points,
    middle: byX(points).map(([at, same]) => /** @type {[number, number]} */ ([at, median(same.map(({ value }) => value)) ?? 0])),
  }))
  const first = lines[0]?.middle ?? []
  return first.length > 1 ? [...lines, { runtime: null, name: "ideal", points: [], middle: ideal(first, to) }] : lines
}

/** Twice the threads, half the time, from the first point on. @param {[number, number][]} middle @param {number} to @returns {[number, number][]} */
function ideal(middle, to) {
  const [start, last] = [middle[0], middle.at(-1)]
  if (!start || !last) return []
  const steps = 40
  const ratio = Math.max(to, last[0]) / start[0]
  return Array.from({ length: steps + 1 }, (_, i) => {
    const x = start[0] * ratio ** (i / steps)
    return [x, (start[1] * start[0]) / x]
  })
}

/** The usable CPUs of the machine, if all runs agree. @param {RunModel[]} runs */
export function cpusOf(runs) {
  const counts = new Set(runs.map((run) => number(run.host.cpus)).filter((count) => count !== null))
  return counts.size === 1 ? [...counts][0] ?? null : null
}

/** The points that the learner drew, by x. @param {unknown} prediction @returns {[number, number][]} */
export function guessPoints(prediction) {
  const { kind, points } = /** @type {{kind?: unknown, points?: unknown}} */ (prediction ?? {})
  if (kind !== "curve" || !Array.isArray(points)) return []
  return points.filter((one) => Array.isArray(one) && number(one[0]) !== null && number(one[1]) !== null).map(([x, y]) => [x, y])
}
