/**
 * Where the words of marks go along an axis: beside their lines, and only where they cover no other word.
 *
 * @typedef {{t: number, text: string, severity: string}} Mark
 * @typedef {{mark: Mark, x: number, text: string | null, side: "start" | "end"}} Placed  x: pixels; side: which end of the
 *   words is at the line; text: null where there is no room
 */

/** How much a mark is worth when there is no room for all. @type {Record<string, number>} */
const WEIGHT = { bad: 2, warn: 1 }

/**
 * @param {Mark[]} marks
 * @param {object} axis
 * @param {number} axis.from @param {number} axis.to what the axis shows
 * @param {number} axis.left @param {number} axis.width pixels
 * @param {number} axis.gap pixels between a line and its words
 * @param {(text: string) => number} axis.wide pixels that a text needs
 * @returns {Placed[]} those inside, by time
 */
export function placeMarks(marks, { from, to, left, width, gap, wide }) {
  const inside = marks.filter(({ t }) => t >= from && t <= to).sort((a, b) => a.t - b.t)
  const placed = inside.map((mark) => (
    /** @type {Placed} */ ({ mark, x: left + ((mark.t - from) / (to - from)) * width, text: null, side: "start" })))
  /** @type {[number, number][]} */
  const taken = []
  const free = (/** @type {[number, number]} */ [a, b]) => a >= left && b <= left + width && taken.every(([c, d]) => b + gap <= c || a >= d + gap)
  const byWeight = [...placed].sort((a, b) => (WEIGHT[b.mark.severity] ?? 0) - (WEIGHT[a.mark.severity] ?? 0) || a.x - b.x)
  for (const one of byWeight) {
    const length = wide(one.mark.text)
    for (const side of /** @type {const} */ (["start", "end"])) {
      const start = side === "start" ? one.x + gap : one.x - gap - length
      if (one.text !== null || !free([start, start + length])) continue
      one.text = one.mark.text
      one.side = side
      taken.push([start, start + length])
    }
  }
  return placed
}
