/** The table of spans beside the run: who waited, ran and was done when. */

import { Controller } from "helpers/controller"
import { byId, make } from "helpers/dom"
import { spanRows } from "helpers/chart_tables"
import { table } from "helpers/table"

const MOST = 300

export class TablePane extends Controller {
  #pane = byId("pane-table")
  #drawn = ""

  /**
   * @param {import("controllers/run_session").RunSession} session
   * @param {import("controllers/stage").Stage} stage tells which repeat is shown
   * @param {string} unit what a unit is called
   */
  constructor(session, stage, unit) {
    super()
    this.session = session
    this.stage = stage
    this.unit = unit
  }

  connect() {
    this.listen(this.session, "change", () => this.update())
    this.listen(this.#pane, "click", (event) => {
      const pressed = /** @type {Element} */ (event.target).closest("[data-span]")
      if (pressed) this.stage.select(pressed.getAttribute("data-part") ?? "", [pressed.getAttribute("data-span") ?? ""])
    })
    this.update()
  }

  update() {
    const { shown } = this.session
    const parts = this.stage.shownParts()
    const chosen = this.stage.chosen
    const drawn = `${shown.name} ${shown.version} ${parts.map((part) => part.id)} ${chosen?.part} ${chosen?.ids}`
    if (this.#pane.hidden || drawn === this.#drawn) return
    this.#drawn = drawn
    if (parts.every((part) => part.spans.size === 0)) return this.#pane.replaceChildren(empty(shown))
    this.#pane.replaceChildren(...parts.map((part) => {
      const { columns, rows, title } = spanRows(shown, part, this.unit, chosen)
      const more = rows.length - MOST
      return make("div", { class: "table-block" }, table({ caption: title, columns, rows: rows.slice(0, MOST) }),
        more > 0 ? make("p", { class: "table-note" }, `and ${more} more; the CSV export has all`) : null)
    }))
  }
}

/** @param {import("models/run").RunModel} run */
function empty(run) {
  const [title, words] = noRows(run)
  return make("div", { class: "pane-empty" }, make("strong", {}, title), make("p", {}, words))
}

/** What stands instead of rows: not every lab tells of single pieces of work. @param {import("models/run").RunModel} run @returns {[title: string, words: string]} */
export function noRows({ ended, parts }) {
  if (!ended) return ["No times yet", "Each piece of work gets a row: how long it waited, how long it ran, when it was done."]
  if (parts.size === 0) return ["No times", "This run ended before it had told of any piece of work."]
  return ["No single pieces of work", "This run told of none, so there are no rows here. What it measured stands in the tables under its charts."]
}
