/**
 * Where the words of marks go along an axis: beside their lines, only where they cover no other word, and over no other
 * mark's line where there is another place, else with an arrow to their own. Marks of the same words at nearly the same place have them once, with their number.
 *
 * @typedef {{t: number, text: string, severity: string}} Mark
 * @typedef {{mark: Mark, x: number, text: string | null, side: "start" | "end"}} Placed  x: pixels; side: which end of the
 *   words is at the line; text: null where there is no room
 */

/** Pixels within which marks of the same words are told together. */
const NEAR = 6
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
  for (const group of together(placed)) {
    const covered = (/** @type {{stretch: [number, number]}} */ { stretch: [a, b] }) => (
      placed.filter((other) => !group.includes(other) && other.x > a - gap && other.x < b + gap).length)
    const alone = placesOf(group, { gap, wide }).filter((place) => covered(place) === 0)
    const among = placesOf(group, { gap, wide, arrow: true }).sort((a, b) => covered(a) - covered(b))
    const best = [...alone, ...among].find(({ stretch }) => free(stretch))
    if (!best) continue
    best.at.text = best.text
    best.at.side = best.side
    taken.push(best.stretch)
  }
  return placed
}

/** Marks that have their words in common, the weightiest first. @param {Placed[]} placed by x @returns {Placed[][]} */
function together(placed) {
  /** @type {Placed[][]} */
  const groups = []
  for (const one of placed) {
    const same = groups.find(([first]) => first && first.mark.text === one.mark.text && one.x - first.x <= NEAR)
    if (same) same.push(one)
    else groups.push([one])
  }
  const weight = (/** @type {Placed[]} */ group) => Math.max(...group.map(({ mark }) => WEIGHT[mark.severity] ?? 0))
  return groups.sort((a, b) => weight(b) - weight(a) || (a[0]?.x ?? 0) - (b[0]?.x ?? 0))
}

/**
 * Both places for the words of a group, the better one first: right of its last line, left of its first.
 * @param {Placed[]} group
 * @param {{gap: number, wide: (text: string) => number, arrow?: boolean}} axis arrow: the words say at which end their line is
 * @returns {{at: Placed, text: string, side: "start" | "end", stretch: [number, number]}[]}
 */
function placesOf(group, { gap, wide, arrow = false }) {
  const [first, last] = [group[0], group.at(-1)]
  if (!first || !last) return []
  const text = group.length > 1 ? `${first.mark.text} ×${group.length}` : first.mark.text
  const [right, left] = arrow ? [`← ${text}`, `${text} →`] : [text, text]
  return [
    { at: last, text: right, side: "start", stretch: [last.x + gap, last.x + gap + wide(right)] },
    { at: first, text: left, side: "end", stretch: [first.x - gap - wide(left), first.x - gap] },
  ]
}
