/** The value of one key, a window at a time; read again when the key changes. */

import { call } from "helpers/api"
import { Controller } from "helpers/controller"
import { countDown, countdown } from "helpers/countdown"
import { make, say } from "helpers/dom"
import { bytesWords } from "models/key_life"
import { showHash, showItems, showString } from "helpers/key_value"
import { below, pathOf, plain } from "models/key_object"

/** @typedef {import("models/keys").KeyRow} KeyRow */
/** @typedef {import("models/key_object").Piece} Piece */

const AGAIN = 300
/** Milliseconds between two looks at the clock. */
const TICK = 100
const ONE = { bytes: "byte", fields: "field", items: "item", members: "member", entries: "entry" }

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
    this.signal.addEventListener("abort", () => clearInterval(ticking))
  }

  /** @param {KeyRow} row */
  open(row) {
    this.#id = row.id
    this.#name = row.name
    this.#form = "text"
    this.#fresh = true
    this.#at = "0"
    void this.#read()
  }

  /** @param {import("models/keys").KeyNews} news */
  #hear(news) {
    if (!this.#id) return
    const mine = news.changed.some((change) => change.cause !== "keymiss" && (change.id === this.#id || change.name.startsWith(`${this.#name}:`)))
    if (!mine && !news.stale) return
    clearTimeout(this.#again)
    this.#again = window.setTimeout(() => void this.#read(), AGAIN)
  }

  async #read() {
    this.#reading?.abort()
    const mine = (this.#reading = new AbortController())
    try {
      const { row, value, now } = await call("/api/keys/value", { method: "POST", body: { id: this.#id, at: this.#at }, signal: mine.signal })
      const inner = value.kind === "hash" ? await this.#below(row.name, mine.signal) : []
      if (!mine.signal.aborted) this.#show(row, value, inner, now)
    } catch (error) {
      if (mine.signal.aborted) return
      this.element.hidden = false
      this.element.replaceChildren(make("div", { class: "keys-empty" }, make("h2", {}, "Gone"), make("p", {}, error instanceof Error ? error.message : "")))
    }
  }

  /** What lies below a hash, as far as the list knows of it. @param {string} name @param {AbortSignal} signal @returns {Promise<Piece[]>} */
  async #below(name, signal) {
    const rows = below(this.source.keys.rows.values(), name)
    const found = await Promise.all(rows.map((row) => call("/api/keys/value", { method: "POST", body: { id: row.id, at: "0" }, signal }).catch(() => null))) // it may be gone by now
    return rows.flatMap((row, index) => (found[index] ? [{ path: pathOf(name, row.name), value: plain(found[index].value) }] : []))
  }

  /** @param {KeyRow} row @param {any} value @param {Piece[]} inner @param {number} now */
  #show(row, value, inner, now) {
    const head = make("header", { class: "value-head" },
      make("h2", { class: "value-name" }, row.name),
      make("p", { class: "value-facts" }, [row.type, row.encoding, bytesWords(row.size ?? 0), count(value)].filter(Boolean).join(" · "), " · ", countdown(row, now)))
    const choose = (/** @type {string} */ form) => {
      this.#form = form
      this.#show(row, value, inner, now)
    }
    const body = value.kind === "string" ? showString(value, this.#form, choose)
      : value.kind === "hash" ? showHash(value, inner, this.#form, choose, now) : showItems(value, now)
    const place = make("nav", { class: "value-place", "aria-label": "Windows of this value" })
    if (value.at !== "0") place.append(this.#go("First", "0"))
    if (value.next !== null) place.append(this.#go("Next window", value.next))
    const where = make("span", { class: "faint" })
    say(where, where_(value))
    place.append(where)
    this.element.hidden = false
    this.about?.show(row.name)
    this.element.replaceChildren(head, ...(this.about ? [this.about.element] : []), body, place)
    if (this.#fresh) this.element.scrollIntoView({ block: "nearest" })
    this.#fresh = false
  }

  /** @param {string} label @param {string} at */
  #go(label, at) {
    return make("button", { type: "button", class: "button", onclick: () => {
      this.#at = at
      void this.#read()
    } }, label)
  }
}

/** @param {any} value */
function count(value) {
  if (value.length === null) return ""
  const unit = { string: "bytes", hash: "fields", list: "items", set: "members", zset: "members", stream: "entries" }[/** @type {string} */ (value.kind)]
  return `${value.length.toLocaleString("en")} ${value.length === 1 ? ONE[/** @type {keyof typeof ONE} */ (unit)] : unit}`
}

/** @param {any} value */
function where_(value) {
  if (value.kind === "string" && (value.next !== null || value.at !== "0")) return `bytes ${value.at} to ${value.next ?? value.length} of ${value.length.toLocaleString("en")}`
  if (value.next !== null) return `${value.items.length} shown`
  return ""
}
