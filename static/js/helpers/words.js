/** Numbers, times and parameters in plain words. */

import { decimals } from "models/scale"

/** @typedef {import("helpers/types").Lab} Lab */
/** @typedef {import("helpers/types").Cite} Cite */
/** @typedef {import("helpers/types").RunInfo} RunInfo */

/** "When is hash {tasks} done?" with the values filled in. @param {string} template @param {Record<string, unknown>} params */
export function filled(template, params) {
  return template.replace(/\{(\w+)\}/g, (all, name) => (name in params ? grouped(params[name]) : all))
}

/** "100,000": large numbers are read in groups. @param {unknown} value */
function grouped(value) {
  return Number(value) >= 10_000 ? Number(value).toLocaleString("en") : String(value)
}

/** "0.25 s", "0.13 ms". @param {number} seconds */
export function briefly(seconds) {
  return seconds < 0.01 ? `${decimals(1000 * seconds)} ms` : `${decimals(seconds)} s`
}

/** Does `when` hold for these parameters (a list: one of its values, or one that both have)? Null always holds. @param {Record<string, unknown> | null | undefined} when @param {Record<string, unknown>} params */
export function holds(when, params) {
  const one = (/** @type {unknown} */ value) => [value].flat()
  return Object.entries(when ?? {}).every(([name, value]) => one(params[name]).some((given) => one(value).includes(given)))
}

/** "about 15 s", "about 2 min". @param {number | null | undefined} seconds */
export function about(seconds) {
  if (seconds === null || seconds === undefined) return ""
  if (seconds < 1) return "about 1 s"
  return seconds < 90 ? `about ${Math.round(seconds)} s` : `about ${Math.round(seconds / 60)} min`
}

/** Seconds beyond its expected time after which a program is called late. */
const LATE = 2

/** "2 ahead, about 15 s". @param {number | null} ahead @param {number | null} wait */
export function queueWords(ahead, wait) {
  if (!ahead) return "Next in line"
  return [`${ahead} ahead`, about(wait)].filter(Boolean).join(", ")
}

/**
 * "about 15 s left", from the last `progress` event. A program that runs on beyond its time is not said to be nearly done.
 * @param {import("models/event").RunEvent | null} progress
 */
export function leftWords(progress) {
  if (!progress) return ""
  const [left, over] = [Number(progress.left), Number(progress.over)]
  if (left > 0.5) return `${about(left)} left`
  return over > LATE ? "Taking longer than expected" : "Nearly done"
}

/** "just now", "5 min ago", "14:32", "3 Nov". @param {string} iso @param {number} [now] milliseconds */
export function ago(iso, now = Date.now()) {
  const then = new Date(iso)
  const seconds = (now - then.getTime()) / 1000
  if (seconds < 50) return "just now"
  if (seconds < 3000) return `${Math.round(seconds / 60)} min ago`
  const sameDay = then.toDateString() === new Date(now).toDateString()
  return sameDay ? then.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })
    : then.toLocaleDateString([], { day: "numeric", month: "short" })
}

/** Parameters that every lab has; they are said last. */
const COMMON = ["runtimes", "repeats"]

/**
 * Parameters as words: "Hashes 8, Threads in the pool 2, gevent". Unless names are given, settings that few people touch are
 * left out where they are as the lab has them. What means nothing beside the others ("when") is always left out.
 * @param {Lab} lab @param {Record<string, unknown>} params @param {string[]} [names]
 */
export function paramWords(lab, params, names) {
  const usual = (/** @type {string} */ name) => {
    const rule = lab.params.properties[name]
    return rule?.advanced && JSON.stringify(rule.default) === JSON.stringify(params[name])
  }
  const said = names ?? Object.keys(lab.params.properties).filter((name) => !usual(name))
  const meant = said.filter((name) => applies(lab.params.properties[name]?.when, params))
  return meant.sort((a, b) => COMMON.indexOf(a) - COMMON.indexOf(b)).filter((name) => name in params).map((name) => {
    const rule = lab.params.properties[name] ?? {}
    const word = (/** @type {unknown} */ value) => rule.labels?.[String(value)] ?? String(value)
    const value = params[name]
    if (rule.labels) return Array.isArray(value) ? value.map(word).join(" + ") : word(value)
    if (typeof value === "boolean") return `${rule.title ?? name}: ${value ? "on" : "off"}`
    return `${title(rule, name, params)} ${rule.words?.[String(value)] ?? word(value)}`
  }).join(", ")
}

/** As `holds`, but a value that is not given stands in nobody's way. @param {Record<string, unknown> | null | undefined} when @param {Record<string, unknown>} params */
function applies(when, params) {
  return holds(Object.fromEntries(Object.entries(when ?? {}).filter(([name]) => name in params)), params)
}

/** The title of a parameter, which may depend on the others. @param {import("helpers/types").Rule} rule @param {string} name @param {Record<string, unknown>} params */
export function title(rule, name, params) {
  return rule.titles?.find((one) => holds(one.when, params))?.title ?? rule.title ?? name
}

/** What stands beside a slider: its title, and what its number means where it means something of its own. @param {import("helpers/types").Rule} rule @param {string} name @param {Record<string, unknown>} params */
export function sliderWords(rule, name, params) {
  const meaning = rule.words?.[String(params[name])]
  return title(rule, name, params) + (meaning ? `: ${meaning}` : "")
}

/** "1 to 4" or "5" or "1, 3 and 7". @param {string[]} ids */
export function idWords(ids) {
  const numbers = ids.map(Number)
  const row = numbers.length > 2 && numbers.every((n, i) => Number.isInteger(n) && (i === 0 || n === (numbers[i - 1] ?? 0) + 1))
  if (row) return `${ids[0]} to ${ids.at(-1)}`
  if (ids.length > 4) return `${ids.slice(0, 3).join(", ")} and ${ids.length - 3} more`
  return ids.length > 1 ? `${ids.slice(0, -1).join(", ")} and ${ids.at(-1)}` : ids[0] ?? ""
}

/** Cites of one part together: the parts in order, each with its span ids. @param {Cite[]} cites @returns {{part: string, ids: string[]}[]} */
export function citesByPart(cites) {
  /** @type {Map<string, string[]>} */
  const groups = new Map()
  for (const { part, id } of cites) groups.set(part, [...(groups.get(part) ?? []), id])
  return [...groups].map(([part, ids]) => ({ part, ids }))
}

/** A guess in words: "2.0 hashes". @param {import("helpers/types").Guess | null} guess @param {string} unit */
export function guessWords(guess, unit) {
  if (!guess) return ""
  if (guess.kind === "bar") return `${decimals(guess.value)} ${unit}`
  if (guess.kind === "order") return guess.order.join(" ")
  return "as drawn"
}

/** The sizes of a sweep that are asked for: each up to twelve, then in steps; the largest always. @param {number} largest */
export function sizes(largest) {
  const all = Array.from({ length: largest }, (_, index) => index + 1)
  if (largest <= 12) return all
  return all.filter((size) => [1, 2, 3, 4, 6, 8, 12, 16, 24].includes(size) || size === largest)
}

/** "hash 5" → "Hash 5". @param {string} words */
export function capital(words) {
  return words.slice(0, 1).toUpperCase() + words.slice(1)
}
