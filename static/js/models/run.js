/**
 * A run as the page knows it: feed it events in any order, ask it for parts, results and findings.
 * A pure reducer: no DOM, no network, no clock. Unknown kinds of events are ignored, broken fields too.
 */

import { Latest } from "models/bounded"
import { CommandFeed } from "models/command_feed"
import { identifier, number, sequenceOf, text } from "models/event"
import { KeyCounts } from "models/key_counts"
import { Running } from "models/numbers"
import { Outcome } from "models/outcome"
import { Part } from "models/part"
import { spanTable } from "models/span_table"

/**
 * @typedef {import("models/event").RunEvent} RunEvent
 * @typedef {{t: number, text: string, stream: string, part: string | null}} LogLine
 */

const MOST_PARTS = 2000
const MOST_LOGS = 2000
/** Their time says nothing of the part's clock: the conductor's, or that of a process beside the program. */
const TIMELESS = new Set(["part", "redis"])

export class RunModel extends Outcome {
  /** What charts call this run where there are several: "Run 14". The page sets it. */
  name = ""
  /** Increments with every event. */
  version = 0
  /** The highest seq so far. */
  seq = 0
  /** @type {Map<string, Part>} in the order in which they were recorded */
  parts = new Map()
  /** Samples and marks of the run itself. */
  own = new Part("")
  /** Parts beyond the limit, that were not kept. */
  dropped = 0
  /** @type {((part: Part) => number | null) | null} a replay's own clock: the time of a part; null if it does not run */
  playhead = null
  commands = new CommandFeed()
  counts = new KeyCounts()
  #logs = /** @type {Latest<LogLine>} */ (new Latest(MOST_LOGS))
  #units = new Running()

  /** The last 2000 log lines. */
  get logs() {
    return this.#logs.items
  }

  /** How many log lines there were in all. */
  get logCount() {
    return this.#logs.count
  }

  /** Seconds that one unit of work takes alone: the median so far; null while unknown. */
  get unit() {
    return number(this.trust?.unit) ?? this.#units.median
  }

  /** What each span waited and ran, as rows. @param {string} [partId] of one part only */
  spanTable(partId) {
    const parts = [...this.parts.values()]
    return spanTable(partId === undefined ? parts : parts.filter((part) => part.id === partId))
  }

  /**
   * The time of a part's own clock, to let its open bars grow; null when it does not run.
   * @param {Part} part
   * @param {number} now milliseconds of the clock that `apply` was given
   */
  time(part, now) {
    if (this.playhead) return this.playhead(part)
    if (this.ended || part.state === "end" || part.offset === Infinity) return null
    return now / 1000 - part.offset
  }

  /**
   * @param {RunEvent} event
   * @param {number} [arrived] milliseconds (performance.now()); only for `time`, it never becomes part of the data
   */
  apply(event, arrived) {
    if (event === null || typeof event !== "object") return
    this.version += 1
    this.seq = Math.max(this.seq, sequenceOf(event))
    const partId = identifier(event.part)
    const t = number(event.t)
    if (event.e === "log") this.#log(event, partId)
    else if (partId !== null && event.e !== "result" && event.e !== "finding") this.#inside(event, partId, t, arrived)
    else if (!this.tell(event) && t !== null) this.own.apply(event, t)
  }

  /** @param {RunEvent} event @param {string | null} part */
  #log(event, part) {
    const line = { t: number(event.t) ?? 0, text: text(event.text), stream: text(event.stream, "stdout"), part }
    this.#logs.add(sequenceOf(event), line)
  }

  /** @param {RunEvent} event @param {string} id @param {number | null} t @param {number} [arrived] */
  #inside(event, id, t, arrived) {
    if (t === null) return
    let part = this.parts.get(id)
    if (!part) {
      if (this.parts.size >= MOST_PARTS) return void (this.dropped += 1)
      part = new Part(id)
      this.parts.set(id, part)
    }
    part.apply(event, t)
    if (event.e === "redis") {
      this.commands.apply(event, id, sequenceOf(event))
      this.counts.apply(event)
    }
    const value = event.e === "sample" && event.series === "unit" ? number(event.value) : null
    if (value !== null && value > 0) this.#units.add(value)
    if (arrived !== undefined && !TIMELESS.has(String(event.e))) part.offset = Math.min(part.offset, arrived / 1000 - t)
  }
}
