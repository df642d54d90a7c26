/** Packs what lies in time into as few rows as it needs: each on the first row that is free when it begins. */

export class Pack {
  /** @type {number[]} where each row is free again */
  #free = []

  /** @param {number} most rows */
  constructor(most) {
    this.most = most
  }

  /** Rows used so far. */
  get rows() {
    return this.#free.length
  }

  /** The row for this one, or null where there is none. To be asked in the order in which they begin. @param {number} from @param {number} to */
  place(from, to) {
    const found = this.#free.findIndex((free) => free <= from)
    const row = found < 0 ? this.rows : found
    if (row >= this.most) return null
    this.#free[row] = to
    return row
  }
}
