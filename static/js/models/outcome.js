/** What a run says about itself as a whole: its state, host, results and findings. Later events replace earlier ones. */

import { Latest } from "models/bounded"
import { number, record, sequenceOf, text } from "models/event"

/**
 * @typedef {import("models/event").RunEvent} RunEvent
 * @typedef {"queued" | "running" | "finished" | "failed" | "cancelled"} RunState
 */

const MOST = 2000
/** @type {Map<string, RunState>} */
const STATES = new Map([
  ["started", "running"], ["finished", "finished"], ["failed", "failed"], ["cancelled", "cancelled"],
])

export class Outcome {
  /** @type {RunState} */
  state = "queued"
  /** @type {string | null} why it failed or was cancelled */
  reason = null
  lab = ""
  title = ""
  /** @type {Record<string, unknown>} */
  params = {}
  /** @type {RunEvent} facts about the machine; empty until told */
  host = {}
  /** @type {RunEvent | null} */
  trust = null
  /** @type {RunEvent | null} */
  progress = null
  /** @type {Map<string, RunEvent>} answers to the lab's questions, by question */
  answers = new Map()
  /** @type {Map<string, string>} the computed sentence under each chart, by chart */
  captions = new Map()
  #results = /** @type {Latest<RunEvent>} */ (new Latest(MOST))
  #findings = /** @type {Latest<RunEvent>} */ (new Latest(MOST))
  /** @type {Map<string, number>} seq of what is known now, for what later events replace */
  #known = new Map()

  get results() {
    return this.#results.items
  }

  get findings() {
    return this.#findings.items
  }

  get ended() {
    return this.state !== "queued" && this.state !== "running"
  }

  /** @param {RunEvent} event @returns {boolean} was it one of those that this class takes? */
  tell(event) {
    const seq = sequenceOf(event)
    switch (event.e) {
      case "run": this.#tellState(event, seq); break
      case "host": this.#replace("host", seq, () => (this.host = event)); break
      case "trust": this.#replace("trust", seq, () => (this.trust = event)); break
      case "progress": this.#replace("progress", seq, () => (this.progress = event)); break
      case "result": if (number(event.value) !== null) this.#results.add(seq, event); break
      case "finding": this.#tellFinding(event, seq); break
      default: return false
    }
    return true
  }

  /** @param {RunEvent} event @param {number} seq */
  #tellState(event, seq) {
    const state = STATES.get(text(event.state))
    if (state === undefined) return
    if (state === "running") {
      this.lab = text(event.lab)
      this.title = text(event.title)
      this.params = record(event.params)
    }
    this.#replace("state", seq, () => {
      this.state = state
      this.reason = text(event.reason) || null
    })
  }

  /** @param {RunEvent} event @param {number} seq */
  #tellFinding(event, seq) {
    const [chart, question] = [text(event.chart), text(event.question)]
    if (event.role === "caption") this.#replace(`caption ${chart}`, seq, () => this.captions.set(chart, text(event.text)))
    else if (event.role === "answer") this.#replace(`answer ${question}`, seq, () => this.answers.set(question, event))
    else this.#findings.add(seq, event)
  }

  /** @param {string} what @param {number} seq @param {() => void} set */
  #replace(what, seq, set) {
    if (seq < (this.#known.get(what) ?? -Infinity)) return
    this.#known.set(what, seq)
    set()
  }
}
