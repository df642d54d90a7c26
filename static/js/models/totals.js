/**
 * Every repeat as one point: what charts of totals and of sweeps draw.
 *
 * @typedef {import("models/run").RunModel} RunModel
 * @typedef {object} Point
 * @property {number} value  in the unit that was asked for
 * @property {number | null} x  the value of the parameter that was swept
 * @property {string} part  its id; "" where only the result is known
 * @property {number} repeat
 * @property {boolean} cold
 * @typedef {{run: RunModel, runtime: string, label: string, points: Point[]}} Totals
 */

import { variants } from "models/choose"
import { number, numbers, text } from "models/event"

/**
 * The total of each part that ran to its end; where a run kept no spans, the values of its results.
 * @param {RunModel} run
 * @param {{unit: string, x?: string | null}} options unit: "s", or units of work ("hashes")
 * @returns {Totals[]} by what was measured
 */
export function totalsOf(run, { unit, x = null }) {
  const told = variants(run, { swept: x !== null }).flatMap(({ runtime, label, parts }) => {
    const points = parts.flatMap((part) => pointOf(part, run, unit, x))
    return points.length > 0 ? [{ run, runtime, label, points }] : []
  })
  return told.length > 0 ? told : resultsOf(run, unit, (name) => name.startsWith("total"))
}

/**
 * The values of the results of one name.
 * @param {RunModel} run @param {{unit: string, result: string, xlabel?: string | null}} options xlabel: what tells results of
 *   one label apart
 * @returns {Totals[]}
 */
export function namedTotals(run, { unit, result, xlabel = null }) {
  return resultsOf(run, unit, (name) => name === result, xlabel)
}

/** @param {import("models/part").Part} part @param {RunModel} run @param {string} unit @param {string | null} x @returns {Point[]} */
function pointOf(part, run, unit, x) {
  const size = unit === "s" ? 1 : part.unit ?? run.unit
  const at = x === null ? null : number(part.params[x])
  const whole = part.state === "end" && part.end > 0 && [...part.spans.values()].every((span) => span.complete)
  if (!whole || size === null || (x !== null && at === null)) return []
  return [{ value: part.end / size, x: at, part: part.id, repeat: part.repeat, cold: part.cold }]
}

/**
 * @param {RunModel} run @param {string} unit @param {(name: string) => boolean} wanted @param {string | null} [xlabel]
 * @returns {Totals[]}
 */
function resultsOf(run, unit, wanted, xlabel = null) {
  /** @type {Map<string, Totals>} */
  const groups = new Map()
  for (const event of run.results) {
    if (!wanted(text(event.name)) || event.unit !== unit) continue
    const runtime = text(event.runtime)
    const x = number(event.x)
    const label = [text(event.label, runtime), xlabel !== null && x !== null ? `${xlabel} ${x}` : ""].filter(Boolean).join(", ")
    const key = JSON.stringify([runtime, label])
    const group = groups.get(key) ?? { run, runtime, label, points: [] }
    group.points.push(...resultPoints(run, event, x))
    groups.set(key, group)
  }
  return [...groups.values()]
}

/** @param {RunModel} run @param {import("models/event").RunEvent} event @param {number | null} x @returns {Point[]} */
function resultPoints(run, event, x) {
  const values = numbers(event.values)
  const ids = Array.isArray(event.parts) && event.parts.length === values.length ? event.parts.map(String) : []
  return values.map((value, i) => {
    const part = run.parts.get(ids[i] ?? "")
    return { value, x, part: part?.id ?? "", repeat: part?.repeat ?? i + 1, cold: part?.cold ?? false }
  })
}

/** The points of each x, by x. @param {Point[]} points @returns {[number, Point[]][]} */
export function byX(points) {
  /** @type {Map<number, Point[]>} */
  const found = new Map()
  for (const point of points) {
    if (point.x === null) continue
    const same = found.get(point.x)
    if (same) same.push(point)
    else found.set(point.x, [point])
  }
  return [...found].sort(([a], [b]) => a - b)
}

/**
 * Move points that would cover each other apart: how many steps up (or down) each goes, fewest first.
 * @param {number[]} positions along the axis
 * @param {number} width of a point on that axis
 * @returns {number[]}
 */
export function swarm(positions, width) {
  /** @type {{at: number, level: number}[]} */
  const placed = []
  const levels = positions.map(() => 0)
  const order = positions.map((_, i) => i).sort((a, b) => Number(positions[a]) - Number(positions[b]) || a - b)
  for (const i of order) {
    const at = Number(positions[i])
    const near = placed.filter((one) => Math.abs(one.at - at) < width)
    let level = 0
    while (near.some((one) => one.level === level)) level = level > 0 ? -level : 1 - level
    placed.push({ at, level })
    levels[i] = level
  }
  return levels
}

/**
 * Move labels apart so that none covers another, as little as possible, in their order.
 * @param {number[]} wanted @param {number} gap @param {number} low @param {number} high bounds
 * @returns {number[]}
 */
export function spreadOut(wanted, gap, low, high) {
  const order = wanted.map((_, i) => i).sort((a, b) => Number(wanted[a]) - Number(wanted[b]) || a - b)
  const out = [...wanted]
  let free = low
  for (const i of order) {
    out[i] = Math.max(free, Number(wanted[i]))
    free = Number(out[i]) + gap
  }
  let most = high
  for (const i of order.reverse()) {
    out[i] = Math.min(most, Number(out[i]))
    most = Number(out[i]) - gap
  }
  return out
}
