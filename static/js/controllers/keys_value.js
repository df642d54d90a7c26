/** The value of one key, a window at a time; read again when the key changes. */

import { call } from "helpers/api"
import { Controller } from "helpers/controller"
import { make, say } from "helpers/dom"
import { bytesWords, lifeWords } from "models/key_life"
import { showItems, showString } from "helpers/key_value"

/** @typedef {import("models/keys").KeyRow} KeyRow */

const AGAIN = 300

export class KeysValue extends Controller {
  /** @type {string | null} */
  #id = null
  #at = "0"
  /** @type {AbortController | null} */
  #reading = null
  /** @type {number | undefined} */
  #again
  #form = "text"
  /** What else is known of the key. @type {import("controllers/key_about").KeyAbout | null} */
  about = null

  /** @param {HTMLElement} element @param {import("controllers/keys_source").KeysSource} source */
  constructor(element, source) {
    super()
    this.element = element
    this.source = source
  }

  connect() {
    this.listen(this.source.events, "news", (/** @type {CustomEvent} */ event) => this.#hear(event.detail))
  }

  /** @param {KeyRow} row */
  open(row) {
    this.#id = row.id
    this.#at = "0"
    void this.#read()
  }

  /** @param {import("models/keys").KeyNews} news */
  #hear(news) {
    if (!this.#id) return
    const mine = news.changed.find((change) => change.id === this.#id && change.cause !== "keymiss")
    if (!mine && !news.stale) return
    clearTimeout(this.#again)
    this.#again = window.setTimeout(() => void this.#read(), AGAIN)
  }

  async #read() {
    this.#reading?.abort()
    const mine = (this.#reading = new AbortController())
    try {
      const { row, value, now } = await call(`/api/keys/${this.#id}?${new URLSearchParams({ at: this.#at })}`, { signal: mine.signal })
      if (!mine.signal.aborted) this.#show(row, value, now)
    } catch (error) {
      if (mine.signal.aborted) return
      this.element.hidden = false
      this.element.replaceChildren(make("div", { class: "keys-empty" }, make("h2", {}, "Gone"), make("p", {}, error instanceof Error ? error.message : "")))
    }
  }

  /** @param {KeyRow} row @param {any} value @param {number} now */
  #show(row, value, now) {
    const head = make("header", { class: "value-head" },
      make("h2", { class: "value-name" }, row.name),
      make("p", { class: "value-facts" }, [row.type, row.encoding, bytesWords(row.size ?? 0), count(value), lifeWords(row, now)].filter(Boolean).join(" · ")))
    const body = value.kind === "string" ? showString(value, this.#form, (form) => {
      this.#form = form
      this.#show(row, value, now)
    }) : showItems(value)
    const place = make("nav", { class: "value-place", "aria-label": "Windows of this value" })
    if (value.at !== "0") place.append(this.#go("First", "0"))
    if (value.next !== null) place.append(this.#go("Next window", value.next))
    const where = make("span", { class: "faint" })
    say(where, where_(value))
    place.append(where)
    this.element.hidden = false
    this.about?.show(row.name)
    this.element.replaceChildren(head, ...(this.about ? [this.about.element] : []), body, place)
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
  return `${value.length.toLocaleString("en")} ${unit}`
}

/** @param {any} value */
function where_(value) {
  if (value.kind === "string" && (value.next !== null || value.at !== "0")) return `bytes ${value.at} to ${value.next ?? value.length} of ${value.length.toLocaleString("en")}`
  if (value.next !== null) return `${value.items.length} shown`
  return ""
}
