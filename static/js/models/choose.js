/** Which of many repeats to show. */

/** @typedef {import("models/part").Part} Part @typedef {import("models/run").RunModel} RunModel */

/**
 * The parts of each runtime, runtimes in the order in which the learner chose them.
 * @param {RunModel} run
 * @returns {Map<string, Part[]>}
 */
export function partsByRuntime(run) {
  const chosen = Array.isArray(run.params.runtimes) ? run.params.runtimes : []
  /** @type {Map<string, Part[]>} */
  const groups = new Map(chosen.map((key) => [String(key), []]))
  for (const part of run.parts.values()) {
    const group = groups.get(part.runtime)
    if (group) group.push(part)
    else groups.set(part.runtime, [part])
  }
  for (const [key, parts] of groups) if (parts.length === 0) groups.delete(key)
  return groups
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
