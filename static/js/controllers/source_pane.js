/** The source that ran: the files of the runtimes, the line behind the chosen span, and what happened to it in words. */

import { Controller } from "helpers/controller"
import { button, byId, make } from "helpers/dom"
import { spanLines, spanWords } from "helpers/span_words"
import { unitScale } from "models/scale"

/** Spans that are told about at once. */
const MOST = 6

export class SourcePane extends Controller {
  #pane = byId("pane-source")
  #note = byId("source-note")
  /** The same words beside the chart, for layouts where the source is out of sight. */
  near = make("div", { class: "source-note near" })

  /** @param {() => void} open brings the source into view */
  constructor(open) {
    super()
    this.open = open
  }

  connect() {
    this.listen(this.#pane, "change", (event) => this.#show(/** @type {HTMLInputElement} */ (event.target).value))
  }

  /** Offer only the files of these runtimes, in case the lab has more. @param {string[]} runtimes */
  offer(runtimes) {
    const inputs = this.#inputs()
    for (const input of inputs) {
      const used = (input.dataset.runtimes ?? "").split(" ").some((key) => runtimes.includes(key))
      input.closest(".chip")?.toggleAttribute("hidden", !used)
    }
    const shown = inputs.find((input) => input.checked)
    const first = inputs.find((input) => !input.closest(".chip")?.hasAttribute("hidden"))
    if (first && shown?.closest(".chip")?.hasAttribute("hidden")) this.#choose(first.value)
  }

  /**
   * @param {import("models/part").Part} part
   * @param {import("models/span").Span[]} spans at least one; the line of the first is shown
   * @param {{unit: number | null, name: string}} unit of the axis
   */
  select(part, spans, { unit, name }) {
    this.clear()
    const [span] = spans
    if (!span) return
    const scale = unitScale(unit, name)
    const [file = "", line = ""] = span.at.split(":")
    for (const note of [this.#note, this.near]) {
      note.append(...(spans.length > 1 ? spanLines(spans.slice(0, MOST), scale) : spanWords(part, span, scale)))
      if (spans.length > MOST) note.append(`and ${spans.length - MOST} more`)
    }
    if (!file) return
    this.near.append(" ", button(`Line ${line} of ${file}`, this.open, { class: "text-button" }))
    this.#choose(file)
    const target = document.getElementById(`${file}-${line}`)
    target?.classList.add("hit")
    this.#reveal(target)
  }

  clear() {
    this.#note.replaceChildren()
    this.near.replaceChildren()
    for (const line of this.#pane.querySelectorAll(".hit")) line.classList.remove("hit")
  }

  /** Scroll the pane, never the page. @param {HTMLElement | null} line */
  #reveal(line) {
    if (!line || this.#pane.hidden || this.#pane.scrollHeight <= this.#pane.clientHeight) return
    const [box, pane] = [line.getBoundingClientRect(), this.#pane.getBoundingClientRect()]
    this.#pane.scrollTop += box.top - pane.top - pane.height / 2
  }

  #inputs() {
    return /** @type {HTMLInputElement[]} */ ([...this.#pane.querySelectorAll('[name="source-file"]')])
  }

  /** @param {string} file */
  #choose(file) {
    for (const input of this.#inputs()) input.checked = input.value === file
    this.#show(file)
  }

  /** @param {string} file */
  #show(file) {
    for (const listing of /** @type {NodeListOf<HTMLElement>} */ (this.#pane.querySelectorAll("[data-file]"))) {
      listing.hidden = listing.dataset.file !== file
    }
  }
}
