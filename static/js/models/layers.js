/**
 * The layers of one call as they were told and measured: facts from the programs' `host` events, numbers from the results.
 *
 * @typedef {import("models/run").RunModel} RunModel
 * @typedef {import("models/event").RunEvent} RunEvent
 * @typedef {"share" | "unclear" | "same" | "unknown" | "measuring"} Telling
 * @typedef {"held" | "free" | "unclear" | "unknown" | "measuring"} Held
 * @typedef {{value: number, low: number, high: number}} Range
 * @typedef {object} Layer
 * @property {string} id
 * @property {string} name      the function
 * @property {string} file      empty if unknown
 * @property {string} version   empty if unknown
 * @property {string} note
 * @property {string[]} seen    frames, outermost first
 * @property {string} act       what the heartbeats were watched during; empty if nothing was
 * @property {Telling} telling  what can be said of its share
 * @property {Range | null} share  percent
 * @property {Range | null} time   microseconds
 * @property {Held} loop        was the event loop held there?
 * @property {Held} other       was another thread?
 * @property {boolean} below    is it below the binding?
 * @typedef {{key: string, title: string, total: Range | null, layers: Layer[]}} Stack
 */

import { number, record, text } from "models/event"

const BELOW = ["openssl", "loop"]
const MOST_LAYERS = 40

/** One stack for each run and runtime. @param {RunModel[]} runs @param {{key: string, label: string}[]} runtimes @returns {Stack[]} */
export function stacksOf(runs, runtimes) {
  return runs.flatMap((run) => {
    const told = [...run.parts.values()].map((part) => part.runtime)
    const chosen = Array.isArray(run.params.runtimes) ? run.params.runtimes.map(String) : []
    return [...new Set([...chosen, ...told])].map((runtime) => stackOf(run, runtime, {
      title: [runs.length > 1 ? run.name : "", runtimes.find(({ key }) => key === runtime)?.label ?? runtime].filter(Boolean).join(", "),
    }))
  })
}

/** Where the segments of the bar begin and end, in percent of what was told; the innermost layer comes first. @param {Stack} stack */
export function segments({ layers }) {
  const told = layers.filter(({ share }) => share && share.value > 0).reverse()
  const whole = told.reduce((sum, { share }) => sum + (share?.value ?? 0), 0)
  let from = 0
  return told.map((layer) => {
    const width = (100 * (layer.share?.value ?? 0)) / whole
    from += width
    return { layer, from: from - width, width }
  })
}

/** @param {RunModel} run @param {string} runtime @param {{title: string}} more @returns {Stack} */
function stackOf(run, runtime, { title }) {
  const results = run.results.filter((result) => result.runtime === runtime)
  const facts = [...run.parts.values()].filter((part) => part.runtime === runtime).map((part) => part.host.layers)
  const told = /** @type {unknown[]} */ (facts.filter(Array.isArray).at(-1) ?? []).slice(0, MOST_LAYERS).map(record)
  const total = range(results.find((result) => result.name === "total, in µs"))
  return { key: `${run.name} ${runtime}`, title, total, layers: told.map((fact) => layerOf(fact, results, run.ended)) }
}

/** @param {Record<string, unknown>} fact @param {RunEvent[]} results @param {boolean} ended @returns {Layer} */
function layerOf(fact, results, ended) {
  const [id, act] = [text(fact.id), text(fact.act)]
  const own = record(fact.own)
  const find = (/** @type {string} */ name) => results.find((result) => result.name === name && result.layer === id)
  const share = find("share of one call")
  const held = (/** @type {string} */ whose) => heldOf(results.find((result) => result.act === act && result.whose === whose), act, ended)
  return {
    id, act, name: text(fact.function, id), file: text(fact.file), version: text(fact.version), note: text(fact.note),
    seen: Array.isArray(fact.seen) ? fact.seen.map(String) : [],
    telling: own.same === true ? "same" : share ? (share.told === true ? "share" : "unclear") : ended || Object.keys(own).length === 0 ? "unknown" : "measuring",
    share: range(share), time: range(find("time in one call")),
    loop: held("event loop"), other: held("another thread"), below: BELOW.includes(id),
  }
}

/** @param {RunEvent | undefined} result @param {string} act @param {boolean} ended @returns {Held} */
function heldOf(result, act, ended) {
  if (!act) return "unknown"
  if (!result) return ended ? "unknown" : "measuring"
  return result.state === "held" || result.state === "free" ? result.state : "unclear"
}

/** @param {RunEvent | undefined} result @returns {Range | null} */
function range(result) {
  const value = number(result?.value)
  if (value === null) return null
  const spread = Array.isArray(result?.spread) ? result.spread : []
  return { value, low: number(spread[0]) ?? value, high: number(spread[1]) ?? value }
}
