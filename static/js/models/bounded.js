/**
 * Lists that keep their order whatever order things arrive in, and that never grow beyond a limit.
 */

/**
 * The items with the highest numbers, in order. `count` says how many there were in all.
 * @template T
 */
export class Latest {
  /** @type {T[]} */
  items = []
  /** @type {number[]} */
  #keys = []
  count = 0

  /** @param {number} limit */
  constructor(limit) {
    this.limit = limit
  }

  /** @param {number} key usually the event's seq @param {T} item */
  add(key, item) {
    this.count += 1
    const at = after(this.#keys, key)
    if (this.items.length >= this.limit) {
      if (at === 0) return
      this.items.splice(at, 0, item)
      this.#keys.splice(at, 0, key)
      this.items.shift()
      this.#keys.shift()
    } else {
      this.items.splice(at, 0, item)
      this.#keys.splice(at, 0, key)
    }
  }
}

/** Values over time, by time. When full, the oldest go; `count` says how many there were in all. */
export class Series {
  /** @type {number[]} seconds */
  t = []
  /** @type {number[]} */
  v = []
  /** Where the kept values start in `t` and `v`: what is before is dropped and awaits clearing. */
  start = 0
  count = 0
  unit = ""
  /** The highest seq of its samples. */
  seq = 0

  /** @param {number} limit */
  constructor(limit = 300_000) {
    this.limit = limit
  }

  get length() {
    return this.t.length - this.start
  }

  /** @param {number} t @param {number} v @param {number} seq */
  add(t, v, seq) {
    this.count += 1
    if (seq > this.seq) this.seq = seq
    const length = this.t.length
    if (length === 0 || t > /** @type {number} */ (this.t[length - 1])) {
      this.t.push(t)
      this.v.push(v)
    } else {
      this.#insert(t, v)
    }
    if (this.length > this.limit) this.start += 1
    if (this.start > this.limit) this.#clear()
  }

  /** A late one: by time, and by value at the same time. @param {number} t @param {number} v */
  #insert(t, v) {
    let at = after(this.t, t, this.start)
    while (at > this.start && this.t[at - 1] === t && /** @type {number} */ (this.v[at - 1]) > v) at -= 1
    this.t.splice(at, 0, t)
    this.v.splice(at, 0, v)
  }

  #clear() {
    this.t = this.t.slice(this.start)
    this.v = this.v.slice(this.start)
    this.start = 0
  }
}

/**
 * The index behind the last element that is not greater than `key` in a sorted list.
 * @param {number[]} sorted
 * @param {number} key
 * @param {number} [from]
 */
export function after(sorted, key, from = 0) {
  let low = from
  let high = sorted.length
  if (high > low && /** @type {number} */ (sorted[high - 1]) <= key) return high
  while (low < high) {
    const middle = (low + high) >> 1
    if (/** @type {number} */ (sorted[middle]) <= key) low = middle + 1
    else high = middle
  }
  return low
}
