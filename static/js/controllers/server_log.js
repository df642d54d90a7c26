/** The server's own log of commands that took long: its time alone, without the way there and back. */

import { call } from "helpers/api"
import { microsWords } from "helpers/command_list"
import { Controller } from "helpers/controller"
import { button, make } from "helpers/dom"

/** @typedef {{id: number, at: number, micros: number, words: string, client: string}} Slow */

export class ServerLog extends Controller {
  #body = make("div", { role: "status" })
  #asked = false

  /** @param {HTMLElement} element */
  constructor(element) {
    super()
    this.element = element
  }

  connect() {
    const again = button("Ask again", () => void this.read(), { class: "button" })
    this.element.replaceChildren(make("div", { class: "server-log-head" },
      make("p", {}, "What the server itself logged: how long it worked on a command, without the way there and back. Its clients are named after their run."), again), this.#body)
  }

  /** Read it, the first time it is looked at. */
  open() {
    if (!this.#asked) void this.read()
  }

  async read() {
    this.#asked = true
    try {
      const { commands, above } = await call("/api/keys/slow", { signal: this.signal })
      this.#body.replaceChildren(shown(commands, above))
    } catch (error) {
      if (!this.signal.aborted) this.#body.replaceChildren(make("p", { class: "soft" }, error instanceof Error ? error.message : String(error)))
    }
  }
}

/** @param {Slow[]} commands @param {number | null} above microseconds */
function shown(commands, above) {
  const limit = above === null ? "as long as this server logs" : `${microsWords(above)} or more`
  if (commands.length === 0) return make("p", { class: "soft" }, `No command on a learner's key took the server ${limit}.`)
  return make("ol", { class: "commands", tabindex: 0, "aria-label": "Commands that the server logged, newest first" }, ...commands.map((command) =>
    make("li", {}, make("code", {}, command.words), make("span", { class: "cost" },
      make("span", { class: "who" }, command.client || "a client without a name"), make("b", {}, microsWords(command.micros))))))
}
