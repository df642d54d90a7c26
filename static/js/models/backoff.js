/**
 * How long to wait before the next attempt: doubling, capped, and with jitter so that a hall full of browsers does not
 * come back in the same instant.
 * @param {number} attempt 0 for the first
 * @param {{first?: number, most?: number, random?: () => number}} [options] milliseconds
 */
export function backoff(attempt, { first = 300, most = 15_000, random = Math.random } = {}) {
  const full = Math.min(most, first * 2 ** Math.min(attempt, 20))
  return full / 2 + (full / 2) * random()
}
