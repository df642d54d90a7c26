/**
 * The turns of an event loop as one part told them, and the moments in them that a learner can step through.
 *
 * @typedef {import("models/part").Part} Part
 * @typedef {import("models/span").Span} Span
 * @typedef {"timers" | "os" | "pool" | "ready"} Place
 * @typedef {object} Turn
 * @property {number} n
 * @property {number} t  seconds at which it begins
 * @property {Record<Place, Span[]>} pending  before it
 * @property {number} waited  seconds
 * @property {number | null} limit  how long it was ready to wait; null where that is not to be seen
 * @property {boolean} endless  without a limit
 * @property {string} woke
 * @property {string} held  the runtime's own words
 * @property {number} unseen  turns before this one in which nothing of the program was called
 * @property {string} end  why there is no further one; "" where there is
 * @property {Span[]} calls  in order
 * @typedef {{turn: Turn, call: Span | null}} Moment  call: null while the loop looks what is pending and waits
 */

import { number, text } from "models/event"

export const PLACES = /** @type {Place[]} */ (["timers", "os", "pool", "ready"])

/** @param {Part} part @returns {Turn[]} by number */
export function turnsOf(part) {
  const calls = part.inOrder().filter((span) => span.begin !== null)
  const told = [...part.turns].sort((a, b) => Number(a.n) - Number(b.n))
  return told.map((event) => {
    const n = Number(event.n)
    return {
      n, t: number(event.t) ?? 0, waited: number(event.waited) ?? 0, limit: number(event.limit), endless: event.endless === true,
      woke: text(event.woke, "none"), held: text(event.held), unseen: number(event.unseen) ?? 0, end: text(event.end),
      pending: /** @type {Record<Place, Span[]>} */ (Object.fromEntries(PLACES.map((place) => [place, ids(event[place]).flatMap((id) => part.spans.get(id) ?? [])]))),
      calls: calls.filter((span) => span.turn === n && text(event.end) === ""),
    }
  })
}

/** What was called before the first turn: the program itself. @param {Part} part @param {Turn[]} turns @returns {Span[]} */
export function before(part, turns) {
  const known = new Set(turns.flatMap((turn) => turn.calls))
  return part.inOrder().filter((span) => span.begin !== null && !known.has(span))
}

/** One moment for each turn's wait, and one for each call in it. @param {Turn[]} turns @returns {Moment[]} */
export function momentsOf(turns) {
  return turns.flatMap((turn) => [{ turn, call: null }, ...turn.calls.map((call) => ({ turn, call }))])
}

/** The calls of a turn by the phase that made them, in the order in which the phases came. @param {Turn} turn @returns {{phase: string, calls: Span[]}[]} */
export function phasesOf({ calls }) {
  /** @type {{phase: string, calls: Span[]}[]} */
  const phases = []
  for (const call of calls) {
    if (phases.at(-1)?.phase === call.lane) phases.at(-1)?.calls.push(call)
    else phases.push({ phase: call.lane, calls: [call] })
  }
  return phases
}

/** @type {Record<string, string>} */
const WAKERS = {
  timer: "a timer was due", os: "the operating system had something", pool: "a thread of the pool had finished", own: "a timer of the runtime's own",
}

/** @type {Record<string, string>} */
const ENDS = {
  empty: "Nothing is pending that could call back. The loop ends by itself.",
  told: "The program tells the loop to end. By itself this one would wait for ever.",
  stopped: "It would go on waiting. This lab ends the run here.",
}

/** How long the loop waited in a turn, and what woke it. @param {Turn} turn */
export function waitWords(turn) {
  if (turn.end) return ENDS[turn.end] ?? "The last turn that was seen."
  const waited = `${(1000 * turn.waited).toFixed(1)} ms`
  const ready = turn.endless ? ", ready to wait without limit" : turn.limit ? `, ready to wait ${(1000 * turn.limit).toFixed(0)} ms` : ""
  const skipped = turn.unseen > 0 ? ` Before it, ${turn.unseen} turn${turn.unseen > 1 ? "s" : ""} with nothing of this program.` : ""
  if (turn.woke === "none" || turn.waited < 0.00005) return `It does not wait: there is something to call.${skipped}`
  return `It waited ${waited}${ready}, until ${WAKERS[turn.woke] ?? turn.woke}.${skipped}`
}

/** @param {unknown} value @returns {string[]} */
function ids(value) {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : []
}
