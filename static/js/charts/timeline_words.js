/** What the timeline says in words: inside bars, on hover, and as a summary for who cannot see it. */

/** @typedef {import("models/rows").Bar} Bar @typedef {import("charts/timeline_groups").Group} Group */

import { laneName } from "models/lanes"
import { decimals } from "models/scale"

/** Words for the inside of a bar, the longest first. @param {Bar} bar @returns {string[]} */
export function barWords({ span, state }) {
  const number = /(\d+)$/.exec(span.name)?.[1]
  const short = number ?? span.name
  if (state === "ran" || state === "running" || state === "pooled") return [short]
  if (state === "broken") return [`${short} did not end`, short]
  const who = /^(?:.* )?(thread|worker)\b/.exec(span.lane)?.[1]
  const where = who && span.begin !== null ? `for a ${who}` : "" // who will take it is not known before
  const verb = state === "waited" ? "waited" : "waits"
  return [`${short} ${verb} ${where}`.trim(), `${short} ${verb}`, short]
}

/** Waits shorter than this share of the running time are not worth a word. */
const WORTH = 0.01

/**
 * A bar in words, a line for each fact: "hash 5 waited 1.86 hashes (0.47 s), ran 1.09".
 * @param {Bar} bar @param {Group} group
 * @returns {string[]}
 */
export function hoverWords({ span, state }, { scale, part }) {
  const say = (/** @type {number} */ seconds, /** @type {boolean} */ first) =>
    first ? scale.say(seconds) : `${decimals(scale.shown(seconds))}${scale.inUnits ? "" : " s"}`
  const [facts, where] = [/** @type {string[]} */ ([]), laneName(part, span.lane)]
  if (state === "pooled") return [`${span.name} is in the pool.`, "Which thread runs it is told when the burst is over."]
  if (span.waited !== null && span.waited > WORTH * (span.ran ?? 0)) facts.push(`waited ${say(span.waited, true)}`)
  if (span.begin === null) facts.push(state === "broken" ? "never began" : "waits")
  else if (span.ran !== null) facts.push(`ran ${say(span.ran, facts.length === 0)} on ${where}`)
  else facts.push(state === "broken" ? `began on ${where} and did not end` : `is running on ${where}`)
  if (span.ran && span.cpu !== null) facts.push(`had a CPU ${Math.round((100 * Math.min(span.cpu, span.ran)) / span.ran)} % of that time`)
  if (part?.cold) facts.push("first run, cold")
  return [`${span.name} ${facts[0]}`, ...facts.slice(1)].map((line, i, all) => (i < all.length - 1 ? `${line},` : line))
}

/** The whole timeline in a sentence or two. @param {Group[]} groups @param {string} title @param {string} guess */
export function summary(groups, title, guess) {
  const told = groups.map(({ title: name, part, layout, scale }) => {
    if (!part || part.spans.size === 0) return `${name || "Nothing"}${name ? ": nothing" : ""} has run yet`
    const lanes = new Set([...part.spans.values()].map((span) => span.lane).filter(Boolean)).size
    const waited = layout.bars.filter((bar) => bar.state === "waited" || bar.state === "waiting").length + layout.hidden
    const done = [...part.spans.values()].every((span) => span.complete)
    const end = done ? `, the last one done at ${scale.say(part.end)}` : ""
    const where = lanes > 0 ? ` on ${lanes} ${lanes === 1 ? "lane" : "lanes"}` : ""
    return `${name ? `${name}: ` : ""}${part.spans.size} ${part.spans.size === 1 ? "piece" : "pieces"} of work${where}, ${waited} had to wait${end}`
  })
  return `${title}. ${told.join(". ")}.${guess ? ` ${guess}.` : ""}`
}
