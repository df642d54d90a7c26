/** What the run does with Redis, as its own wrapper counts it: each key's hits, misses and fills, and the commands. */

import { commandList, feedWords } from "helpers/command_list"
import { Controller } from "helpers/controller"
import { make, say, set } from "helpers/dom"
import { countWords } from "helpers/key_counts"

/** @typedef {import("controllers/run_session").RunSession} RunSession */

const MOST_KEYS = 50
const PAUSE = 250

export class RunKeys extends Controller {
  #head = make("p", { class: "run-keys-head", role: "status" })
  #keys = make("ul", { class: "run-keys-list", "aria-label": "Keys of the run" })
  #said = make("p", { class: "run-keys-said" })
  #commands = make("div", {})
  #drawn = ""
  #last = 0
  /** @type {number | undefined} */
  #later

  /** @param {HTMLElement} element @param {RunSession} session @param {import("controllers/key_choice").KeyChoice} choice */
  constructor(element, session, choice) {
    super()
    this.element = element
    this.session = session
    this.choice = choice
  }

  connect() {
    this.element.replaceChildren(this.#head, this.#keys, this.#said, this.#commands)
    this.listen(this.session, "change", () => this.#soon())
    this.listen(this.choice, "choose", () => this.update())
    this.listen(this.#keys, "click", (/** @type {MouseEvent} */ event) => {
      const key = /** @type {HTMLElement} */ (event.target).closest("button")?.dataset.key
      if (key !== undefined) this.choice.choose(key)
    })
    this.update()
  }

  disconnect() {
    clearTimeout(this.#later)
    super.disconnect()
  }

  /** Not more often than can be read. */
  #soon() {
    clearTimeout(this.#later)
    this.#later = window.setTimeout(() => this.update(), Math.max(0, this.#last + PAUSE - performance.now()))
  }

  update() {
    const { run, shown, phase } = this.session
    const drawn = `${run?.id} ${phase} ${shown.version} ${this.choice.key}`
    if (this.element.hidden || drawn === this.#drawn) return
    this.#drawn = drawn
    this.#last = performance.now()
    say(this.#head, run ? `Run ${run.number}, ${run.title}: ${PHASES[phase] ?? phase}.` : "No run yet. Start one, and what it asks of Redis appears here.")
    this.#showKeys(shown.counts)
    this.#said.hidden = !run
    say(this.#said, feedWords(shown.commands))
    this.#commands.replaceChildren(...(shown.commands.items.length > 0 ? [commandList(shown.commands)] : []))
  }

  /** Buttons stay the same elements, so that the keyboard's place is kept. @param {import("models/key_counts").KeyCounts} counts */
  #showKeys(counts) {
    const all = [...counts.keys.values()].slice(0, MOST_KEYS)
    while (this.#keys.children.length > all.length) this.#keys.lastElementChild?.remove()
    while (this.#keys.children.length < all.length) this.#keys.append(make("li", {}, keyButton()))
    all.forEach((count, index) => {
      const button = /** @type {HTMLElement} */ (this.#keys.children[index]?.firstElementChild)
      const [name, facts] = button.children
      set(button, { "data-key": count.name, "aria-pressed": String(count.name === this.choice.key) })
      say(/** @type {Element} */ (name), count.name)
      say(/** @type {Element} */ (facts), [count.owner && count.owner !== count.name ? `owner ${count.owner}` : "", countWords(count.sums)].filter(Boolean).join(" · "))
    })
  }
}

function keyButton() {
  return make("button", { type: "button", class: "run-key" }, make("span", { class: "key-name" }), make("span", { class: "sums" }))
}

/** @type {Record<string, string>} */
const PHASES = {
  loading: "loading", queued: "waiting for its turn", starting: "starting", running: "running now",
  finished: "finished", failed: "failed", cancelled: "cancelled",
}
