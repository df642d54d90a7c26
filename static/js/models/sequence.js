/**
 * Puts batches of numbered events in order, whatever order, overlap or repetition they come in.
 *
 * @typedef {import("models/event").RunEvent} RunEvent
 * @typedef {{first: number, last: number, events: RunEvent[], whole?: boolean}} Batch
 *   Events `first` to `last`. `whole` says that the batch is the truth: a number missing inside it does not exist.
 */

/** How many events may wait for one that is missing. Beyond that they are dropped and fetched again later. */
const HOLD = 20_000

export class Sequence {
  /** @type {Batch[]} batches ahead of the gap, by first number */
  #held = []
  #heldEvents = 0
  #highest = 0
  #apply
  #hold

  /**
   * @param {(events: RunEvent[]) => void} apply called with events in order, each exactly once
   * @param {{after?: number, hold?: number}} [options] `after`: the last number that is known already
   */
  constructor(apply, { after = 0, hold = HOLD } = {}) {
    this.#apply = apply
    this.#hold = hold
    /** The number of the last event that was applied. */
    this.last = after
  }

  /** Is there an event that we know of and have not been able to apply? */
  missing() {
    return this.#highest > this.last
  }

  /** How many events wait for the missing one. */
  get held() {
    return this.#heldEvents
  }

  /** @param {Batch} batch */
  push(batch) {
    const { first, last } = batch
    if (!Number.isInteger(first) || !Number.isInteger(last) || last < first || last <= this.last) return
    this.#highest = Math.max(this.#highest, last)
    if (first > this.last + 1) return this.#keep(batch)
    /** @type {RunEvent[]} */
    const ready = []
    this.#take(batch, ready)
    while (this.#held[0] && this.#held[0].first <= this.last + 1) {
      const next = /** @type {Batch} */ (this.#held.shift())
      this.#heldEvents -= next.events.length
      this.#take(next, ready)
    }
    if (ready.length > 0) this.#apply(ready)
  }

  /**
   * Move the new events of a batch to `ready`, and `last` with them. A batch that lacks a number it promised is taken
   * up to there, unless it is the truth.
   * @param {Batch} batch
   * @param {RunEvent[]} ready
   */
  #take(batch, ready) {
    for (const event of batch.events) {
      const seq = event?.seq
      if (typeof seq !== "number" || seq <= this.last || seq > batch.last) continue
      if (seq !== this.last + 1 && !batch.whole) return
      ready.push(event)
      this.last = seq
    }
    if (batch.whole) this.last = Math.max(this.last, batch.last)
  }

  /** @param {Batch} batch */
  #keep(batch) {
    if (this.#heldEvents + batch.events.length > this.#hold) return
    const at = this.#held.findIndex((other) => other.first > batch.first)
    this.#held.splice(at < 0 ? this.#held.length : at, 0, batch)
    this.#heldEvents += batch.events.length
  }
}
