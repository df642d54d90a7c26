/** The console of the run: what the programs and the runner wrote, and the marks. */

import { Controller } from "helpers/controller"
import { byId, make } from "helpers/dom"

const SHOWN = 400

export class LogPane extends Controller {
  #pane = byId("pane-log")
  #version = -1

  /** @param {import("controllers/run_session").RunSession} session */
  constructor(session) {
    super()
    this.session = session
  }

  connect() {
    this.listen(this.session, "change", () => this.update())
    this.listen(this.session, "run", () => { this.#version = -1 })
    this.update()
  }

  update() {
    const { shown } = this.session
    const lines = entries(shown)
    const version = lines.length + shown.logCount
    if (version === this.#version || this.#pane.hidden) return
    this.#version = version
    const atEnd = this.#pane.scrollTop + this.#pane.clientHeight >= this.#pane.scrollHeight - 30
    this.#pane.replaceChildren(...(lines.length > 0 ? this.#list(lines, shown.logCount) : [empty()]))
    if (atEnd) this.#pane.scrollTop = this.#pane.scrollHeight
  }

  /** @param {Line[]} lines @param {number} count */
  #list(lines, count) {
    const hidden = Math.max(lines.length - SHOWN, count - SHOWN)
    return [
      hidden > 0 ? make("p", { class: "log-note" }, `The last ${SHOWN} of ${count} lines. The export has what was kept of the others.`) : "",
      make("ol", { class: "log", "aria-label": "What the programs wrote" }, ...lines.slice(-SHOWN).map((line) =>
        make("li", { "data-stream": line.stream, "data-severity": line.severity },
          make("time", {}, `${line.t.toFixed(2)} s`),
          make("span", { class: "text" }, line.who ? make("span", { class: "who" }, `${line.who}  `) : null, line.text)))),
    ]
  }
}

/** @typedef {{t: number, who: string, text: string, stream: string, severity: string}} Line */

/** Logs in the order in which they came, marks of each part after them. @param {import("models/run").RunModel} model @returns {Line[]} */
function entries(model) {
  const logs = model.logs.map(({ t, text, stream, part }) => ({ t, who: part ?? "", text, stream, severity: "" }))
  const marks = [...model.parts.values(), model.own].flatMap((part) => part.marks.items.map(({ t, text, severity }) =>
    ({ t, who: part.id, text, stream: "mark", severity })))
  return [...logs, ...marks]
}

function empty() {
  return make("div", { class: "pane-empty" }, make("strong", {}, "Nothing was written"),
    make("p", {}, "What the programs print, and what the runner has to say about them, appears here."))
}
