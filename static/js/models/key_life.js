/** How long a key has still to live, as a ring and in words. Pure. */

/** @typedef {import("models/keys").KeyRow} KeyRow */

/** Milliseconds that a row which is gone stays, with its cause. */
export const LINGER = 2500

/** Which part of its life is left, 0 to 1; null for a key that does not die. @param {KeyRow} row @param {number} now ms, server's clock */
export function left(row, now) {
  if (row.expires === null || row.expires === undefined) return null
  const whole = Math.max(1, row.expires - row.from)
  return Math.max(0, Math.min(1, (row.expires - now) / whole))
}

/** Deadlines that are remembered; the oldest go. */
const MOST = 20_000

/** When each deadline was first seen: a row that comes again, as after a filter, has the ring that it had. */
export class Lives {
  #known = /** @type {Map<string, {expires: number, from: number}>} */ (new Map())

  /** When this deadline was first seen; now, if nobody saw it. @param {Pick<KeyRow, "id" | "expires" | "from">} row */
  from({ id, expires, from }) {
    const known = this.#known.get(id)
    return known && known.expires === expires ? known.from : from
  }

  /** @param {Pick<KeyRow, "id" | "expires" | "from">} row */
  keep({ id, expires, from }) {
    if (expires === undefined) return
    this.#known.delete(id) // so that it is the youngest when it is set
    if (expires !== null) this.#known.set(id, { expires, from })
    if (this.#known.size <= MOST) return
    const [oldest] = this.#known.keys()
    if (oldest !== undefined) this.#known.delete(oldest)
  }
}

/** "dies in 8 s", or that it is over and the server still has it. @param {Pick<KeyRow, "expires" | "type">} row @param {number} now */
export function lifeWords({ expires, type }, now) {
  // The fields of a hash may have times to live of their own, and with the last of them the key goes.
  if (expires === null || expires === undefined) return type === "hash" ? "stays while it has fields" : "stays"
  const ms = expires - now
  if (ms <= 0) return "expired, not yet reclaimed"
  return `dies in ${duration(ms)}`
}

/** @param {number} ms */
export function duration(ms) {
  const seconds = ms / 1000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`
  return `${Math.round(seconds / 86_400)} days`
}

/** @param {number} bytes */
export function bytesWords(bytes) {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 1e6) return `${(bytes / 1000).toFixed(1)} kB`
  return `${(bytes / 1e6).toFixed(1)} MB`
}
