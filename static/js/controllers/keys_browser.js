/** A key browser: filter, count, buttons, list. The page and the pane beside a lab both use it. */

import { KeysList } from "controllers/keys_list"
import { KeysDelete } from "controllers/keys_delete"
import { KeysSource } from "controllers/keys_source"
import { ScrubBar } from "controllers/scrub_bar"
import { Controller } from "helpers/controller"
import { make, say, set } from "helpers/dom"
import { noRows } from "helpers/key_row"
import { MOST } from "models/keys"

const TYPING = 250

export class KeysBrowser extends Controller {
  /** @type {number | undefined} */
  #typing

  /** @param {HTMLElement} element @param {string[]} [patterns] the lab's keys; none: every key */
  constructor(element, patterns = []) {
    super()
    this.element = element
    this.patterns = patterns
    this.source = new KeysSource(patterns)
    this.list = new KeysList(this.#find(".keys-list"), this.source)
    this.delete = new KeysDelete()
    this.scrub = new ScrubBar(this.source)
  }

  connect() {
    this.list.connect()
    this.#find(".keys-note").before(this.scrub.element)
    this.scrub.connect()
    this.source.connect()
    this.delete.connect()
    const filter = /** @type {HTMLInputElement} */ (this.#find(".keys-filter"))
    this.listen(filter, "input", () => {
      clearTimeout(this.#typing)
      this.#typing = window.setTimeout(() => this.source.search(filter.value.trim()), TYPING)
    })
    this.#act("tree", (on) => this.list.showTree(on))
    this.#act("pause", (on) => this.source.pause(on))
    this.#act("natural", (on) => this.source.leaveToServer(on))
    this.listen(this.#find('[data-act="flush"]'), "click", () => this.delete.open(this.#fitting))
    this.listen(this.source.events, "change", () => this.#show())
    this.listen(this.list.events, "end", () => {
      const { keys, scanning, state, stopped } = this.source
      if (!scanning && !keys.reading.done && !keys.full && !stopped && state !== "failed") void this.source.read()
    })
    this.#show()
  }

  disconnect() {
    clearTimeout(this.#typing)
    this.delete.disconnect()
    this.source.disconnect()
    this.list.disconnect()
    this.scrub.disconnect()
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
    const { keys, past, state, problem, scanning } = this.source
    const there = [...(past === null ? keys.rows : keys.rows.at(past)).values()].filter((row) => !row.gone).length
    const count = this.#find(".keys-count")
    const words = past !== null ? `${there.toLocaleString("en")} seen at that moment` : keys.reading.done ? `${there.toLocaleString("en")} of ${keys.total.toLocaleString("en")} keys`
      : `${there.toLocaleString("en")} found, ${keys.reading.looked.toLocaleString("en")} of ${keys.total.toLocaleString("en")} scanned`
    say(count, state === "loading" ? "Looking for keys …" : state === "resync" && scanning ? `Resyncing: ${words}` : words)
    const away = !this.source.socket.connected && state !== "loading"
    set(this.element, { "data-state": away ? "away" : state, "data-scanning": scanning || null, "data-past": past !== null || null, "data-empty": (there === 0 && keys.rows.size === 0) || null })
    set(this.#find('[data-act="pause"]'), { "aria-pressed": String(past !== null) })
    const note = this.#find(".keys-note")
    const said = this.#said({ state, problem, scanning, there, done: keys.reading.done || past !== null })
    const deaf = this.source.why && !away ? [`Not live. ${this.source.why} `, this.#link("Refresh", () => void this.source.read(true)), " "] : []
    note.hidden = said === null && deaf.length === 0
    note.replaceChildren(...deaf, ...(said ?? []))
  }

  /** @param {{state: string, problem: string, scanning: boolean, there: number, done: boolean}} now @returns {(string | Node)[] | null} */
  #said({ state, problem, scanning, there, done }) {
    if (state !== "loading" && !this.source.socket.connected) return ["Not connected. This is how the keys were; the page connects again by itself."]
    if (state === "failed") return [problem, " ", this.#link("Try again", () => void this.source.read(true))]
    if (state === "resync" && !scanning) return ["The connection to Redis was lost for a moment. Resyncing …"]
    if (this.source.keys.leftOut || (this.source.keys.full && !done)) return [`The list holds ${MOST.toLocaleString("en")} keys, and no more. Filter to see others.`]
    if (scanning && !done && this.source.filter) return ["Still looking. ", this.#link("Stop", () => this.source.cancel())]
    if (!scanning && !done && state === "ready") return [this.#link("Show more", () => void this.source.read())]
    if (done && there === 0 && (this.source.past !== null || this.source.keys.rows.size === 0)) return [noRows(this.source.filter, this.patterns, this.source.past !== null)]
    return null
  }

  /** @param {string} label @param {() => void} action */
  #link(label, action) {
    return make("button", { type: "button", class: "text-button", onclick: action }, label)
  }

  /** What the dialog begins with: what is looked for, if it is a pattern, else the lab's keys. */
  get #fitting() {
    const { filter } = this.source
    return filter.startsWith("lab:") && filter.includes("*") ? filter : this.patterns[0] ?? "lab:*"
  }

  /** @param {string} selector @returns {HTMLElement} */
  #find(selector) {
    const found = this.element.querySelector(selector)
    if (!found) throw new Error(`the key browser has no ${selector}`)
    return /** @type {HTMLElement} */ (found)
  }
}
