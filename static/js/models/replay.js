/**
 * Plays a recorded run again, part after part in recorded order, at any speed. Pure: the clock is given.
 * What happened before a part's zero (calibration) comes at its start; what was said about the whole run comes after the
 * parts that were told before it.
 */

import { after } from "models/bounded"
import { identifier, number } from "models/event"

/** @typedef {import("models/event").RunEvent} RunEvent */

export const SPEEDS = [0.25, 0.5, 1, 2, 4]

export class Replay {
  /** @type {RunEvent[]} by the time they are due */
  #events = []
  /** @type {number[]} seconds of the replay at which each is due */
  #due = []
  /** @type {Map<string, {from: number, to: number}>} when each part plays */
  #parts = new Map()
  #next = 0
  #position = 0
  #since = 0
  #clock
  #speed = 1
  #playing = false

  /**
   * @param {RunEvent[]} events all of a run
   * @param {{clock: () => number, speed?: number}} options clock: milliseconds
   */
  constructor(events, { clock, speed = 1 }) {
    this.#clock = clock
    this.#speed = speed
    this.#plan(events)
  }

  /** Seconds that the replay takes at speed 1. */
  get length() {
    return this.#due.at(-1) ?? 0
  }

  get playing() {
    return this.#playing && this.time < this.length
  }

  get ended() {
    return this.time >= this.length
  }

  get speed() {
    return this.#speed
  }

  set speed(value) {
    this.seek(this.time)
    this.#speed = value
  }

  /** Seconds of the replay now. */
  get time() {
    const gone = this.#playing ? ((this.#clock() - this.#since) / 1000) * this.#speed : 0
    return Math.min(this.length, this.#position + gone)
  }

  /** From the start again, if it had ended. */
  play() {
    this.seek(this.ended ? 0 : this.time)
    this.#playing = true
  }

  pause() {
    this.seek(this.time)
    this.#playing = false
  }

  /** @param {number} seconds */
  seek(seconds) {
    this.#position = Math.max(0, Math.min(this.length, seconds))
    this.#since = this.#clock()
  }

  /**
   * The events that became due since the last call. After a jump back `restart` is true: all from the start, for a fresh
   * model.
   * @returns {{restart: boolean, events: RunEvent[]}}
   */
  step() {
    const end = after(this.#due, this.time)
    const restart = end < this.#next
    const events = this.#events.slice(restart ? 0 : this.#next, end)
    this.#next = end
    return { restart, events }
  }

  /** The part's own time now; null while it is not its turn. For `RunModel.playhead`. @param {{id: string}} part */
  partTime(part) {
    const turn = this.#parts.get(part.id)
    const time = this.time
    return turn && time >= turn.from && time < turn.to ? time - turn.from : null
  }

  /** @param {RunEvent[]} events */
  #plan(events) {
    const lengths = partLengths(events)
    let end = 0
    const planned = events.map((event, index) => {
      const id = identifier(event.part)
      if (id === null) return { due: end, index, event }
      let turn = this.#parts.get(id)
      if (!turn) {
        turn = { from: end, to: end + (lengths.get(id) ?? 0) }
        this.#parts.set(id, turn)
        end = turn.to
      }
      return { due: dueIn(turn, event), index, event }
    })
    planned.sort((a, b) => a.due - b.due || a.index - b.index)
    this.#events = planned.map((one) => one.event)
    this.#due = planned.map((one) => one.due)
  }
}

/**
 * When an event of a part comes. That it begins is told by the conductor's clock; what was timed before its zero has the program's own clock, and is known from the start.
 * @param {{from: number, to: number}} turn @param {RunEvent} event
 */
function dueIn(turn, event) {
  if (event.e === "part") return event.state === "end" ? turn.to : turn.from
  if (event.e === "sample" && event.when === "before") return turn.from
  return Math.min(turn.to, turn.from + Math.max(0, number(event.t) ?? 0))
}

/** Seconds from each part's zero to its last span or sample. @param {RunEvent[]} events */
function partLengths(events) {
  /** @type {Map<string, number>} */
  const lengths = new Map()
  for (const event of events) {
    const id = identifier(event.part)
    if (id === null || event.e === "part" || event.e === "log" || event.e === "progress") continue
    if (event.e === "sample" && event.when !== undefined) continue
    lengths.set(id, Math.max(lengths.get(id) ?? 0, number(event.t) ?? 0))
  }
  return lengths
}
