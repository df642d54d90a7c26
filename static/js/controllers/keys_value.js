/** The value of one key, a window at a time; read again when the key changes. */

import { ApiError, call } from "helpers/api"
import { Controller } from "helpers/controller"
import { countDown, countdown } from "helpers/countdown"
import { button, make } from "helpers/dom"
import { keepPlace } from "helpers/keep_place"
import { showHash, showItems, showString } from "helpers/key_value"
import { countWords, windowWords } from "helpers/value_words"
import { bytesWords } from "models/key_life"
import { below, pathOf, plain } from "models/key_object"

/** @typedef {import("models/keys").KeyRow} KeyRow */
/** @typedef {import("models/key_object").Piece} Piece */

const AGAIN = 300
/** Milliseconds between two looks at the clock. */
const TICK = 100

export class KeysValue extends Controller {
  /** @type {string | null} */
  #id = null
  #name = ""
  #at = "0"
  /** @type {AbortController | null} */
  #reading = null
  /** @type {number | undefined} */
  #again
  #form = "text"
  /** of the value that is shown */
  #type = ""
  #folds = /** @type {import("helpers/json_tree").Folds} */ (new Map())
  /** What else is known of the key. @type {import("controllers/key_about").KeyAbout | null} */
  about = null
  #fresh = false

  /** @param {HTMLElement} element @param {import("controllers/keys_source").KeysSource} source */
  constructor(element, source) {
    super()
    this.element = element
    this.source = source
  }

  connect() {
    this.listen(this.source.events, "news", (/** @type {CustomEvent} */ event) => this.#hear(event.detail))
    const ticking = setInterval(() => countDown(this.element, this.source.now), TICK)
    this.signal.addEventListener("abort", () => {
      clearInterval(ticking)
      clearTimeout(this.#again)
    })
  }

  /** @param {KeyRow} row */
  open(row) {
    this.#id = row.id
    this.#name = row.name
    this.#form = "text"
    this.#fresh = true
    this.#type = row.type ?? ""
    this.#folds.clear()
    this.#go("0")
  }

  /** @param {import("models/keys").KeyNews} news */
  #hear(news) {
    if (!this.#id) return
    const mine = news.changed.some((change) => change.cause !== "keymiss" && (change.id === this.#id || change.name.startsWith(`${this.#name}:`)))
    if (mine || news.stale) this.#soon()
  }

  /** Read again, not more often than that, and never before the last answer is there: it must be seen however often the key changes. */
  #soon() {
    this.#again ??= window.setTimeout(() => {
      this.#again = undefined
      if (this.#reading) this.#soon()
      else void this.#read()
    }, AGAIN)
  }

  /** @param {string} at a window */
  #go(at) {
    this.#at = at
    void this.#read()
  }

  async #read() {
    this.#reading?.abort()
    const mine = (this.#reading = new AbortController())
    try {
      const { row, value, now } = await call("/api/keys/value", { method: "POST", body: { id: this.#id, at: this.#at }, signal: mine.signal })
      const inner = value.kind === "hash" ? await this.#below(row.name, mine.signal) : []
      if (!mine.signal.aborted) this.#show(row, value, inner, now)
    } catch (error) {
      if (!mine.signal.aborted) this.#fail(error)
    } finally {
      if (this.#reading === mine) this.#reading = null
    }
  }

  /** @param {unknown} error */
  #fail(error) {
    const status = error instanceof ApiError ? error.status : 0
    if (status === 400 && this.#at !== "0") return this.#go("0") // it is another value now, without that window
    const words = make("p", {}, error instanceof Error ? error.message : "")
    const more = status === 404 ? [make("h2", {}, "Gone"), words]
      : [make("h2", {}, "Not read"), words, button("Try again", () => void this.#read(), { "data-place": "again" })]
    keepPlace(this.element, () => this.element.replaceChildren(make("div", { class: "keys-empty" }, ...more)))
    this.element.hidden = false
  }

  /** What lies below a hash, as far as the list knows of it. @param {string} name @param {AbortSignal} signal @returns {Promise<Piece[]>} */
  async #below(name, signal) {
    const { keys, inView, now } = this.source
    const there = [...keys.rows.values()].filter((row) => !inView.natural || !keys.isOver(row.id, now)) // a question would reclaim it
    const rows = below(there, name)
    const found = await Promise.all(rows.map((row) => call("/api/keys/value", { method: "POST", body: { id: row.id, at: "0" }, signal }).catch(() => null))) // it may be gone by now
    return rows.flatMap((row, index) => (found[index] ? [{ path: pathOf(name, row.name), value: plain(found[index].value) }] : []))
  }

  /** @param {KeyRow} row @param {any} value @param {Piece[]} inner @param {number} now */
  #show(row, value, inner, now) {
    const ended = (value.kind === "string" || value.kind === "list") && Number(value.at) >= value.length
    if (this.#at !== "0" && (ended || row.type !== this.#type)) return this.#go("0")
    this.#type = row.type ?? ""
    const head = make("header", { class: "value-head" },
      make("h2", { class: "value-name" }, row.name),
      make("p", { class: "value-facts" }, [row.type, row.encoding, bytesWords(row.size ?? 0), countWords(value)].filter(Boolean).join(" · "), " · ", countdown(row, now)))
    const choose = (/** @type {string} */ form) => {
      this.#form = form
      this.#show(row, value, inner, now)
    }
    const body = value.kind === "string" ? showString(value, this.#form, choose, this.#folds)
      : value.kind === "hash" ? showHash(value, inner, this.#form, choose, now, this.#folds) : showItems(value, now)
    const place = make("nav", { class: "value-place", "aria-label": "Windows of this value" })
    if (value.at !== "0") place.append(button("First", () => this.#go("0"), { "data-place": "first" }))
    if (value.next !== null) place.append(button("Next window", () => this.#go(value.next), { "data-place": "next" }))
    place.append(make("span", { class: "faint" }, windowWords(value)))
    this.element.hidden = false
    this.about?.show(row.name)
    keepPlace(this.element, () => this.element.replaceChildren(head, ...(this.about ? [this.about.element] : []), body, place))
    if (this.#fresh) this.element.scrollIntoView({ block: "nearest" })
    this.#fresh = false
  }
}
