/** The Redis commands of a run as its programs told them. What they left out, and what is dropped here, is counted. */

import { Latest } from "models/bounded"
import { number, text } from "models/event"

/** @typedef {{part: string, line: string, micros: number, size: number}} Command */

const MOST = 400

export class CommandFeed {
  #latest = /** @type {Latest<Command>} */ (new Latest(MOST))
  /** done, but not told one by one */
  left = 0

  /** The newest, oldest first. */
  get items() {
    return this.#latest.items
  }

  /** All that were done. */
  get count() {
    return this.#latest.count + this.left
  }

  /** @param {import("models/event").RunEvent} event @param {string} part @param {number} seq */
  apply(event, part, seq) {
    this.left += Math.max(0, number(event.left) ?? 0)
    for (const told of Array.isArray(event.commands) ? event.commands : []) {
      if (!Array.isArray(told) || typeof told[3] !== "string") continue
      this.#latest.add(seq, { part, line: told[3], micros: number(told[1]) ?? 0, size: number(told[2]) ?? 0 })
    }
  }
}

/** Where an event tells of this key: its name and its owner. @param {import("models/event").RunEvent} event @param {unknown} place */
export function keyAt(event, place) {
  const keys = Array.isArray(event.keys) ? event.keys : []
  const told = keys[number(place) ?? -1]
  return Array.isArray(told) && text(told[0]) ? { name: text(told[0]), owner: text(told[1]) } : null
}
