/** What a list of keys shows: pages, changes over the socket, what is in view. Says "change" whenever there is something new. */

import { connect } from "connection"
import { KeysInView } from "controllers/keys_in_view"
import { KeysPages } from "controllers/keys_pages"
import { Controller } from "helpers/controller"
import { finding } from "models/key_filter"
import { Keys } from "models/keys"

const ACK = 8000
/** Messages that wait while paused. */
const MOST_HELD = 600

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
  #finds = finding("")
  #pages = new KeysPages()
  /** @type {import("models/keys").KeyNews[]} heard while paused */
  #held = []

  /** @param {string[]} patterns only keys that fit one of these */
  constructor(patterns = []) {
    super()
    this.patterns = patterns
    this.keys = new Keys(patterns)
    this.inView = new KeysInView(this.socket, (id) => this.keys.isOver(id, this.now), ({ rows, now }, asked) => {
      this.keys.addFacts(rows, now, asked)
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
    return this.#held.length
  }

  /** @param {string} text */
  search(text) {
    this.filter = text
    this.#finds = finding(text)
    this.past = null
    this.#held = []
    this.keys = Object.assign(new Keys(this.patterns), { offset: this.keys.offset })
    void this.read(true)
  }

  /** @param {boolean} on */
  pause(on) {
    this.past = on ? this.now : null
    const missed = this.#held.length === MOST_HELD
    if (!on) for (const news of this.#held.splice(0)) this.#apply(news)
    if (!on && missed) void this.read(true)
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
    this.#pages.cancel()
  }

  /** Read pages, from the start or from where it stopped. @param {boolean} [anew] */
  async read(anew = false) {
    const problem = await this.#pages.read(this.keys, this.filter || this.#pattern, anew, () => this.#changed(), () => {
      Object.assign(this, { state: "ready", problem: "" })
      this.#changed()
    })
    if (problem) Object.assign(this, { state: "failed", problem })
    this.#changed()
  }

  get #pattern() {
    return this.patterns.length === 1 ? this.patterns[0] ?? "" : ""
  }

  #join = () => {
    this.socket.timeout(ACK).emit("keys.watch", {}, (/** @type {unknown} */ error, /** @type {{why?: string} | undefined} */ answer) => {
      this.why = answer?.why ?? this.why
      void this.read(true)
      this.inView.tellSoon()
    })
  }

  /** @param {import("models/keys").KeyNews} news */
  #hear = (news) => {
    this.why = news.why
    if (this.past !== null) {
      this.#held.push(news)
      if (this.#held.length > MOST_HELD) this.#held.shift()
    } else this.#apply(news)
    this.#changed()
  }

  /** @param {import("models/keys").KeyNews} news */
  #apply(news) {
    this.keys.hear(news, Date.now(), this.#finds)
    this.events.dispatchEvent(new CustomEvent("news", { detail: news }))
    if (!news.stale) return
    if (news.stale === "flush" && news.total === 0) this.keys.clear("flushed", this.now)
    this.state = news.stale === "start" ? this.state : "resync"
    if (news.stale !== "lost") void this.read(true)
  }

  #changed = () => {
    this.events.dispatchEvent(new Event("change"))
  }
}
