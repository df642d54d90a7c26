/** What every page has: the theme switch, and what this machine is like right now. */

import { call } from "helpers/api"
import { Controller } from "helpers/controller"
import { say, set } from "helpers/dom"
import { choose, followSystem, theme } from "helpers/theme"

/**
 * @typedef {object} Status
 * @property {boolean} ready
 * @property {boolean} runner
 * @property {number} cpus
 * @property {number | null} busy share of the CPUs; null while not watched
 * @property {boolean | null} quiet
 * @property {{name: string, version: string}} [redis]
 * @property {{name: string, version: string}} [mongodb]
 */

/** Milliseconds from one look to the next, and while the answer is not known or just changed. */
const EVERY = 15_000
const SOON = 2_500

export class Shell extends Controller {
  /** @type {Status | null} */
  status = null
  /** @type {((status: Status) => void)[]} */
  #readers = []
  /** @type {number | undefined} */
  #timer

  connect() {
    const button = document.getElementById("theme")
    if (button) {
      this.listen(button, "click", () => choose(theme() === "dark" ? "light" : "dark"))
      this.listen(window, "themechange", () => this.#showTheme(button))
      this.#showTheme(button)
    }
    followSystem(this.signal)
    this.listen(document, "visibilitychange", () => void (document.hidden || this.#look()))
    this.#look()
  }

  disconnect() {
    clearTimeout(this.#timer)
    super.disconnect()
  }

  /** Something began or ended: what is known of the machine will not be true much longer. */
  soon() {
    this.#again(SOON)
  }

  /** @param {number} milliseconds */
  #again(milliseconds) {
    clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => void (document.hidden || this.#look()), milliseconds)
  }

  /** Call `reader` with every status. @param {(status: Status) => void} reader */
  onStatus(reader) {
    this.#readers.push(reader)
    if (this.status) reader(this.status)
  }

  /** @param {HTMLElement} button */
  #showTheme(button) {
    set(button, { "aria-pressed": String(theme() === "dark") })
  }

  async #look() {
    this.#again(EVERY)
    try {
      this.status = /** @type {Status} */ (await call("/api/status", { signal: this.signal }))
      if (this.status.quiet === null) this.soon()
    } catch {
      return // the page keeps what it last knew; "Live" tells about the connection
    }
    const machine = document.getElementById("machine")
    if (machine && this.status.cpus) say(machine, machineWords(this.status))
    for (const reader of this.#readers) reader(this.status)
  }
}

/** "2 CPUs, quiet", "2 CPUs, 84% busy". @param {Status} status */
function machineWords({ cpus, busy, quiet, runner }) {
  if (!runner) return "No runner is answering"
  const state = quiet === null ? [] : [quiet ? "quiet" : `${Math.round(100 * Number(busy))}% busy`]
  return [`${cpus} CPU${cpus === 1 ? "" : "s"}`, ...state].join(", ")
}
