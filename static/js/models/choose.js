/** Which of many repeats to show. */

/** @typedef {import("models/part").Part} Part @typedef {import("models/run").RunModel} RunModel */

/** @typedef {{runtime: string, label: string, parts: Part[]}} Variant  one thing that was measured, in all its repeats */

/**
 * What was measured: a runtime, or several things on one runtime that their labels tell apart ("gevent, requests").
 * Runtimes in the order in which the learner chose them, the things of a runtime in the order in which they first ran.
 * @param {RunModel} run
 * @param {{swept?: boolean}} [options] swept: the sizes of a sweep, which the last words of the labels name, belong together
 * @returns {Variant[]}
 */
export function variants(run, { swept = false } = {}) {
  /** @type {Map<string, Variant>} */
  const groups = new Map()
  for (const part of run.parts.values()) {
    const label = swept ? part.label.split(",").slice(0, -1).join(",") || part.label : part.label
    const key = JSON.stringify([part.runtime, label])
    const group = groups.get(key)
    if (group) group.parts.push(part)
    else groups.set(key, { runtime: part.runtime, label, parts: [part] })
  }
  const chosen = Array.isArray(run.params.runtimes) ? run.params.runtimes.map(String) : []
  const place = (/** @type {Variant} */ { runtime }) => (chosen.includes(runtime) ? chosen.indexOf(runtime) : chosen.length)
  return [...groups.values()].sort((a, b) => place(a) - place(b))
}

/**
 * The repeat in the middle, by total in units of work (in seconds, where no unit is known), cold ones included as in the
 * results. For an even count the lower of the two.
 * @param {Part[]} parts
 * @returns {Part | undefined}
 */
export function medianPart(parts) {
  const done = parts.filter((part) => part.state === "end" && part.end > 0)
  const inUnits = done.every((part) => part.unit !== null)
  const total = (/** @type {Part} */ part) => (inUnits ? part.end / Number(part.unit) : part.end)
  done.sort((a, b) => total(a) - total(b) || a.repeat - b.repeat)
  return done[(done.length - 1) >> 1]
}

/**
 * The part to show of one runtime: the one asked for, else the latest while the run goes on, else the median one.
 * @param {Part[]} parts in recorded order
 * @param {{ended: boolean, repeat?: number | null}} options
 * @returns {Part | undefined}
 */
export function shownPart(parts, { ended, repeat = null }) {
  if (repeat !== null) return parts.find((part) => part.repeat === repeat)
  const latest = parts.findLast((part) => part.spans.size > 0) ?? parts.at(-1)
  return ended ? medianPart(parts) ?? latest : latest
}
