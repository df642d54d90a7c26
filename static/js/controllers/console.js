/** A line to type commands into, and what the server said. Arrows bring back earlier lines; hints come from COMMAND DOCS. */

import { connect } from "connection"
import { call } from "helpers/api"
import { Controller } from "helpers/controller"
import { make, say } from "helpers/dom"
import { showReply } from "helpers/reply"

/** @typedef {{name: string, summary: string, usage: string, complexity: string}} Hint */

const MOST_ENTRIES = 200
const ACK = 10_000

export class Console extends Controller {
  events = new EventTarget()
  /** @type {Map<string, Hint>} */
  #hints = new Map()
  /** @type {string[]} */
  #typed = []
  #back = 0

  /** @param {HTMLElement} element */
  constructor(element) {
    super()
    this.element = element
    this.log = this.#find(".console-log")
    this.hint = this.#find(".console-hint")
    this.input = /** @type {HTMLInputElement} */ (this.#find("input"))
  }

  connect() {
    this.listen(this.#find("form"), "submit", (event) => {
      event.preventDefault()
      void this.#send()
    })
    this.listen(this.input, "input", () => this.#help())
    this.listen(this.input, "keydown", (/** @type {KeyboardEvent} */ event) => this.#key(event))
    void this.#learn()
  }

  /** Put a line there, ready to be sent. @param {string} line */
  offer(line) {
    this.input.value = line
    this.#help()
    this.input.focus()
  }

  async #learn() {
    try {
      const { commands, why } = await call("/api/keys/commands", { signal: this.signal })
      if (why) {
        this.input.disabled = true
        say(this.hint, why)
        return
      }
      this.#hints = new Map(commands.map((/** @type {Hint} */ hint) => [hint.name, hint]))
      this.#find("datalist").replaceChildren(...commands.map((/** @type {Hint} */ hint) => make("option", { value: `${hint.name} ` }, hint.summary)))
    } catch {
      say(this.hint, "Hints are not available right now.")
    }
    this.#help()
  }

  #help() {
    const words = this.input.value.trimStart().toUpperCase().split(/\s+/)
    const hint = this.#hints.get(words.slice(0, 2).join(" ")) ?? this.#hints.get(words[0] ?? "")
    if (hint) return say(this.hint, `${hint.name} ${hint.usage} · ${hint.summary}`)
    const begun = words[0]
    const near = begun ? [...this.#hints.keys()].filter((name) => name.startsWith(begun)).slice(0, 6) : []
    say(this.hint, near.length ? near.join("   ") : this.#hints.size ? `${this.#hints.size} commands; keys begin with lab:` : "")
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key]
    if (!step || this.#typed.length === 0) return
    event.preventDefault()
    this.#back = Math.max(0, Math.min(this.#typed.length, this.#back + step))
    this.input.value = this.#typed[this.#typed.length - this.#back] ?? ""
    this.#help()
  }

  async #send() {
    const line = this.input.value
    if (!line.trim()) return
    this.#typed.push(line)
    this.#back = 0
    this.input.value = ""
    this.#help()
    const entry = make("div", { class: "entry" }, make("code", { class: "entry-line" }, line))
    this.log.append(entry)
    while (this.log.childElementCount > MOST_ENTRIES) this.log.firstElementChild?.remove()
    const answer = await connect().timeout(ACK).emitWithAck("keys.type", { line }).catch(() => ({ problem: "The server did not answer in time." }))
    if (answer.problem) entry.append(make("div", { class: "reply error" }, answer.problem))
    else entry.append(showReply(answer.reply), make("span", { class: "entry-time" }, `${answer.micros} µs`))
    if (answer.note) entry.append(make("p", { class: "reply-why" }, answer.note))
    this.log.scrollTop = this.log.scrollHeight
    this.events.dispatchEvent(new CustomEvent("reply", { detail: { line, answer } }))
  }

  /** @param {string} selector @returns {HTMLElement} */
  #find(selector) {
    return /** @type {HTMLElement} */ (this.element.querySelector(selector))
  }
}
