/** How often each key, and each query in it, was a hit, a miss, a fill: as the wrapper counted, never as the server did. */

import { keyAt } from "models/command_feed"
import { number, record, text } from "models/event"

/**
 * @typedef {Record<string, number>} Sums  hit, wait, miss, fill, clear, stale-refused
 * @typedef {{name: string, owner: string, sums: Sums, queries: Map<string, Sums>}} KeyCount  queries: by their names
 */

const MOST_KEYS = 2000
const MOST_QUERIES = 100

export class KeyCounts {
  /** @type {Map<string, KeyCount>} by the key's name */
  keys = new Map()
  /** accesses for which there was no room: here, or in the program */
  lost = 0

  /** @param {import("models/event").RunEvent} event */
  apply(event) {
    this.lost += Math.max(0, number(event.lost) ?? 0)
    for (const told of Array.isArray(event.counts) ? event.counts : []) {
      const key = Array.isArray(told) ? keyAt(event, told[0]) : null
      if (key) this.#add(key, text(told[1]), record(told[2]))
    }
  }

  /** @param {{name: string, owner: string}} key @param {string} query @param {Record<string, unknown>} more */
  #add({ name, owner }, query, more) {
    let known = this.keys.get(name)
    if (!known) {
      if (this.keys.size >= MOST_KEYS) return void (this.lost += total(more))
      this.keys.set(name, (known = { name, owner, sums: {}, queries: new Map() }))
    }
    add(known.sums, more)
    if (!query) return
    const sums = known.queries.get(query)
    if (sums) add(sums, more)
    else if (known.queries.size < MOST_QUERIES) known.queries.set(query, add({}, more))
  }
}

/** @param {Sums} sums @param {Record<string, unknown>} more */
function add(sums, more) {
  for (const [what, count] of Object.entries(more)) sums[what] = (sums[what] ?? 0) + Math.max(0, number(count) ?? 0)
  return sums
}

/** @param {Record<string, unknown>} more */
function total(more) {
  return Object.values(add({}, more)).reduce((sum, one) => sum + one, 0)
}

/** Answers from the cache among all reads; null before the first. @param {Sums} sums */
export function hitRatio(sums) {
  const given = (sums.hit ?? 0) + (sums.wait ?? 0)
  const reads = given + (sums.miss ?? 0)
  return reads > 0 ? given / reads : null
}
