/**
 * Thins a line to what can be seen: the smallest and the largest value of each pixel column, in their order, so that
 * no spike is lost. At most two points a column.
 */

import { after } from "models/bounded"

/**
 * @param {ArrayLike<number> & number[]} x ascending
 * @param {number[]} y
 * @param {{from: number, to: number, columns: number, start?: number}} view x from, x to, pixel columns; `start`: first
 *   index that counts
 * @returns {{x: number[], y: number[]}} with the neighbours just outside the view, so that the line runs off the edge
 */
export function thin(x, y, { from, to, columns, start = 0 }) {
  const first = Math.max(start, after(x, from, start) - 1)
  const last = Math.min(x.length - 1, after(x, to, start))
  /** @type {{x: number[], y: number[]}} */
  const out = { x: [], y: [] }
  if (last < first) return out
  if (last - first + 1 <= 2 * columns) {
    return { x: x.slice(first, last + 1), y: y.slice(first, last + 1) }
  }
  const width = (to - from) / columns
  let at = first
  while (at <= last) at = column(x, y, at, last, from, width, out)
  return out
}

/**
 * Take one pixel column's points; the index behind it comes back.
 * @param {number[]} x @param {number[]} y @param {number} at @param {number} last @param {number} from
 * @param {number} width @param {{x: number[], y: number[]}} out
 */
function column(x, y, at, last, from, width, out) {
  const edge = from + (Math.floor((/** @type {number} */ (x[at]) - from) / width) + 1) * width
  let [low, high, i] = [at, at, at + 1]
  for (; i <= last && /** @type {number} */ (x[i]) < edge; i += 1) {
    const value = /** @type {number} */ (y[i])
    if (value < /** @type {number} */ (y[low])) low = i
    if (value > /** @type {number} */ (y[high])) high = i
  }
  for (const index of low === high ? [low] : low < high ? [low, high] : [high, low]) {
    out.x.push(/** @type {number} */ (x[index]))
    out.y.push(/** @type {number} */ (y[index]))
  }
  return i
}
