/** One piece of work: what its queued, begin and end events say about it, in whatever order they came. */

import { number, sequenceOf, text } from "models/event"

/** @typedef {import("models/event").RunEvent} RunEvent */

export class Span {
  /** @type {RunEvent | null} */
  #queued = null
  /** @type {RunEvent | null} */
  #begin = null
  /** @type {RunEvent | null} */
  #end = null

  /** @param {string} id */
  constructor(id) {
    this.id = id
  }

  /**
   * Take an event in. A repeated one changes nothing: the one with the lower seq counts.
   * @param {RunEvent} event of kind queued, begin or end, with a finite `t`
   */
  tell(event) {
    if (event.e === "queued") this.#queued = earlier(this.#queued, event)
    else if (event.e === "begin") this.#begin = earlier(this.#begin, event)
    else this.#end = earlier(this.#end, event)
  }

  /** Seconds since the part's zero; null where nothing was reported. */
  get queued() {
    return number(this.#queued?.t)
  }

  get begin() {
    return number(this.#begin?.t)
  }

  get end() {
    return number(this.#end?.t)
  }

  get name() {
    return this.#first("name") || this.id
  }

  /** cpu, fs, net, timer, db, cache or other */
  get kind() {
    return this.#first("kind") || "other"
  }

  /** Of an event loop: the turn in which it began. */
  get turn() {
    return number(this.#begin?.turn)
  }

  /** Where it ran; "" while it has not begun. */
  get lane() {
    return text(this.#begin?.lane)
  }

  /** "file:line" of the code that ran, or that queued it. */
  get at() {
    return this.#first("at")
  }

  get queuedAt() {
    return text(this.#queued?.at)
  }

  /** Seconds of CPU time it used, where the program could tell. */
  get cpu() {
    return number(this.#end?.cpu)
  }

  /** Does it have a begin and an end that fit together? */
  get complete() {
    return this.begin !== null && this.end !== null && this.end >= this.begin
  }

  /** Seconds from queued to begin: 0 where it never queued, null where it has not begun. */
  get waited() {
    if (this.begin === null) return null
    return this.queued === null ? 0 : Math.max(0, this.begin - this.queued)
  }

  /** Seconds from begin to end, null while it runs. */
  get ran() {
    return this.complete ? Number(this.end) - Number(this.begin) : null
  }

  /** @param {string} field */
  #first(field) {
    return text(this.#begin?.[field]) || text(this.#queued?.[field]) || text(this.#end?.[field])
  }
}

/** @param {RunEvent | null} known @param {RunEvent} event */
function earlier(known, event) {
  return known && sequenceOf(known) <= sequenceOf(event) ? known : event
}
