/**
 * Lays out a part as rows of bars: one row a lane, then what waits, stacked where waits overlap.
 *
 * @typedef {import("models/part").Part} Part
 * @typedef {import("models/span").Span} Span
 * @typedef {"ran" | "running" | "waited" | "waiting" | "pooled" | "broken"} BarState
 *   pooled: handed to a pool that cannot tell yet which of its threads runs what; broken: began and never ended
 * @typedef {{span: Span, row: number, from: number, to: number, state: BarState}} Bar  seconds
 * @typedef {{name: string, label: string, size: number}} Row  size: 1 is a whole row
 * @typedef {{rows: Row[], bars: Bar[], hidden: number}} Layout  hidden: waits for which there was no row
 */

import { number } from "models/event"
import { natural, orderLanes } from "models/lanes"
import { Pack } from "models/pack"

/** Rows for waits; more are counted in words. */
const MOST_WAITING = 6
/** Two or more rows of waits are lower than the lanes. */
const LOW = 0.62
/** For so long a pool that reports nothing counts as a pool whose report is on its way. Seconds. */
const SILENT = 0.15

/**
 * @param {Part} part
 * @param {{now: number | null, shortest: number}} options now: seconds of the part's own clock, null when it does not run;
 *   shortest: waits that are shorter than this many seconds are left out
 * @returns {Layout}
 */
export function layoutPart(part, { now, shortest }) {
  const spans = [...part.spans.values()]
  const open = Math.max(part.end, now ?? latest(spans))
  const live = now !== null
  if (part.begun === 0 && live && now >= SILENT && spans.length > 0) return pooled(spans, open)
  const lanes = lanesOf(part, spans)
  const bars = running(spans, lanes, open, live)
  const waits = spans.flatMap((span) => wait(span, open, live)).filter((bar) => bar.to - bar.from >= shortest)
  const onThreads = part.state !== "end" && lanes.every((lane) => lane.startsWith("thread "))
  return below(lanes, bars, waits, "waiting", onThreads ? expectedWaits(part.params) : 0)
}

/** Before anything is known but the parameters. @param {Record<string, unknown>} params @returns {Layout} */
export function layoutPreview(params) {
  return below(threads(count(params.pool)), [], [], "waiting", expectedWaits(params))
}

/** @param {Span[]} spans the latest moment that is known of */
function latest(spans) {
  return spans.reduce((most, span) => Math.max(most, span.end ?? span.begin ?? span.queued ?? 0), 0)
}

/** @param {Part} part @param {Span[]} spans */
function lanesOf(part, spans) {
  const used = spans.map((span) => span.lane).filter(Boolean)
  const pool = used.every((lane) => lane.startsWith("thread ")) ? count(part.host.pool ?? part.params.pool) : 0
  return orderLanes([...threads(pool), ...used])
}

/** @param {unknown} value */
function count(value) {
  return Math.max(0, Math.min(256, Math.floor(number(value) ?? 0)))
}

/** @param {number} pool */
function threads(pool) {
  return Array.from({ length: pool }, (_, i) => `thread ${i + 1}`)
}

/** How many will have to wait by the parameters, so that their rows are there from the start. @param {Record<string, unknown>} params */
function expectedWaits({ tasks, pool }) {
  return count(pool) === 0 ? 0 : Math.min(MOST_WAITING, Math.max(0, count(tasks) - count(pool)))
}

/** @param {Span[]} spans @param {string[]} lanes @param {number} open @param {boolean} live @returns {Bar[]} */
function running(spans, lanes, open, live) {
  const rowOf = new Map(lanes.map((lane, row) => [lane, row]))
  return spans.flatMap((span) => {
    const row = rowOf.get(span.lane)
    if (span.begin === null || row === undefined) return []
    const to = Math.max(span.begin, span.end ?? open)
    /** @type {BarState} */
    const state = span.end !== null ? "ran" : live ? "running" : "broken"
    return [{ span, row, from: span.begin, to, state }]
  })
}

/** @param {Span} span @param {number} open @param {boolean} live @returns {Bar[]} */
function wait(span, open, live) {
  if (span.queued === null) return []
  if (span.begin !== null) return [{ span, row: 0, from: span.queued, to: span.begin, state: "waited" }]
  return span.end === null ? [{ span, row: 0, from: span.queued, to: open, state: live ? "waiting" : "broken" }] : []
}

/** @param {Span[]} spans @param {number} open @returns {Layout} */
function pooled(spans, open) {
  const bars = spans.flatMap((span) => wait(span, open, true)).map((bar) => ({ ...bar, state: /** @type {BarState} */ ("pooled") }))
  return below([], [], bars, "in the pool", 0, 16)
}

/**
 * Stack waits under the lanes: each on the first row where it fits, in the order in which they were queued.
 * @param {string[]} lanes @param {Bar[]} bars @param {Bar[]} waits @param {string} label @param {number} atLeast rows
 * @param {number} [most]
 * @returns {Layout}
 */
function below(lanes, bars, waits, label, atLeast, most = MOST_WAITING) {
  waits.sort((a, b) => a.from - b.from || natural(a.span.id, b.span.id))
  const pack = new Pack(most)
  const placed = waits.flatMap((bar) => {
    const row = pack.place(bar.from, bar.to)
    return row === null ? [] : [{ ...bar, row: lanes.length + row }]
  })
  const rows = Math.max(atLeast, pack.rows)
  const size = rows > 1 && lanes.length > 0 ? LOW : 1
  return {
    rows: [
      ...lanes.map((lane) => ({ name: lane, label: lane, size: 1 })),
      ...Array.from({ length: rows }, (_, i) => ({ name: `${label} ${i + 1}`, label: i === 0 ? label : "", size })),
    ],
    bars: [...bars, ...placed],
    hidden: waits.length - placed.length,
  }
}
