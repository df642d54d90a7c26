/** Sums over a few numbers. */

import { after } from "models/bounded"

/** The middle value; the mean of the two middle ones for an even count. Null for none. @param {number[]} values */
export function median(values) {
  if (values.length === 0) return null
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  const upper = /** @type {number} */ (sorted[half])
  return sorted.length % 2 === 1 ? upper : (upper + /** @type {number} */ (sorted[half - 1])) / 2
}

/** The smallest and the largest. Null for none. @param {number[]} values @returns {[number, number] | null} */
export function range(values) {
  if (values.length === 0) return null
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return [low, high]
}

/** Numbers that come one by one, and their median at any time. */
export class Running {
  /** @type {number[]} */
  #sorted = []

  /** @param {number} value */
  add(value) {
    this.#sorted.splice(after(this.#sorted, value), 0, value)
  }

  get median() {
    return median(this.#sorted)
  }
}
