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
 * @property {boolean} quiet
 * @property {{name: string, version: string}} [redis]
 * @property {{name: string, version: string}} [mongodb]
 */

const EVERY = 15_000

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
    this.#timer = window.setInterval(() => void (document.hidden || this.#look()), EVERY)
    this.#look()
  }

  disconnect() {
    clearInterval(this.#timer)
    super.disconnect()
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
    try {
      this.status = /** @type {Status} */ (await call("/api/status", { signal: this.signal }))
    } catch {
      return // the page keeps what it last knew; "Live" tells about the connection
    }
    const machine = document.getElementById("machine")
    if (machine && this.status.cpus) say(machine, machineWords(this.status))
    for (const reader of this.#readers) reader(this.status)
  }
}

/** @param {Status} status */
function machineWords({ cpus, quiet, runner }) {
  if (!runner) return "No runner is answering"
  return `${cpus} CPU${cpus === 1 ? "" : "s"}, ${quiet ? "quiet" : "busy"}`
}
