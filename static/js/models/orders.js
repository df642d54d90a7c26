/**
 * How often each order came up over repeated passes, from the results of a run.
 *
 * @typedef {import("models/run").RunModel} RunModel
 * @typedef {{order: string[], times: number, guessed: boolean}} Row
 * @typedef {{name: string, runtime: string, passes: number, rows: Row[]}} Group
 */

import { number, text } from "models/event"

/**
 * For each runtime its orders, the most frequent first; the guess too, if it never came up.
 * @param {RunModel} run @param {string[] | null} [guess] @returns {Group[]}
 */
export function ordersOf(run, guess = null) {
  /** @type {Map<string, Group>} */
  const groups = new Map()
  for (const result of run.results) {
    if (!Array.isArray(result.order)) continue
    const runtime = text(result.runtime)
    const group = groups.get(runtime) ?? { name: [run.name, text(result.label, runtime)].filter(Boolean).join(", "), runtime, passes: 0, rows: [] }
    const order = result.order.map(String)
    const times = number(result.value) ?? 0
    group.rows.push({ order, times, guessed: guess !== null && same(order, guess) })
    group.passes += times
    groups.set(runtime, group)
  }
  for (const group of groups.values()) {
    group.rows.sort((a, b) => b.times - a.times)
    if (guess !== null && !group.rows.some((row) => row.guessed)) group.rows.push({ order: guess, times: 0, guessed: true })
  }
  return [...groups.values()]
}

/** @param {string[]} a @param {string[]} b */
function same(a, b) {
  return a.length === b.length && a.every((one, index) => one === b[index])
}
