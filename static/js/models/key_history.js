/** The rows of the list, and what they were: each change keeps what it replaced, so that the past can be put together again. */

import { LINGER } from "models/key_life"

/** @typedef {import("models/keys").KeyRow} KeyRow @typedef {{at: number, id: string, before: KeyRow | undefined}} Change */

/** Changes that are remembered: the oldest go, a quarter at a time. */
export const MOST = 20_000
/** How far back one may go, in milliseconds. */
export const LONGEST = 600_000

/** @extends {Map<string, KeyRow>} */
export class RememberedRows extends Map {
  /** The server's clock, milliseconds: the moment to which the next changes belong. */
  #now = 0
  /** @type {number | null} since when it is known what there was */
  #since = null
  /** @type {Change[]} */
  #log = []

  /** What changes from now on happened then; time does not run backwards. @param {number} now */
  tick(now) {
    this.#now = Math.max(this.#now, now)
  }

  /** From now on the rows are to be believed; only the first call counts. */
  begin() {
    this.#since ??= this.#now
  }

  /** @param {string} id @param {KeyRow} row */
  set(id, row) {
    const before = this.get(id)
    if (!before || !same(before, row)) this.#remember(id, before)
    return super.set(id, row)
  }

  /** @param {string} id */
  delete(id) {
    const before = this.get(id)
    if (before) this.#remember(id, before)
    return super.delete(id)
  }

  /** @param {string} id @param {KeyRow | undefined} before */
  #remember(id, before) {
    this.#log.push({ at: this.#now, id, before })
    if (this.#log.length <= MOST) return
    const dropped = this.#log.splice(0, MOST / 4)
    this.#since = Math.max(this.#since ?? 0, /** @type {Change} */ (dropped.at(-1)).at)
  }

  /** The earliest moment that can be shown from `now`. @param {number} now */
  oldest(now) {
    return Math.min(now, Math.max(this.#since ?? now, now - LONGEST))
  }

  /** The rows as they were at that moment. @param {number} moment @returns {Map<string, KeyRow>} */
  at(moment) {
    const rows = new Map(this)
    for (let index = this.#log.length - 1; index >= 0; index -= 1) {
      const { at, id, before } = /** @type {Change} */ (this.#log[index])
      if (at <= moment) break
      if (before) rows.set(id, before)
      else rows.delete(id)
    }
    for (const [id, row] of rows) if (row.gone && moment - row.at > LINGER) rows.delete(id)
    return rows
  }

  /** The last moment before this one at which something happened; null when there is none. @param {number} moment */
  before(moment) {
    return this.#log.findLast(({ at }) => at < moment)?.at ?? null
  }

  /** The first moment after this one at which something happened; null when there is none. @param {number} moment */
  after(moment) {
    return this.#log.find(({ at }) => at > moment)?.at ?? null
  }
}

/** @param {KeyRow} one @param {KeyRow} other */
function same(one, other) {
  const names = /** @type {(keyof KeyRow)[]} */ (Object.keys({ ...one, ...other }))
  return names.every((name) => one[name] === other[name])
}
