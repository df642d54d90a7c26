/** What a list of keys shows: pages, changes over the socket, what is in view. Says "change" whenever there is something new. */

import { connect } from "connection"
import { KeysInView } from "controllers/keys_in_view"
import { KeysPages } from "controllers/keys_pages"
import { Controller } from "helpers/controller"
import { finding } from "models/key_filter"
import { HeldNews } from "models/held_news"
import { Keys } from "models/keys"

const ACK = 8000

export class KeysSource extends Controller {
  events = new EventTarget()
  socket = connect()
  /** "loading", "ready", "resync" or "failed" */
  state = "loading"
  problem = ""
  /** The moment that is shown while it is paused, by the server's clock; null: now. @type {number | null} */
  past = null
  filter = ""
  /** why nothing is live, and what to do; empty when all is */
  why = ""
  /** whether somebody wanted no more pages */
  stopped = false
  #finds = finding("")
  #pages = new KeysPages()
  #held = new HeldNews()

  /** @param {string[]} patterns only keys that fit one of these */
  constructor(patterns = []) {
    super()
    this.patterns = patterns
    this.keys = new Keys(patterns)
    this.inView = new KeysInView(this.socket, (id) => this.keys.isOver(id, this.now), ({ rows, now }, asked) => {
      this.keys.addFacts(rows, now, asked, Date.now())
      this.#changed()
    })
  }

  connect() {
    this.socket.on("connect", this.#join)
    this.socket.on("disconnect", this.#changed)
    this.socket.on("keys", this.#hear)
    if (this.socket.connected) this.#join()
  }

  disconnect() {
    this.socket.off("connect", this.#join)
    this.socket.off("disconnect", this.#changed)
    this.socket.off("keys", this.#hear)
    if (this.socket.connected) this.socket.emit("keys.leave")
    this.#pages.cancel()
    this.inView.stop()
    super.disconnect()
  }

  /** The server's clock: now, or at the moment that is shown. */
  get now() {
    return this.past ?? Date.now() + this.keys.offset
  }

  get scanning() {
    return this.#pages.scanning
  }

  get held() {
    return this.#held.count
  }

  /** @param {string} text */
  search(text) {
    this.filter = text
    this.#finds = finding(text)
    this.past = null
    this.#held.take()
    this.keys = Object.assign(new Keys(this.patterns, this.keys.lives), { offset: this.keys.offset })
    void this.read(true)
  }

  /** @param {boolean} on */
  pause(on) {
    this.past = on ? this.now : null
    const { all, missed } = on ? { all: [], missed: false } : this.#held.take()
    for (const { news, here } of all) this.#apply(news, here)
    if (missed) void this.read(true)
    this.#changed()
  }

  /** Show another moment of what was seen. @param {number} moment by the server's clock */
  go(moment) {
    this.past = moment
    this.#changed()
  }

  /** @param {boolean} on */
  leaveToServer(on) {
    this.inView.natural = on
    this.inView.tellSoon()
    this.#changed()
  }

  /** Stop looking for more. */
  cancel() {
    this.stopped = true
    this.#pages.cancel()
  }

  /** Read pages, from the start or from where it stopped. @param {boolean} [anew] */
  async read(anew = false) {
    this.stopped = false
    const problem = await this.#pages.read(this.keys, this.filter || this.#pattern, anew, () => this.#changed(), () => {
      Object.assign(this, { state: "ready", problem: "" })
      this.#changed()
    })
    if (problem) Object.assign(this, { state: "failed", problem })
    if (anew && problem === "") this.inView.tellSoon() // whose rows are the same may be watched no more
    this.#readWhatWasLeftOut()
    this.#changed()
  }

  /** Forget rows that were gone for a while. */
  sweep() {
    const swept = this.past === null && this.keys.sweep(this.now)
    if (!swept) return
    this.#readWhatWasLeftOut()
    this.#changed()
  }

  #readWhatWasLeftOut() {
    if (this.keys.hasRoomAgain && !this.scanning && !this.stopped && this.state !== "failed") void this.read(true)
  }

  get #pattern() {
    return this.patterns.length === 1 ? this.patterns[0] ?? "" : ""
  }

  #join = () => {
    this.socket.timeout(ACK).emit("keys.watch", {}, (/** @type {unknown} */ error, /** @type {{why?: string} | undefined} */ answer) => {
      this.why = answer?.why ?? this.why
      if (this.past === null) void this.read(true)
      else this.#held.miss()
      this.inView.tellSoon()
      this.#changed()
    })
  }

  /** @param {import("models/keys").KeyNews} news */
  #hear = (news) => {
    this.why = news.why
    if (this.past === null) this.#apply(news, Date.now())
    else this.#held.add(news, Date.now())
    this.#changed()
  }

  /** @param {import("models/keys").KeyNews} news @param {number} here our clock when it came */
  #apply(news, here) {
    this.keys.hear(news, here, this.#finds)
    this.events.dispatchEvent(new CustomEvent("news", { detail: news }))
    this.#readWhatWasLeftOut()
    if (!news.stale) return
    if (news.stale === "flush" && news.total === 0) this.keys.clear("flushed", news.now)
    this.state = news.stale === "start" ? this.state : "resync"
    if (news.stale !== "lost") void this.read(true)
  }

  #changed = () => {
    this.events.dispatchEvent(new Event("change"))
  }
}
