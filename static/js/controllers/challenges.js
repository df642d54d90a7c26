/** What to bring about by hand; the server's state ticks the boxes, and a box stays ticked on this page. */

import { announce } from "helpers/announce"
import { call } from "helpers/api"
import { Controller } from "helpers/controller"
import { icon } from "helpers/icons"
import { make } from "helpers/dom"

const SOON = 250

export class Challenges extends Controller {
  #done = /** @type {Set<string>} */ (new Set())
  /** @type {number | undefined} */
  #timer

  /**
   * @param {HTMLElement} element @param {string} lab
   * @param {EventTarget[]} changes whatever may have changed the server's state
   * @param {() => boolean} waits whether a dead key is left to the server: a question would make the server reclaim it
   */
  constructor(element, lab, changes, waits) {
    super()
    this.element = element
    this.lab = lab
    this.changes = changes
    this.waits = waits
  }

  connect() {
    for (const target of this.changes) {
      for (const type of ["news", "reply"]) {
        this.listen(target, type, (/** @type {CustomEvent} */ event) => {
          if (type === "news" && !isChange(event.detail)) return
          this.#timer ??= window.setTimeout(() => void this.#look(), SOON) // also while the changes never end
        })
      }
    }
    void this.#look()
  }

  async #look() {
    this.#timer = undefined
    if (this.waits()) return
    const { challenges } = await call(`/api/labs/${this.lab}/challenges`, { signal: this.signal }).catch(() => ({ challenges: [] }))
    for (const one of challenges) {
      if (one.done && !this.#done.has(one.id)) {
        this.#done.add(one.id)
        announce(`Done: ${one.text}`)
      }
    }
    if (challenges.length === 0) return
    this.element.replaceChildren(...challenges.map((/** @type {{id: string, text: string}} */ one) =>
      make("li", { class: "challenge", "data-done": this.#done.has(one.id) || null },
        make("span", { class: "box" }, this.#done.has(one.id) ? icon("yes", 14) : null),
        make("span", {}, this.#done.has(one.id) ? make("span", { class: "sr" }, "Done: ") : null, one.text))))
  }
}

/** Whether something is other than before: that somebody missed a key changes nothing. @param {import("models/keys").KeyNews} news */
export function isChange(news) {
  return news.stale !== null || news.changed.some((change) => change.cause !== "keymiss")
}
