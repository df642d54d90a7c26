/** What two or more runs say about each other, in printed numbers, and honest about noise. */

import { median, range } from "models/numbers"
import { decimals } from "models/scale"

/**
 * @typedef {import("models/run").RunModel} RunModel
 * @typedef {"slower" | "faster" | "same" | "cannot tell"} Verdict
 * @typedef {object} Sample  one group of repeats
 * @property {string} name      "Run 14, gevent"
 * @property {number[]} values
 * @property {number} median
 * @property {[number, number]} range
 * @property {string} unit
 */

/** Within this share of each other two medians count as the same. */
const SAME = 0.02

/**
 * @param {string} name
 * @param {number[]} values not empty
 * @param {string} unit
 * @returns {Sample | null}
 */
export function sample(name, values, unit) {
  const [middle, ends] = [median(values), range(values)]
  return middle === null || ends === null ? null : { name, values, median: middle, range: ends, unit }
}

/** The width of a range as a share of its median: 0.04 is 4 %. @param {Sample} one */
export function spread(one) {
  return one.median === 0 ? 0 : (one.range[1] - one.range[0]) / one.median
}

/**
 * Compare one group of repeats with another. Where their ranges overlap, the difference is not told from noise; a single
 * repeat has no range, so it never tells.
 * @param {Sample} a
 * @param {Sample} b
 * @param {{alike?: boolean}} [work] alike: whether both were to do as much
 * @returns {{ratio: number | null, verdict: Verdict, text: string}} ratio: b's median over a's
 */
export function compare(a, b, { alike = true } = {}) {
  if (a.unit !== b.unit || a.median <= 0) {
    return { ratio: null, verdict: "cannot tell", text: `${b.name} and ${a.name} have no common measure.` }
  }
  const ratio = b.median / a.median
  const numbers = `${decimals(b.median)} against ${decimals(a.median)} ${a.unit}`
  if (!alike) return { ratio, verdict: "cannot tell", text: `${b.name}: ${numbers}. Cannot tell: not the same amount of work.` }
  if (Math.min(a.values.length, b.values.length) < 2) {
    return { ratio, verdict: "cannot tell", text: `${b.name}: ${numbers}. Cannot tell from a single repeat.` }
  }
  const verdict = judge(a, b, ratio)
  if (verdict === "cannot tell") {
    return { ratio, verdict, text: `${b.name}: ${numbers}. Cannot tell: the repeats overlap.` }
  }
  const how = verdict === "same" ? "the same" : `${decimals(ratio >= 1 ? ratio : 1 / ratio)} times as ${ratio >= 1 ? "long" : "fast"}`
  return { ratio, verdict, text: `${b.name}: ${how} as ${a.name} (${numbers}).` }
}

/** @param {Sample} a @param {Sample} b @param {number} ratio @returns {Verdict} */
function judge(a, b, ratio) {
  const overlap = a.range[0] <= b.range[1] && b.range[0] <= a.range[1]
  if (!overlap) return ratio > 1 ? "slower" : "faster"
  const tight = Math.max(spread(a), spread(b)) <= SAME
  return tight && Math.abs(ratio - 1) <= SAME ? "same" : "cannot tell"
}

/**
 * The groups of repeats of a run: one per runtime (and per x, for a sweep), from its results of that name.
 * @param {RunModel} run
 * @param {string} [name]
 * @returns {(Sample & {runtime: string, label: string, x: number | null})[]}
 */
export function samples(run, name = "total") {
  return run.results.filter((result) => result.name === name).flatMap((result) => {
    const values = Array.isArray(result.values) && result.values.length > 0 ? result.values : [result.value]
    const x = typeof result.x === "number" ? result.x : null
    const label = String(result.label ?? result.runtime ?? "")
    const words = [run.name, label, x === null ? "" : `at ${x}`]
    const one = sample(words.filter(Boolean).join(", "), values.filter(Number.isFinite), String(result.unit ?? "s"))
    return one ? [{ ...one, runtime: String(result.runtime ?? ""), label, x }] : []
  })
}

/**
 * The group of the first run to hold another one against: of the same size, and there of the same label, else of the same
 * runtime, else the first.
 * @template {{runtime: string, label: string, x: number | null}} G
 * @param {G} one @param {G[]} first
 * @returns {G | null}
 */
export function partner(one, first) {
  const like = first.filter((it) => it.x === one.x)
  return like.find((it) => it.label === one.label) ?? like.find((it) => it.runtime === one.runtime) ?? like[0] ?? null
}
