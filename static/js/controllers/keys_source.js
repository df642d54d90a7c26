/** Where a list of keys gets its rows: pages over HTTP, changes over the socket. Says "change" whenever there is something new. */

import { connect } from "connection"
import { call } from "helpers/api"
import { Controller } from "helpers/controller"
import { Keys } from "models/keys"

/** Rows after which a list waits to be asked for more. */
const ENOUGH = 400
const SEE_SOON = 120
const ACK = 8000

export class KeysSource extends Controller {
  events = new EventTarget()
  socket = connect()
  /** "loading", "ready", "resync" or "failed" */
  state = "loading"
  problem = ""
  paused = false
  natural = false
  filter = ""
  #cursor = "0"
  /** @type {AbortController | null} */
  #scan = null
  /** @type {string[]} */
  #inView = []
  /** @type {number | undefined} */
  #seeing
  /** @type {import("models/keys").KeyNews[]} heard while paused */
  #held = []

  /** @param {string[]} patterns only keys that fit one of these */
  constructor(patterns = []) {
    super()
    this.patterns = patterns
    this.keys = new Keys(patterns)
  }

  connect() {
    this.socket.on("connect", this.#join)
    this.socket.on("keys", this.#hear)
    if (this.socket.connected) this.#join()
  }

  disconnect() {
    this.socket.off("connect", this.#join)
    this.socket.off("keys", this.#hear)
    if (this.socket.connected) this.socket.emit("keys.leave")
    this.#scan?.abort()
    clearTimeout(this.#seeing)
    super.disconnect()
  }

  /** The server's clock, now. */
  get now() {
    return Date.now() + this.keys.offset
  }

  get scanning() {
    return this.#scan !== null
  }

  /** @param {string} text */
  search(text) {
    this.filter = text
    this.keys = Object.assign(new Keys(this.patterns), { offset: this.keys.offset })
    void this.read(true)
  }

  /** @param {boolean} on */
  pause(on) {
    this.paused = on
    if (!on) for (const news of this.#held.splice(0)) this.#apply(news)
    this.#changed()
  }

  /** @param {boolean} on */
  leaveToServer(on) {
    this.natural = on
    this.#seeSoon()
    this.#changed()
  }

  /** Stop looking for more. */
  cancel() {
    this.#scan?.abort()
  }

  /** Read pages, from the start or from where it stopped. @param {boolean} [anew] */
  async read(anew = false) {
    this.#scan?.abort()
    const mine = (this.#scan = new AbortController())
    if (anew) {
      this.keys.restart()
      this.#cursor = "0"
    }
    const begun = this.keys.rows.size
    this.#changed()
    try {
      do {
        const query = new URLSearchParams({ cursor: this.#cursor, filter: this.filter || this.#pattern })
        const page = await call(`/api/keys?${query}`, { signal: mine.signal })
        if (mine.signal.aborted) return
        this.keys.addPage(page, Date.now())
        this.#cursor = page.cursor
        this.state = "ready"
        this.problem = ""
        this.#changed()
      } while (!this.keys.done && (this.keys.seen || this.keys.rows.size - begun < ENOUGH) && this.keys.rows.size < ENOUGH * 40)
    } catch (error) {
      if (!mine.signal.aborted) Object.assign(this, { state: "failed", problem: error instanceof Error ? error.message : String(error) })
    }
    if (this.#scan === mine) this.#scan = null
    this.#changed()
  }

  /** These are in view: they expire on time, and what is not known of them is asked. @param {string[]} ids */
  see(ids) {
    if (ids.join() === this.#inView.join()) return
    this.#inView = ids.slice(0, 200)
    this.#seeSoon()
  }

  get #pattern() {
    return this.patterns.length === 1 ? this.patterns[0] ?? "" : ""
  }

  #seeSoon() {
    clearTimeout(this.#seeing)
    this.#seeing = window.setTimeout(() => {
      if (!this.socket.connected) return
      this.socket.timeout(ACK).emit("keys.see", { ids: this.#inView, natural: this.natural }, (/** @type {unknown} */ error, /** @type {any} */ answer) => {
        if (error || !answer?.ok) return
        this.keys.addFacts(answer.rows, answer.now)
        this.#changed()
      })
    }, SEE_SOON)
  }

  #join = () => {
    this.socket.timeout(ACK).emit("keys.watch", {}, () => {
      void this.read(true)
      this.#seeSoon()
    })
  }

  /** @param {import("models/keys").KeyNews} news */
  #hear = (news) => {
    if (this.paused) {
      this.#held.push(news)
      if (this.#held.length > 600) this.#held.splice(0, 1)
      return this.#changed()
    }
    this.#apply(news)
    this.#changed()
  }

  /** @param {import("models/keys").KeyNews} news */
  #apply(news) {
    this.keys.hear(news, Date.now(), (name) => this.filter === "" || name.includes(this.filter.replaceAll("*", "")))
    this.events.dispatchEvent(new CustomEvent("news", { detail: news }))
    if (!news.stale) return
    if (news.stale === "flush" && news.total === 0) this.keys.clear("flushed", this.now)
    this.state = news.stale === "start" ? this.state : "resync"
    if (news.stale !== "lost") void this.read(true)
  }

  get held() {
    return this.#held.length
  }

  #changed() {
    this.events.dispatchEvent(new Event("change"))
  }
}
