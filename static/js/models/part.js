/** One run of one program inside a run, as its events told it. No DOM, no clock. */

import { Latest, Series } from "models/bounded"
import { identifier, number, record, sequenceOf, text } from "models/event"
import { KeySteps } from "models/key_steps"
import { natural, orderLanes } from "models/lanes"
import { median } from "models/numbers"
import { ProcessRows } from "models/process_rows"
import { Span } from "models/span"

/**
 * @typedef {import("models/event").RunEvent} RunEvent
 * @typedef {{t: number, text: string, severity: string, n: number | null}} Mark  n: of the action that it tells about
 * @typedef {{t: number, n: number, id: string, label: string, state: string, reason: string}} Act
 */

const MOST_SPANS = 50_000
const MOST_SERIES = 200
const MOST_MARKS = 500
const MOST_TURNS = 1000

export class Part {
  runtime = ""
  label = ""
  repeat = 0
  /** @type {Record<string, unknown>} */
  params = {}
  cold = false
  /** @type {"begin" | "end"} */
  state = "begin"
  /** @type {number | null} how long the whole program took, its start included */
  seconds = null
  /** @type {Record<string, unknown>} */
  host = {}
  /** @type {Map<string, Span>} */
  spans = new Map()
  /** @type {Map<string, Series>} */
  samples = new Map()
  /** @type {Latest<Mark>} */
  marks = new Latest(MOST_MARKS)
  /** The turns of its event loop, where it told them. @type {RunEvent[]} */
  turns = []
  /** What learners did to the run. @type {Latest<Act>} */
  acts = new Latest(MOST_MARKS)
  processes = new ProcessRows()
  /** What its cache did to keys. */
  steps = new KeySteps()
  /** The latest end of a span in seconds, 0 before the first: the total of the part. */
  end = 0
  /** Spans that have begun. None, though some are queued: the program cannot tell yet. */
  begun = 0
  /** Spans and series beyond the limit, that were not kept. */
  dropped = 0
  /** The page's clock minus the part's, in seconds: the least that was seen. It animates open bars, nothing else. */
  offset = Infinity

  /** @param {string} id */
  constructor(id) {
    this.id = id
  }

  /** Seconds that one unit of work took alone, around this part: each runtime has its own. Null while unknown. */
  get unit() {
    const series = this.samples.get("unit")
    return series ? median(series.v.slice(series.start)) : null
  }

  /** The lanes that were used, in order, "waiting" last. */
  lanes() {
    const spans = [...this.spans.values()]
    const waited = spans.some((span) => span.begin === null || Number(span.waited) > 0)
    return orderLanes([...spans.map((span) => span.lane).filter(Boolean), ...(waited ? ["waiting"] : [])])
  }

  /** Its spans by begin; those that have not begun come last, by name. */
  inOrder() {
    return [...this.spans.values()].sort((a, b) =>
      (a.begin ?? Infinity) - (b.begin ?? Infinity) || natural(a.id, b.id))
  }

  /** @param {RunEvent} event @param {number} t seconds since the part's zero */
  apply(event, t) {
    const kind = event.e
    if (kind === "queued" || kind === "begin" || kind === "end") this.#span(event, t)
    else if (kind === "sample") this.#sample(event, t)
    else if (kind === "mark") {
      this.marks.add(sequenceOf(event), { t, text: text(event.text), severity: text(event.severity, "info"), n: number(event.n) })
    } else if (kind === "process") this.processes.apply(event, sequenceOf(event))
    else if (kind === "turn") this.#turn(event)
    else if (kind === "redis") this.steps.apply(event)
    else if (kind === "action") {
      this.acts.add(sequenceOf(event), { t, n: number(event.n) ?? 0, id: text(event.id), label: text(event.label), state: text(event.state), reason: text(event.reason) })
    } else if (kind === "host") this.host = event
    else if (kind === "part") this.#state(event)
  }

  /** @param {RunEvent} event */
  #turn(event) {
    if (this.turns.length < MOST_TURNS && !this.turns.some((turn) => turn.n === event.n)) this.turns.push(event)
  }

  /** @param {RunEvent} event */
  #state(event) {
    if (event.state === "end") {
      this.state = "end"
      this.seconds = number(event.seconds)
    } else if (event.state === "begin") {
      this.runtime = text(event.runtime)
      this.label = text(event.label, this.runtime)
      this.repeat = number(event.repeat) ?? 0
      this.params = record(event.params)
      this.cold = event.cold === true
    }
  }

  /** @param {RunEvent} event @param {number} t */
  #span(event, t) {
    const id = identifier(event.id)
    if (id === null) return
    let span = this.spans.get(id)
    if (!span) {
      if (this.spans.size >= MOST_SPANS) return void (this.dropped += 1)
      span = new Span(id)
      this.spans.set(id, span)
    }
    if (event.e === "begin" && span.begin === null) this.begun += 1
    span.tell(event)
    if (event.e === "end" && t > this.end) this.end = t
  }

  /** @param {RunEvent} event @param {number} t */
  #sample(event, t) {
    const name = text(event.series)
    const value = number(event.value)
    if (name === "" || value === null) return
    let series = this.samples.get(name)
    if (!series) {
      if (this.samples.size >= MOST_SERIES) return void (this.dropped += 1)
      series = new Series()
      this.samples.set(name, series)
    }
    series.unit = text(event.unit, series.unit)
    series.add(t, value, sequenceOf(event))
  }
}
