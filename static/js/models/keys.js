/** What the page knows of the learners' keys: a reducer of pages (SCAN) and of live messages. No page, no server. */

import { GONE } from "models/key_causes"
import { fitting } from "models/key_filter"
import { RememberedRows } from "models/key_history"
import { LINGER, Lives } from "models/key_life"
import { KeyReading } from "models/key_reading"
import { merged } from "models/key_row"

/**
 * @typedef {import("models/key_row").KeyFacts} KeyFacts @typedef {import("models/key_row").KeyRow} KeyRow
 * @typedef {{id: string, name: string, cause: string, by: string, times: number, misses: number, row?: KeyFacts}} KeyChange
 * @typedef {{changed: KeyChange[], stale: string | null, total: number | null, now: number, events: number, why: string}} KeyNews
 */

/** Rows that a page keeps. */
export const MOST = 20_000

export class Keys {
  /** In the order in which they came; remembers what it was. */
  rows = new RememberedRows()
  /** how far a scan has come */
  reading = new KeyReading()
  total = 0
  /** server's clock minus ours */
  offset = 0
  events = 0
  /** keys were left out because the list was full */
  leftOut = false

  #told = /** @type {WeakMap<KeyRow, number>} when the server last spoke of a row */ (new WeakMap())

  /** @param {string[]} [patterns] @param {Lives} [lives] what is known of deadlines already */
  constructor(patterns = [], lives = new Lives()) {
    this.fits = fitting(patterns)
    this.lives = lives
  }

  get full() {
    return this.rows.size >= MOST
  }

  /** Whether what was left out should be looked for again: there is room, and not for a few only. */
  get hasRoomAgain() {
    return this.leftOut && this.rows.size < 0.9 * MOST
  }

  /** Begin to read anew; rows stay until the reading has ended without them. */
  restart() {
    this.reading.restart()
    this.leftOut = false
  }

  /** @param {{rows: KeyFacts[], cursor: string, looked: number, total: number, now: number}} page @param {number} here our clock */
  addPage(page, here) {
    this.rows.tick(page.now)
    this.offset = page.now - here
    this.total = page.total
    for (const facts of page.rows) {
      const known = this.rows.has(facts.id)
      if (!this.fits(facts.name) || !(known || this.#room())) continue
      this.reading.find(facts.id)
      if (!this.reading.isOlder(facts.id)) this.#learn(facts, page.now)
    }
    this.reading.came(page)
    if (this.reading.done) this.end(true)
    this.rows.begin()
  }

  /** No page is to come. What a reading from the start did not find again goes: if it lives, "Show more" finds it. @param {boolean} ended by itself */
  end(ended) {
    const found = this.reading.end(ended)
    if (found) for (const [id, row] of this.rows) if (!found.has(id) && !row.gone) this.rows.delete(id)
  }

  /** What was looked at because it is in view; what was asked for and has no facts is not there any more, unless its end is still to be told. @param {KeyFacts[]} rows @param {number} now @param {string[]} asked @param {number} here our clock */
  addFacts(rows, now, asked, here) {
    this.rows.tick(now)
    this.offset = now - here
    for (const facts of rows) if (this.rows.has(facts.id)) this.#learn(facts, now)
    for (const row of asked.map((id) => this.rows.get(id))) {
      if (row && !row.gone && (this.#told.get(row) ?? 0) < now && !this.isOver(row.id, now)) this.rows.delete(row.id)
    }
  }

  /** Whether its time is over, though nobody said that it is gone. @param {string} id @param {number} now */
  isOver(id, now) {
    const expires = this.rows.get(id)?.expires
    return expires !== null && expires !== undefined && expires <= now
  }

  /** @param {KeyNews} news @param {number} here our clock when it came @param {(name: string) => boolean} [wanted] new keys that are shown */
  hear(news, here, wanted = () => true) {
    this.rows.tick(news.now)
    this.offset = news.now - here
    this.events = news.events
    if (news.total !== null) this.total = news.total
    if (this.rows.size + news.changed.length > MOST) this.sweep(news.now)
    for (const change of news.changed) {
      if (this.rows.has(change.id) || (this.fits(change.name) && wanted(change.name))) this.#change(change, news.now)
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

  /** Forget rows that were gone for a while; whether there were any. @param {number} now @param {number} [linger] ms */
  sweep(now, linger = LINGER) {
    let swept = false
    this.rows.tick(now)
    for (const [id, row] of this.rows) {
      if (row.gone && now - row.at > linger) swept = this.rows.delete(id) || swept
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
    const missed = change.cause === "keymiss"
    // Whoever misses a key proves that it is gone; one whose time is over may still lie there, until it is said to have expired.
    const gone = (missed && !this.isOver(change.id, now)) || GONE.has(change.cause) || GONE.has(change.by)
    const known = this.rows.get(change.id)
    if (gone || change.row) this.reading.hear(change.id)
    if (!known && (gone || missed || !this.#room())) return
    this.reading.find(change.id)
    const misses = (known?.misses ?? 0) + change.misses
    if (missed && known?.gone) return void this.rows.set(known.id, { ...known, misses })
    const more = { cause: change.cause, at: now, gone, misses, ...(gone ? { expires: null } : {}) }
    this.#put(change.row ?? { id: change.id, name: change.name }, now, more)
  }

  /** Whether one more may come. */
  #room() {
    this.leftOut ||= this.full
    return !this.full
  }

  /** From an answer, which may have been overtaken by news. @param {KeyFacts} facts @param {number} now */
  #learn(facts, now) {
    const before = this.rows.get(facts.id)
    const overtaken = before && (this.#told.get(before) ?? 0) > now
    if (!overtaken || (!before.gone && before.type === undefined)) this.#put(facts, now)
  }

  /** @param {KeyFacts} facts @param {number} now @param {Partial<KeyRow>} [more] */
  #put(facts, now, more = {}) {
    const before = this.rows.get(facts.id)
    const row = merged(before, facts, now, more)
    if (!before) row.from = this.lives.from(row)
    this.lives.keep(row)
    this.#told.set(row, Math.max(now, (before && this.#told.get(before)) ?? 0))
    this.rows.set(facts.id, row)
  }
}
