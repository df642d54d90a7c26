/** Lanes have a fixed order by role: the loop, then threads, then workers, then whatever else, and waiting last. */

import { number, record } from "models/event"

const ROLES = ["loop", "main", "thread", "worker", "process", "pool"]

/** @param {string} lane */
function rank(lane) {
  if (lane.startsWith("waiting")) return ROLES.length + 1
  const role = ROLES.findIndex((one) => lane === one || lane.startsWith(`${one} `))
  return role < 0 ? ROLES.length : role
}

/**
 * Compare two names so that numbers inside them count as numbers: "thread 2" comes before "thread 10".
 * @param {string} a
 * @param {string} b
 */
export function natural(a, b) {
  const left = a.split(/(\d+)/)
  const right = b.split(/(\d+)/)
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const [x, y] = [left[i] ?? "", right[i] ?? ""]
    if (x === y) continue
    const difference = i % 2 === 1 ? Number(x) - Number(y) : 0
    return difference || (x < y ? -1 : 1)
  }
  return left.length - right.length
}

/**
 * A lane as it is called where there is room: "worker 1 (pid 4711)", where its part told the process ids.
 * @param {{host: Record<string, unknown>} | null} part @param {string} lane
 */
export function laneName(part, lane) {
  const pid = number(record(part?.host.pids)[lane])
  return pid === null ? lane : `${lane} (pid ${pid})`
}

/** @param {Iterable<string>} names @returns {string[]} each once, in order */
export function orderLanes(names) {
  return [...new Set(names)].sort((a, b) => rank(a) - rank(b) || natural(a, b))
}
