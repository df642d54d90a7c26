/** One chart of the lab with everything around it: title, legend, the sentence under it, and the same data as a table. */

import { make, say } from "helpers/dom"
import { legend } from "helpers/legend"
import { answeredBy } from "helpers/servers"
import { chartTables } from "helpers/tables_by_kind"
import { SizePicker } from "controllers/size_picker"
import { shownOf, sizesOf } from "models/choose"

/** @typedef {import("helpers/types").ChartInfo} ChartInfo @typedef {import("models/run").RunModel} RunModel */
/** @typedef {{part: string, ids: string[]} | null} Chosen */

/** @type {Record<string, () => Promise<{mount: (element: HTMLElement, options: any) => any}>>} */
const KINDS = {
  timeline: () => import("charts/timeline"),
  strip: () => import("charts/strip"),
  curve: () => import("charts/curve"),
  line: () => import("charts/line"),
  percentiles: () => import("charts/percentiles"),
  processes: () => import("charts/processes"),
  layers: () => import("charts/layers"),
  turns: () => import("charts/turns"),
  orders: () => import("charts/orders"),
  chains: () => import("charts/chains"),
}

export class ChartCard {
  #plot = make("div", { class: "plot" })
  #legend = make("ul", { class: "legend", "aria-label": "Legend" })
  #servers = make("p", { class: "answered", hidden: true })
  #said = make("p", { class: "said" })
  #details = make("details", { class: "as-table" },
    make("summary", {}, make("span", { class: "show" }, "Show as a table"), make("span", { class: "hide" }, "Hide the table")))
  /** Room for controls in the head and at the foot of the card. */
  head = make("div", { class: "chart-head" })
  foot = make("div", {})
  /** @type {any} */
  #chart = null
  #gone = false
  #drawn = ""
  /** @type {number | null} */
  #repeat = null
  /** @type {SizePicker | null} where the sizes of a sweep take turns */
  #sizes = null
  /** What was shown last. @type {{runs: RunModel[], parts: import("models/part").Part[], chosen: Chosen}} */
  #shown = { runs: [], parts: [], chosen: null }
  /** @type {RunModel | null} */
  #run = null

  /**
   * @param {ChartInfo} chart
   * @param {object} options
   * @param {RunModel | RunModel[]} options.run
   * @param {import("helpers/types").Lab} options.lab
   * @param {import("helpers/types").Guess | null} options.prediction
   * @param {boolean} [options.projector]
   * @param {boolean} [options.acts] may the learner act on the run from here?
   * @param {boolean} [options.top] is there no heading between the page's and this one's?
   * @param {(part: string, span: string) => void} [options.onSpan]
   * @param {import("controllers/key_choice").KeyChoice} [options.choice] which key is spoken of
   */
  constructor(chart, options) {
    this.chart = chart
    this.options = options
    this.#run = Array.isArray(options.run) ? null : options.run
    this.head.append(make(options.top ? "h2" : "h3", { class: "chart-title" }, chart.title), this.#legend)
    this.element = make("section", { class: "chart-card", "aria-label": chart.title, "data-chart": chart.id },
      make("div", { class: "chart" }, this.head, this.#servers, this.#plot, this.foot), this.#said, this.#details)
    this.#details.hidden = chart.kind === "processes" // it is a table
    this.#details.addEventListener("toggle", () => this.#tabulate())
    this.#details.addEventListener("click", (event) => {
      const { part, span } = /** @type {Element} */ (event.target).closest("button")?.dataset ?? {}
      if (part && span) this.options.onSpan?.(part, span)
    })
    if (chart.kind === "timeline" && chart.x) this.#sizes = new SizePicker(chart.xlabel ?? chart.x, (size) => this.#size(size))
    if (this.#sizes) this.head.append(this.#sizes.element)
    this.#mount()
  }

  async #mount() {
    const load = KINDS[this.chart.kind]
    if (!load) return say(this.#said, `This page cannot draw charts of the kind “${this.chart.kind}”. The table has the numbers.`)
    try {
      const { mount } = await load()
      if (this.#gone) return
      this.#chart = mount(this.#plot, { ...this.options, repeat: this.#repeat, size: this.#sizes?.size ?? null, run: this.#run ?? this.options.run, chart: this.chart, projector: this.options.projector ?? false })
      this.#chart.update(performance.now())
    } catch (error) {
      this.#plot.replaceChildren(make("p", { class: "soft" }, "The chart could not be drawn. The table below has its numbers."))
      console.error(error)
    }
  }

  /** Draw another model of the same run: a replay's, or the recorded one again. @param {RunModel} run */
  show(run) {
    if (run === this.#run) return
    this.#run = run
    this.#chart?.set({ run })
  }

  /** @param {number | null} repeat */
  repeat(repeat) {
    this.#repeat = repeat
    this.#chart?.set({ repeat })
  }

  /** @param {number | null} size */
  #size(size) {
    this.#chart?.set({ size })
    this.update(this.#shown.runs, this.#shown.chosen)
  }

  /** @param {Chosen} chosen */
  select(chosen) {
    const part = chosen && this.#run?.parts.get(chosen.part)
    if (this.#sizes && part && !this.#shown.parts.includes(part)) {
      this.#sizes.choose(Number(part.params[String(this.chart.x)]))
      this.#size(this.#sizes.size)
    }
    this.#chart?.select?.(chosen?.part ?? null, chosen?.ids ?? null)
  }

  /** Every frame while something moves. @param {number} now */
  frame(now) {
    this.#chart?.update(now)
  }

  /** What is around the chart. @param {RunModel[]} runs @param {Chosen} chosen */
  update(runs, chosen) {
    const x = this.#sizes && this.chart.x
    if (x) this.#sizes?.offer(sizesOf(runs.flatMap(({ parts }) => [...parts.values()]), x), runs.some(({ ended, playhead }) => !ended || playhead !== null))
    const parts = runs.flatMap((run) => shownOf(run, { repeat: this.#repeat, x, size: this.#sizes?.size, unit: this.chart.unit }).flatMap(({ part }) => part ?? []))
    const captions = runs.map((one) => [one.name, one.captions.get(this.chart.id)]).filter(([, caption]) => caption)
    say(this.#said, captions.map(([name, caption]) => (runs.length > 1 ? `${name}: ${caption}` : caption)).join("\n") || this.chart.help || "")
    legend(this.#legend, this.chart, parts)
    say(this.#servers, answeredBy(runs))
    this.#servers.hidden = !this.#servers.textContent
    this.#shown = { runs, parts, chosen }
    this.#tabulate()
  }

  /** The table is made only while it is open, and again only when its data changed. */
  #tabulate() {
    const { runs, parts, chosen } = this.#shown
    const drawn = `${runs.map((one) => one.version)} ${parts.map((part) => part.id)} ${chosen?.part} ${chosen?.ids}`
    if (!this.#details.open || drawn === this.#drawn) return
    this.#drawn = drawn
    this.#details.querySelector(".tables")?.remove()
    this.#details.append(make("div", { class: "tables" }, ...chartTables(this.chart, runs, parts, chosen, this.options)))
  }

  destroy() {
    this.#gone = true
    this.#chart?.destroy()
    this.element.remove()
  }
}
