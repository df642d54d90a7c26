/** A dialog that deletes many keys: it counts what a pattern fits while one types, then asks, then deletes in steps. */

import { call } from "helpers/api"
import { Controller } from "helpers/controller"
import { button, make, say, set } from "helpers/dom"

const TYPING = 300
const SAMPLE = 5

let dialogs = 0

/** @typedef {{count: number, looked: number, total: number, sample: string[]}} Tally */

export class KeysDelete extends Controller {
  /** @type {AbortController | null} */
  #work = null
  /** @type {number | undefined} */
  #typing
  #state = ""
  #enough = false

  constructor() {
    super()
    const id = `keys-delete-${(dialogs += 1)}`
    this.input = make("input", { type: "text", class: "keys-filter", id: `${id}-pattern`, autocomplete: "off", autocapitalize: "off",
      spellcheck: "false", maxlength: "512", "aria-describedby": `${id}-bound` })
    this.said = make("p", { class: "keys-delete-said", role: "status" })
    this.names = make("ul", { class: "keys-delete-names", "aria-label": "Some of them" })
    this.bar = make("progress", { class: "keys-delete-bar", max: "1", "aria-label": "Progress" })
    this.go = button("Delete", () => void this.#delete(), { class: "button danger" })
    this.close = button("Keep them", () => this.#leave())
    this.dialog = make("dialog", { class: "dialog keys-delete", "aria-labelledby": `${id}-title` },
      make("h2", { id: `${id}-title` }, "Delete keys"),
      make("label", { for: `${id}-pattern` }, "Names that fit"), this.input,
      make("p", { class: "hint", id: `${id}-bound` }, "* stands for anything, ? for one character. A pattern begins with lab:, "
        + "and the server lets this page reach no other keys."),
      this.said, this.names, this.bar, make("div", { class: "keys-delete-acts" }, this.close, this.go))
  }

  connect() {
    document.body.append(this.dialog)
    this.listen(this.input, "input", () => {
      this.#stop()
      set(this.go, { disabled: true })
      this.#typing = window.setTimeout(() => void this.#count(), TYPING)
    })
    this.listen(this.dialog, "close", () => this.#stop())
    this.listen(this.dialog, "cancel", (event) => {
      if (this.#state !== "deleting") return
      event.preventDefault()
      this.#leave()
    })
  }

  disconnect() {
    this.#stop()
    this.dialog.remove()
    super.disconnect()
  }

  /** @param {string} pattern to begin with */
  open(pattern) {
    this.input.value = pattern
    this.dialog.showModal()
    void this.#count()
  }

  /** Close; in the middle of deleting end after this step instead, so that the count stays exact. */
  #leave() {
    if (this.#state === "deleting") this.#enough = true
    else this.dialog.close()
  }

  #stop() {
    clearTimeout(this.#typing)
    this.#work?.abort()
    this.#work = null
  }

  async #count() {
    if (!/^"?lab:/.test(this.input.value.trim())) return this.#show("failed", "A pattern begins with lab:, such as lab:qc:*.")
    this.#show("counting")
    const tally = await this.#through(true, (now) => say(this.said, `Counting: ${fits(now)} so far.`))
    if (!tally) return
    if (tally.count === 0) return this.#show("empty", "No key fits.")
    this.#show("counted", `${fits(tally)}.`)
    say(this.go, `Delete ${tally.count.toLocaleString("en")}`)
    const more = tally.count > SAMPLE ? [make("li", { class: "faint" }, "…")] : []
    this.names.replaceChildren(...tally.sample.slice(0, SAMPLE).map((name) => make("li", {}, name)), ...more)
  }

  async #delete() {
    this.#show("deleting")
    this.#enough = false
    const tally = await this.#through(false, (now) => say(this.said, `${keys(now.count)} deleted so far.`))
    if (tally) this.#show("done", this.#enough ? `Stopped. ${keys(tally.count)} deleted, the others are still there.` : `${keys(tally.count)} deleted.`)
  }

  /** Step by step to the end; null when it was stopped or failed, which it says itself. @param {boolean} dry @param {(now: Tally) => void} comes */
  async #through(dry, comes) {
    this.#stop()
    const mine = (this.#work = new AbortController())
    const tally = /** @type {Tally} */ ({ count: 0, looked: 0, total: 0, sample: [] })
    try {
      for (let cursor = null; cursor !== "0" && !(this.#enough && !dry);) {
        const body = { pattern: this.input.value.trim(), dry, cursor: cursor ?? "0" }
        const step = await call("/api/keys/unlink", { method: "POST", body, signal: mine.signal })
        if (mine.signal.aborted) return null
        Object.assign(tally, { count: tally.count + step.count, looked: tally.looked + step.looked, total: step.total })
        tally.sample.push(...step.sample)
        cursor = step.cursor
        set(this.bar, { value: cursor === "0" ? 1 : Math.min(1, tally.looked / Math.max(1, tally.total + (dry ? 0 : tally.count))) })
        comes(tally)
      }
      return tally
    } catch (error) {
      if (!mine.signal.aborted) this.#show("failed", error instanceof Error ? error.message : String(error))
      return null
    }
  }

  /** @param {"counting" | "counted" | "empty" | "deleting" | "done" | "failed"} state @param {string} [words] */
  #show(state, words) {
    this.#state = state
    const working = state === "counting" || state === "deleting"
    set(this.dialog, { "data-state": state })
    this.bar.hidden = !working
    this.input.disabled = state === "deleting"
    set(this.go, { disabled: state !== "counted", hidden: state === "done" || null })
    if (state !== "counted" && state !== "deleting") {
      say(this.go, "Delete")
      this.names.replaceChildren()
    }
    say(this.close, state === "deleting" ? "Stop" : state === "done" ? "Close" : "Keep them")
    if (words !== undefined) say(this.said, words)
  }
}

/** @param {number} count */
function keys(count) {
  return `${count.toLocaleString("en")} key${count === 1 ? "" : "s"}`
}

/** @param {Tally} tally */
function fits({ count, total }) {
  return `${count.toLocaleString("en")} of ${keys(total)} would go`
}
