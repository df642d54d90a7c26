/** A key browser: filter, count, buttons, list. The page and the pane beside a lab both use it. */

import { KeysList } from "controllers/keys_list"
import { KeysSource } from "controllers/keys_source"
import { call } from "helpers/api"
import { Controller } from "helpers/controller"
import { make, say, set } from "helpers/dom"

const TYPING = 250
const READING = 5000

export class KeysBrowser extends Controller {
  /** @type {number | undefined} */
  #typing
  #asking = false
  /** @type {number | undefined} */
  #reading

  /** @param {HTMLElement} element @param {string[]} [patterns] the lab's keys; none: every key */
  constructor(element, patterns = []) {
    super()
    this.element = element
    this.patterns = patterns
    this.source = new KeysSource(patterns)
    this.list = new KeysList(this.#find(".keys-list"), this.source)
  }

  connect() {
    this.list.connect()
    this.source.connect()
    const filter = /** @type {HTMLInputElement} */ (this.#find(".keys-filter"))
    this.listen(filter, "input", () => {
      clearTimeout(this.#typing)
      this.#typing = window.setTimeout(() => this.source.search(filter.value.trim()), TYPING)
    })
    this.#act("tree", (on) => this.list.showTree(on))
    this.#act("pause", (on) => this.source.pause(on))
    this.#act("natural", (on) => this.source.leaveToServer(on))
    this.listen(this.#find('[data-act="flush"]'), "click", () => void this.#flush())
    this.listen(this.source.events, "change", () => this.#show())
    this.listen(this.list.events, "end", () => void (this.source.scanning || this.source.keys.done || this.source.read()))
    this.#show()
  }

  disconnect() {
    clearTimeout(this.#typing)
    clearTimeout(this.#reading)
    this.source.disconnect()
    this.list.disconnect()
    super.disconnect()
  }

  /** @param {string} name @param {(on: boolean) => void} action */
  #act(name, action) {
    const button = this.#find(`[data-act="${name}"]`)
    this.listen(button, "click", () => {
      const on = button.getAttribute("aria-pressed") !== "true"
      set(button, { "aria-pressed": String(on) })
      action(on)
    })
  }

  #show() {
    const { keys, state, problem, scanning, paused, held } = this.source
    const there = [...keys.rows.values()].filter((row) => !row.gone).length
    const count = this.#find(".keys-count")
    const words = keys.done ? `${there.toLocaleString("en")} of ${keys.total.toLocaleString("en")} keys`
      : `${there.toLocaleString("en")} found, ${keys.looked.toLocaleString("en")} of ${keys.total.toLocaleString("en")} scanned`
    say(count, state === "loading" ? "Looking for keys …" : state === "resync" && scanning ? `Resyncing: ${words}` : words)
    set(this.element, { "data-state": state, "data-scanning": scanning || null })
    const note = this.#find(".keys-note")
    if (this.#asking) return
    const said = this.#said({ state, problem, scanning, paused, held, there, done: keys.done })
    note.hidden = said === null
    note.replaceChildren(...(said ?? []))
  }

  /** @param {{state: string, problem: string, scanning: boolean, paused: boolean, held: number, there: number, done: boolean}} now @returns {(string | Node)[] | null} */
  #said({ state, problem, scanning, paused, held, there, done }) {
    if (state === "failed") return [problem, " ", this.#link("Try again", () => void this.source.read(true))]
    if (state === "resync" && !scanning) return ["The connection to Redis was lost for a moment. Resyncing …"]
    if (paused) return [`Paused; ${held} message${held === 1 ? "" : "s"} waiting.`]
    if (scanning && !done && this.source.filter) return ["Still looking. ", this.#link("Stop", () => this.source.cancel())]
    if (!scanning && !done && state === "ready") return [this.#link("Show more", () => void this.source.read())]
    if (done && there === 0) return [this.source.filter ? "No key fits this filter." : "No keys yet. Run the lab, or type SET lab:greeting hello."]
    return null
  }

  /** @param {string} label @param {() => void} action */
  #link(label, action) {
    return make("button", { type: "button", class: "text-button", onclick: action }, label)
  }

  /** Count first, then ask, then delete: the lab's own keys, or all that begin with lab:. */
  async #flush() {
    const patterns = this.patterns.length ? this.patterns : ["lab:*"]
    const note = this.#find(".keys-note")
    const ask = (/** @type {boolean} */ dry) => call("/api/keys/unlink", { method: "POST", body: { patterns, dry } })
    try {
      const { count, sample, more } = await ask(true)
      if (count === 0) return this.#tell(note, "There is nothing to flush.")
      const names = sample.slice(0, 3).join(", ")
      const yes = this.#link(`Delete ${count.toLocaleString("en")}`, async () => {
        const done = await ask(false)
        this.#tell(note, `${done.count.toLocaleString("en")} keys deleted.`)
      })
      this.#asking = true
      note.hidden = false
      note.replaceChildren(`${more ? "More than " : ""}${count.toLocaleString("en")} keys fit ${patterns.join(", ")}: ${names}${count > 3 ? " …" : ""} `,
        yes, " ", this.#link("Keep them", () => {
          this.#asking = false
          this.#show()
        }))
    } catch (error) {
      this.#tell(note, error instanceof Error ? error.message : String(error))
    }
  }

  /** Say it, and leave it there for as long as it takes to read. @param {HTMLElement} note @param {string} text */
  #tell(note, text) {
    this.#asking = true
    clearTimeout(this.#reading)
    this.#reading = window.setTimeout(() => {
      this.#asking = false
      this.#show()
    }, READING)
    note.hidden = false
    note.replaceChildren(text)
  }

  /** @param {string} selector @returns {HTMLElement} */
  #find(selector) {
    const found = this.element.querySelector(selector)
    if (!found) throw new Error(`the key browser has no ${selector}`)
    return /** @type {HTMLElement} */ (found)
  }
}
