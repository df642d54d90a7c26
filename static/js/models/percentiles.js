/**
 * Distributions: which share of the values stays below what. The axis of shares is stretched towards 100 %, where the slow
 * ones are; it names only percentiles that enough values lie beyond.
 *
 * @typedef {import("models/run").RunModel} RunModel
 * @typedef {{name: string, runtime: string, values: number[]}} Distribution  values: ascending
 */

import { variants } from "models/choose"

/** So many values have to lie beyond a percentile before it has a name: the 99th needs a thousand. */
const BEYOND = 10
const NAMED = [0, 0.5, 0.9, 0.99, 0.999, 0.9999]

/**
 * The values of each named series, of all repeats together, for each thing that was measured.
 * @param {RunModel[]} runs @param {string[]} series in the order in which they are drawn
 * @returns {Distribution[]}
 */
export function distributions(runs, series) {
  return runs.flatMap((run) => {
    const all = variants(run)
    return all.flatMap(({ runtime, label, parts }) => series.flatMap((wanted) => {
      const values = parts.flatMap((part) => {
        const data = part.samples.get(wanted)
        return data ? data.v.slice(data.start) : []
      })
      const name = [runs.length > 1 ? run.name : "", all.length > 1 ? label : "", wanted].filter(Boolean).join(", ")
      return values.length > 0 ? [{ name, runtime, values: values.sort((a, b) => a - b) }] : []
    }))
  })
}

/** Where a share (0 to below 1) lies on the stretched axis: 0 at 0, 1 at 90 %, 2 at 99 %. @param {number} share */
export function stretched(share) {
  return 0 - Math.log10(1 - share)
}

/** The share that the value at this place of so many stands for. @param {number} index @param {number} count */
export function shareOf(index, count) {
  return (index + 0.5) / count
}

/** The shares that so many values can speak of. @param {number} count */
export function namedShares(count) {
  return NAMED.filter((share) => share <= 0.5 || Math.round(count * (1 - share) * 1e6) / 1e6 >= BEYOND)
}

/** The value that this share of them does not exceed; null where too few lie beyond it. @param {number[]} values ascending @param {number} share */
export function percentile(values, share) {
  if (values.length === 0 || !namedShares(values.length).includes(share)) return null
  return values[Math.max(0, Math.ceil(share * values.length - 1e-9) - 1)] ?? null
}

/** A share in words: "99.9 %". @param {number} share */
export function shareWords(share) {
  return `${Number((100 * share).toPrecision(6))} %`
}
