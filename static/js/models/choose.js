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
 * The repeat in the middle, by total: for an even count the lower of the two. Cold ones count only if there are no others.
 * @param {Part[]} parts
 * @returns {Part | undefined}
 */
export function medianPart(parts) {
  const done = parts.filter((part) => part.state === "end" && part.end > 0)
  const warm = done.filter((part) => !part.cold)
  const sorted = (warm.length > 0 ? warm : done).sort((a, b) => a.end - b.end || a.repeat - b.repeat)
  return sorted[(sorted.length - 1) >> 1]
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
