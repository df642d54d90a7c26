/** What happened to the keys of a part, step by step: cleared, missed, filled. */

import { keyAt } from "models/command_feed"
import { number, text } from "models/event"

/** @typedef {{t: number, key: string, what: string, query: string}} Step  query: the end of its name */

const MOST = 5000

export class KeySteps {
  /** @type {Step[]} in the order in which they were told */
  items = []
  /** steps for which there was no room: here, or in the program */
  lost = 0

  /** @param {import("models/event").RunEvent} event */
  apply(event) {
    this.lost += Math.max(0, number(event.lost) ?? 0)
    for (const told of Array.isArray(event.steps) ? event.steps : []) {
      const [t, place, what, query] = Array.isArray(told) ? told : []
      const key = keyAt(event, place)
      if (key === null || number(t) === null) continue
      if (this.items.length < MOST) this.items.push({ t, key: key.name, what: text(what), query: text(query) })
      else this.lost += 1
    }
  }
}
