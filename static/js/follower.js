/**
 * Follows one run: live batches from the socket and history over HTTP, merged into one gapless stream of events.
 * follow → ack → everything after the last number we have; the same again after every reconnect, and when a gap stays.
 */

import { readHistory } from "history"
import { backoff } from "models/backoff"
import { readLines } from "models/ndjson"
import { Sequence } from "models/sequence"

/**
 * @typedef {import("models/event").RunEvent} RunEvent
 * @typedef {{run: string, state: string, ahead: number | null, wait: number | null}} QueueNews
 * @typedef {object} Handlers
 * @property {(events: RunEvent[]) => void} onEvents  in order, each once
 * @property {(queue: QueueNews) => void} [onQueue]
 * @property {(why: Why) => void} [onLost]  events may be late from now on
 * @property {() => void} [onBack]          and now everything is here again
 * @property {() => void} [onEnd]           the run's last event was delivered
 * @typedef {import("history").World} World
 * @typedef {import("history").Why} Why
 * @typedef {import("socket.io-client").Socket} Socket
 */

/** Milliseconds that a gap may stay before the events are fetched again: a batch overtaken by another comes soon. */
const GAP = 300
const ACK = 5000
const ENDED = new Set(["finished", "failed", "cancelled"])

export class Follower {
  #sequence = new Sequence((events) => this.#deliver(events))
  #attempt = 0
  #lost = false
  #done = false
  /** @type {AbortController | null} the fetch under way */
  #fetching = null
  /** @type {unknown} the one timer: a fetch to come */
  #timer = null

  /** @param {string} run @param {Handlers} handlers @param {Socket} socket @param {World} world */
  constructor(run, handlers, socket, world) {
    this.run = run
    this.handlers = handlers
    this.socket = socket
    this.world = world
    for (const [name, listener] of this.#listeners()) socket.on(name, listener)
    if (socket.connected) this.#follow()
    else this.#fetchIn(0)
  }

  /** @returns {[string, (news: any) => void][]} */
  #listeners() {
    return [["connect", this.#follow], ["disconnect", this.#disconnected], ["events", this.#batch], ["queue", this.#queue]]
  }

  stop() {
    if (this.#done) return
    this.#done = true
    this.world.cancel(this.#timer)
    this.#fetching?.abort()
    for (const [name, listener] of this.#listeners()) this.socket.off(name, listener)
    if (this.socket.connected) this.socket.emit("unfollow", { run: this.run })
  }

  #follow = () => {
    this.#attempt = 0
    this.socket.timeout(ACK).emit("follow", { run: this.run }, () => {
      if (!this.#done) this.#fetchIn(0)
    })
  }

  #disconnected = () => {
    this.#lose({ status: 0, detail: "The connection to the server was lost." })
    this.#again()
  }

  /** @param {{run?: unknown, first?: unknown, last?: unknown, lines?: unknown}} news */
  #batch = (news) => {
    if (news?.run !== this.run) return
    this.#sequence.push({ first: Number(news.first), last: Number(news.last), events: readLines(news.lines) })
    const waits = this.#timer !== null || this.#fetching || this.#done
    if (this.#sequence.missing() && !waits) this.#fetchIn(GAP, () => this.#sequence.missing())
  }

  /** @param {QueueNews} news */
  #queue = (news) => {
    if (news?.run !== this.run) return
    this.handlers.onQueue?.(news)
    if (ENDED.has(news.state)) this.#fetchIn(GAP)
  }

  /** @param {RunEvent[]} events */
  #deliver(events) {
    if (this.#done) return
    this.handlers.onEvents(events)
    if (!events.some((event) => event.e === "run" && event.part === undefined && ENDED.has(String(event.state)))) return
    if (this.#lost) this.#regain()
    this.stop()
    this.handlers.onEnd?.()
  }

  /** Fetch after a while, if still needed, instead of any fetch planned before. @param {number} milliseconds */
  #fetchIn(milliseconds, needed = () => true) {
    this.world.cancel(this.#timer)
    this.#timer = this.world.later(() => {
      this.#timer = null
      if (needed()) void this.#fetch()
    }, milliseconds)
  }

  async #fetch() {
    this.#fetching?.abort()
    const mine = (this.#fetching = new AbortController())
    const why = await readHistory(this.run, this.#sequence.last, {
      abort: mine, world: this.world, onBatch: (batch) => this.#sequence.push(batch),
    })
    if (this.#done || this.#fetching !== mine) return
    this.#fetching = null
    if (why) this.#lose(why)
    else if (this.socket.connected && !this.#sequence.missing()) return this.#caughtUp()
    if (why?.status !== 404) this.#again()
  }

  #caughtUp() {
    this.#attempt = 0
    if (this.#lost) this.#regain()
  }

  #again() {
    this.#fetchIn(backoff(this.#attempt, { first: 400, random: this.world.random }))
    this.#attempt += 1
  }

  /** @param {Why} why */
  #lose(why) {
    if (this.#lost || this.#done) return
    this.#lost = true
    this.handlers.onLost?.(why)
  }

  #regain() {
    this.#lost = false
    this.handlers.onBack?.()
  }
}
