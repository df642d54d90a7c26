/** What the page knows of the learners' keys: a reducer of pages (SCAN) and of live messages. No page, no server. */

/**
 * @typedef {object} KeyFacts
 * @property {string} id
 * @property {string} name  escaped: everything can be seen
 * @property {string} [type]
 * @property {number} [size]  bytes
 * @property {string} [encoding]
 * @property {number | null} [expires]  ms of the server's clock
 *
 * @typedef {KeyFacts & {from: number, cause: string, at: number, gone: boolean, misses: number}} KeyRow
 *   `from`: when its expiry was first seen, so that a ring can empty; `at`: when something last happened to it
 *
 * @typedef {{id: string, name: string, cause: string, by: string, times: number, misses: number, row?: KeyFacts}} KeyChange
 * @typedef {{changed: KeyChange[], stale: string | null, total: number | null, now: number, events: number}} KeyNews
 */

/** Milliseconds that a row which is gone stays, with its cause. */
export const LINGER = 2500
/** Rows that a page keeps. */
export const MOST = 20_000

const GONE = new Set(["del", "expired", "evicted", "rename_from", "move_from"])

/** @type {Record<string, string>} */
const WORDS = {
  new: "new", set: "set", del: "deleted", expired: "expired", evicted: "evicted: memory was full", expire: "time to live set",
  persist: "kept for good", rename_from: "renamed away", rename_to: "renamed to this", keymiss: "missed", hset: "field set",
  hdel: "field deleted", hexpire: "field's time to live set", hexpired: "field expired", hincrby: "field counted", incrby: "counted",
  append: "appended", setrange: "changed inside", lpush: "pushed left", rpush: "pushed right", lpop: "popped left", rpop: "popped right",
  sadd: "member added", srem: "member removed", zadd: "scored", zincr: "scored", zrem: "member removed", xadd: "entry added",
  copy_to: "copied to this", restore: "restored", ltrim: "trimmed",
}

/** The cause of a change as people say it. @param {string} cause */
export function causeWords(cause) {
  return WORDS[cause] ?? cause.replaceAll("_", " ")
}

/** @param {string} name @param {string[]} patterns glob patterns with * and ?; none: every name fits */
export function fits(name, patterns) {
  if (patterns.length === 0) return true
  return patterns.some((pattern) => new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".")}$`, "s").test(name))
}

export class Keys {
  /** @type {Map<string, KeyRow>} in the order in which they came */
  rows = new Map()
  total = 0
  /** keys that came from pages, and how many SCAN has looked at */
  looked = 0
  done = false
  /** server's clock minus ours */
  offset = 0
  events = 0

  /** @param {string[]} [patterns] */
  constructor(patterns = []) {
    this.patterns = patterns
    /** @type {Set<string> | null} what a scan under way has found again */
    this.seen = null
  }

  /** Begin to read anew; rows stay until the scan says that they are gone. */
  restart() {
    this.seen = new Set()
    this.looked = 0
    this.done = false
  }

  /** @param {{rows: KeyFacts[], cursor: string, looked: number, total: number, now: number}} page @param {number} here our clock */
  addPage(page, here) {
    this.offset = page.now - here
    this.total = page.total
    for (const facts of page.rows) {
      if (!fits(facts.name, this.patterns) || this.rows.size >= MOST) continue
      this.seen?.add(facts.id)
      this.#put(facts, page.now, this.rows.has(facts.id) ? undefined : { cause: "", at: 0 })
    }
    this.done = page.cursor === "0"
    this.looked = this.done ? page.total : Math.min(page.total, this.looked + page.looked)
    if (this.done) this.#dropUnseen()
  }

  /** What was looked at because it is in view. @param {KeyFacts[]} rows @param {number} now */
  addFacts(rows, now) {
    for (const facts of rows) if (this.rows.has(facts.id)) this.#put(facts, now)
  }

  /** @param {KeyNews} news @param {number} here @param {(name: string) => boolean} [wanted] */
  hear(news, here, wanted = () => true) {
    this.offset = news.now - here
    this.events = news.events
    if (news.total !== null) this.total = news.total
    for (const change of news.changed) {
      if (!fits(change.name, this.patterns) || !wanted(change.name)) continue
      this.#change(change, news.now)
    }
  }

  /** Is there a key of this name? @param {string | null} name */
  has(name) {
    return [...this.rows.values()].some((row) => row.name === name && !row.gone)
  }

  /** Everything went at once. @param {string} cause @param {number} now */
  clear(cause, now) {
    for (const row of this.rows.values()) Object.assign(row, { gone: true, cause, at: now, expires: null })
  }

  /** Forget rows that were gone for a while; whether there were any. @param {number} now */
  sweep(now) {
    let swept = false
    for (const [id, row] of this.rows) {
      if (row.gone && now - row.at > LINGER) swept = this.rows.delete(id) || swept
    }
    return swept
  }

  /** Rows that are there, by name. */
  sorted() {
    return [...this.rows.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  }

  /** @param {KeyChange} change @param {number} now */
  #change(change, now) {
    const gone = GONE.has(change.cause) || GONE.has(change.by)
    const known = this.rows.get(change.id)
    if (!known && (gone || change.cause === "keymiss" || this.rows.size >= MOST)) return
    const more = { cause: change.cause, at: now, gone, misses: (known?.misses ?? 0) + change.misses }
    this.seen?.add(change.id)
    this.#put(change.row ?? { id: change.id, name: change.name }, now, more)
    if (gone) Object.assign(/** @type {KeyRow} */ (this.rows.get(change.id)), { expires: null })
  }

  /** @param {KeyFacts} facts @param {number} now @param {Partial<KeyRow>} [more] */
  #put(facts, now, more = {}) {
    const before = this.rows.get(facts.id)
    const same = before !== undefined && before.expires === facts.expires
    const row = { cause: "", at: 0, gone: false, misses: 0, ...before, ...facts, ...more, from: same ? before.from : now }
    this.rows.set(facts.id, row)
  }

  #dropUnseen() {
    const seen = this.seen
    this.seen = null
    if (!seen) return
    for (const [id, row] of this.rows) if (!seen.has(id) && !row.gone) this.rows.delete(id)
  }
}
