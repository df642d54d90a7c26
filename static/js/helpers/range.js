/** How far the scale of a guess reaches. */

import { holds } from "helpers/words"
import { niceCeiling } from "models/scale"

/**
 * The lab says it as a product: "tasks * latency / 1000", names being parameters. Without it, one unit for each task.
 * @param {import("helpers/types").PredictionInfo | null} asked
 * @param {Record<string, unknown>} params
 */
export function guessMax(asked, params) {
  const given = asked?.max ? product(String(asked.max), params) : NaN
  if (given > 0) return niceCeiling(given)
  return niceCeiling(Math.max(4, Number(params.tasks) || 0))
}

/** @param {string} words @param {Record<string, unknown>} params */
function product(words, params) {
  let value = 1
  for (const [, sign, word = ""] of words.matchAll(/([*/]?)\s*([\w.]+)/g)) {
    const number = Number(word in params ? params[word] : word)
    value = sign === "/" ? value / number : value * number
  }
  return value
}

/**
 * What was asked, if the guess has a place on this chart: it counts in the same unit. Ways, shares and times do not mix.
 * @param {import("helpers/types").ChartInfo} chart @param {import("helpers/types").Lab} lab @param {Record<string, unknown>} params
 */
export function askedOn(chart, lab, params) {
  const asked = lab.predictions.find((one) => holds(one.when, params))
  const takesTurns = chart.kind === "timeline" && chart.x !== null // one guess is of no one size
  return asked && !takesTurns && (asked.kind === "order" || asked.unit === chart.unit) ? asked : null
}

/**
 * The guess as a chart may show it.
 * @param {import("helpers/types").ChartInfo} chart @param {import("helpers/types").Lab} lab @param {import("helpers/types").RunInfo} run
 */
export function guessOn(chart, lab, run) {
  return askedOn(chart, lab, run.params) ? run.prediction : null
}
