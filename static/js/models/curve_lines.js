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
import { byX, namedTotals, totalsOf } from "models/totals"

/**
 * @param {RunModel[]} runs
 * @param {{unit: string, x: string, to?: number, result?: string | null, ideal?: "falling" | "rising" | null}} options to: how
 *   far the ideal is drawn at least; result: the name of results to draw instead of the totals
 * @returns {Line[]} one for each run and runtime, and the ideal of the first
 */
export function curveLines(runs, { unit, x, to = 0, result = null, ideal = "falling" }) {
  const told = (/** @type {RunModel} */ run) => (result ? namedTotals(run, { unit, result }) : totalsOf(run, { unit, x }))
  const lines = runs.flatMap(told).map(({ run, runtime, label, points }) => ({
    runtime,
    name: [runs.length > 1 ? run.name : "", label].filter(Boolean).join(", "),
    points,
    middle: byX(points).map(([at, same]) => /** @type {[number, number]} */ ([at, median(same.map(({ value }) => value)) ?? 0])),
  }))
  const first = lines[0]?.middle ?? []
  return ideal && first.length > 1 ? [...lines, { runtime: null, name: "ideal", points: [], middle: idealLine(first, to, ideal) }] : lines
}

/**
 * Twice the threads, half the time (or twice the answers), from the first point on.
 * @param {[number, number][]} middle @param {number} to @param {"falling" | "rising"} way @returns {[number, number][]}
 */
function idealLine(middle, to, way) {
  const [start, last] = [middle[0], middle.at(-1)]
  if (!start || !last) return []
  const steps = 40
  const ratio = Math.max(to, last[0]) / start[0]
  return Array.from({ length: steps + 1 }, (_, i) => {
    const x = start[0] * ratio ** (i / steps)
    return [x, way === "falling" ? (start[1] * start[0]) / x : (start[1] * x) / start[0]]
  })
}

/**
 * How high the ideal is where one compares: at the usable CPUs, or at the last x where that is less. 0 without an ideal.
 * @param {Line[]} lines @param {number | null} cpus
 */
export function idealReach(lines, cpus) {
  const ideal = lines.find(({ runtime }) => runtime === null)?.middle ?? []
  const last = Math.max(0, ...lines.flatMap(({ middle }) => middle.map(([x]) => x)))
  const wanted = Math.min(cpus ?? last, last)
  const next = ideal.findIndex(([x]) => x >= wanted - 1e-9)
  const [before, after] = [ideal[Math.max(0, next - 1)], ideal[next]]
  if (!before || !after) return 0
  const share = after[0] > before[0] ? (wanted - before[0]) / (after[0] - before[0]) : 1
  return before[1] + share * (after[1] - before[1])
}

/**
 * Where a line is last seen: where it leaves through the top of the axis for good, else its end.
 * @param {[number, number][]} middle @param {number} top @returns {[number, number] | undefined}
 */
export function lastSeen(middle, top) {
  const inside = middle.findLastIndex(([, y]) => y <= top)
  const [a, b] = [middle[inside], middle[inside + 1]]
  if (!a || !b) return a
  return [a[0] + ((top - a[1]) / (b[1] - a[1])) * (b[0] - a[0]), top]
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

/**
 * A guess of one value: it was asked about the last place on the axis, so it stands there.
 * @param {unknown} prediction @param {{middle: [number, number][]}[]} lines @returns {[number, number][]}
 */
export function guessAtEnd(prediction, lines) {
  const { kind, value } = /** @type {{kind?: unknown, value?: unknown}} */ (prediction ?? {})
  const guessed = number(value)
  const last = Math.max(...lines.flatMap((line) => line.middle.map(([x]) => x)))
  return kind === "bar" && guessed !== null && Number.isFinite(last) ? [[last, guessed]] : []
}
