/** The rows of the table of processes, as the events told them last. Pure. */

import { identifier, number, text } from "models/event"
import { natural } from "models/lanes"

/**
 * @typedef {object} ProcessRow
 * @property {string} id        "worker 2"
 * @property {number | null} place  2; null for a row that has no number
 * @property {number | null} pid
 * @property {string} status
 * @property {number | null} uptime  seconds
 * @property {number} restarts
 * @property {number | null} cpu     per cent of one CPU
 * @property {number | null} memory  MB
 * @property {number | null} rate    requests a second
 */

const MOST_ROWS = 64

export class ProcessRows {
  /** @type {Map<string, ProcessRow & {seq: number, over: boolean}>} */
  #rows = new Map()

  /** @param {import("models/event").RunEvent} event @param {number} seq */
  apply(event, seq) {
    const id = identifier(event.id)
    if (id === null) return
    const known = this.#rows.get(id)
    if (known ? known.seq > seq : this.#rows.size >= MOST_ROWS) return
    const place = /(\d+)$/.exec(id)
    this.#rows.set(id, {
      id, seq, over: event.over === true, place: place ? Number(place[1]) : null, pid: number(event.pid), status: text(event.status),
      uptime: number(event.uptime), restarts: number(event.restarts) ?? 0, cpu: number(event.cpu), memory: number(event.memory), rate: number(event.rate),
    })
  }

  /** Rows without a number first ("master"), then by number. @returns {ProcessRow[]} */
  get all() {
    return [...this.#rows.values()].filter((row) => !row.over).sort((a, b) =>
      (a.place ?? -1) - (b.place ?? -1) || natural(a.id, b.id))
  }
}
