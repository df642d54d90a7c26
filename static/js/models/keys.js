/** What the page knows of the learners' keys: a reducer of pages (SCAN) and of live messages. No page, no server. */

import { GONE } from "models/key_causes"
import { fitting } from "models/key_filter"
import { RememberedRows } from "models/key_history"
import { LINGER } from "models/key_life"

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
 * @typedef {{changed: KeyChange[], stale: string | null, total: number | null, now: number, events: number, why: string}} KeyNews
 */

/** Rows that a page keeps. */
export const MOST = 20_000

export class Keys {
  /** In the order in which they came; remembers what it was. */
  rows = new RememberedRows()
  total = 0
  /** keys that came from pages, and how many SCAN has looked at */
  looked = 0
  done = false
  /** server's clock minus ours */
  offset = 0
  events = 0

  #told = /** @type {WeakMap<KeyRow, number>} when the server last spoke of a row */ (new WeakMap())

  /** @param {string[]} [patterns] */
  constructor(patterns = []) {
    this.fits = fitting(patterns)
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
    this.rows.tick(page.now)
    this.offset = page.now - here
    this.total = page.total
    for (const facts of page.rows) {
      if (!this.fits(facts.name) || (this.rows.size >= MOST && !this.rows.has(facts.id))) continue
      this.seen?.add(facts.id)
      this.#put(facts, page.now, this.rows.has(facts.id) ? undefined : { cause: "", at: 0 })
    }
    this.done = page.cursor === "0"
    this.looked = this.done ? page.total : Math.min(page.total, Math.max(this.looked + page.looked, this.seen?.size ?? 0))
    if (this.done) this.#dropUnseen()
    this.rows.begin()
  }

  /** What was looked at because it is in view; what was asked for and has no facts is not there any more, unless its end is still to be told. @param {KeyFacts[]} rows @param {number} now @param {string[]} asked */
  addFacts(rows, now, asked) {
    this.rows.tick(now)
    for (const facts of rows) if (this.rows.has(facts.id)) this.#put(facts, now)
    for (const row of asked.map((id) => this.rows.get(id))) {
      if (row && !row.gone && (this.#told.get(row) ?? 0) < now && !this.isOver(row.id, now)) this.rows.delete(row.id)
    }
  }

  /** Whether its time is over, though nobody said that it is gone. @param {string} id @param {number} now */
  isOver(id, now) {
    const expires = this.rows.get(id)?.expires
    return expires !== null && expires !== undefined && expires <= now
  }

  /** @param {KeyNews} news @param {number} here @param {(name: string) => boolean} [wanted] */
  hear(news, here, wanted = () => true) {
    this.rows.tick(news.now)
    this.offset = news.now - here
    this.events = news.events
    if (news.total !== null) this.total = news.total
    for (const change of news.changed) {
      if (!this.fits(change.name) || !wanted(change.name)) continue
      this.#change(change, news.now)
    }
  }

  /** Is there a key of this name? @param {string | null} name */
  has(name) {
    return [...this.rows.values()].some((row) => row.name === name && !row.gone)
  }

  /** Everything went at once. @param {string} cause @param {number} now */
  clear(cause, now) {
    this.rows.tick(now)
    for (const [id, row] of this.rows) this.rows.set(id, { ...row, gone: true, cause, at: now, expires: null })
  }

  /** Forget rows that were gone for a while; whether there were any. @param {number} now */
  sweep(now) {
    let swept = false
    this.rows.tick(now)
    for (const [id, row] of this.rows) {
      if (row.gone && now - row.at > LINGER) swept = this.rows.delete(id) || swept
    }
    return swept
  }

  /** Rows by name: those of now, or as they were at that moment. @param {number | null} [moment] */
  sorted(moment = null) {
    const rows = moment === null ? this.rows : this.rows.at(moment)
    return [...rows.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  }

  /** @param {KeyChange} change @param {number} now */
  #change(change, now) {
    const gone = GONE.has(change.cause) || GONE.has(change.by)
    const known = this.rows.get(change.id)
    if (!known && (gone || change.cause === "keymiss" || this.rows.size >= MOST)) return
    const more = { cause: change.cause, at: now, gone, misses: (known?.misses ?? 0) + change.misses, ...(gone ? { expires: null } : {}) }
    this.seen?.add(change.id)
    this.#put(change.row ?? { id: change.id, name: change.name }, now, more)
  }

  /** @param {KeyFacts} facts @param {number} now @param {Partial<KeyRow>} [more] */
  #put(facts, now, more = {}) {
    const before = this.rows.get(facts.id)
    const same = before !== undefined && before.expires === facts.expires
    const back = before?.gone === true && before.at < now // whoever has facts is there, whatever was heard before
    const row = { cause: "", at: 0, gone: false, misses: 0, ...before, ...(back ? { gone: false, cause: "", at: 0 } : {}), ...facts, ...more, from: same ? before.from : now }
    this.#told.set(row, now)
    this.rows.set(facts.id, row)
  }

  #dropUnseen() {
    const seen = this.seen
    this.seen = null
    if (!seen) return
    for (const [id, row] of this.rows) if (!seen.has(id) && !row.gone) this.rows.delete(id)
  }
}
