/** The stage: the charts of the run that is shown, or the calm picture of the one to come. */

import { ChartCard } from "controllers/chart_card"
import { Controller } from "helpers/controller"
import { byId, make } from "helpers/dom"
import { ghost } from "helpers/ghost"
import { askedOn, guessMax, guessOn } from "helpers/range"
import { holds } from "helpers/words"
import { shownOf } from "models/choose"

/** @typedef {import("controllers/run_session").RunSession} RunSession */
/** @typedef {{part: string, ids: string[]}} Chosen */

/** Charts that show no single piece of work. */
const NUMBERS = new Set(["curve", "strip", "line", "percentiles"])

export class Stage extends Controller {
  /** Events: "select" after a span was chosen, "repeat" after another repeat is shown. */
  events = new EventTarget()
  /** @type {Chosen | null} */
  chosen = null
  /** @type {number | null} which repeat is shown; null: the latest while running, then the median one */
  repeat = null
  /** @type {ChartCard[]} */
  cards = []
  #place = byId("charts")
  #ghost = ""
  #mounted = false

  /**
   * @param {RunSession} session
   * @param {import("helpers/types").Lab} lab
   * @param {import("controllers/key_choice").KeyChoice} choice
   * @param {() => {params: Record<string, any>, guess: import("helpers/types").Guess | null}} wish what the form says now
   */
  constructor(session, lab, choice, wish) {
    super()
    this.session = session
    this.lab = lab
    this.choice = choice
    this.wish = wish
  }

  connect() {
    this.listen(this.session, "run", () => this.#clear())
    this.listen(this.session, "change", () => this.update())
    this.listen(window, "resize", () => this.session.touch())
    this.listen(this.session, "frame", (/** @type {CustomEvent<number>} */ event) => {
      for (const card of this.cards) card.frame(event.detail)
    })
    this.update()
  }

  disconnect() {
    this.#clear()
    super.disconnect()
  }

  /** The first chart whose repeats take turns. */
  get timeline() {
    return this.cards.find(({ chart }) => chart.kind === "timeline")
  }

  /** The part of each runtime that is shown. @returns {import("models/part").Part[]} */
  shownParts() {
    const { unit } = (this.timeline ?? this.cards[0])?.chart ?? { unit: "s" }
    return shownOf(this.session.shown, { repeat: this.repeat, unit }).flatMap(({ part }) => part ?? [])
  }

  /** Choose spans of one part; shows the repeat that they belong to. @param {string} part @param {string[]} ids */
  select(part, ids) {
    const found = this.session.shown.parts.get(part)
    if (!found) return
    this.chosen = { part, ids }
    if (!this.shownParts().includes(found)) this.showRepeat(found.repeat)
    for (const card of this.cards) card.select(this.chosen)
    this.events.dispatchEvent(new Event("select"))
    this.session.touch()
  }

  /** The same for spans that are cited elsewhere on the page: the chart comes into view. @param {string} part @param {string[]} ids */
  cite(part, ids) {
    this.select(part, ids)
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth"
    const shown = this.cards.find(({ chart }) => !NUMBERS.has(chart.kind)) ?? this.cards[0]
    shown?.element.scrollIntoView({ block: "nearest", behavior })
  }

  /** @param {number | null} repeat */
  showRepeat(repeat) {
    this.repeat = repeat
    for (const card of this.cards) card.repeat(repeat)
    this.events.dispatchEvent(new Event("repeat"))
    this.session.touch()
  }

  #clear() {
    for (const card of this.cards) card.destroy()
    this.cards = []
    this.chosen = null
    this.repeat = null
    this.#ghost = ""
    this.#mounted = false
    this.#place.replaceChildren()
  }

  update() {
    const { run, shown, model, phase } = this.session
    if (!run || model.parts.size === 0) return this.#empty(phase)
    if (!this.#mounted) this.#mount()
    for (const card of this.cards) {
      card.show(shown)
      card.update([shown], this.chosen)
    }
  }

  #mount() {
    const { run, shown } = this.session
    if (!run) return
    this.#ghost = ""
    this.#mounted = true
    this.cards = this.lab.charts.filter((chart) => holds(chart.when, run.params)).map((chart) => new ChartCard(chart, {
      run: shown, lab: this.lab, prediction: guessOn(chart, this.lab, run), acts: run.mine, choice: this.choice, onSpan: (part, span) => this.select(part, [span]),
    }))
    const [first, ...others] = this.cards.map((card) => card.element)
    this.#place.replaceChildren(...(first ? [first] : []))
    byId("more-charts").replaceChildren(...others)
    this.events.dispatchEvent(new Event("mount"))
  }

  /** @param {string} phase */
  #empty(phase) {
    const words = WORDS[phase] ?? null
    const wish = this.session.run ? { params: this.session.run.params, guess: this.session.run.prediction } : this.wish()
    const wide = Math.max(260, this.#place.clientWidth - 38)
    const key = JSON.stringify([phase, wish, wide])
    if (key === this.#ghost) return
    this.#ghost = key
    const chart = this.lab.charts.find((one) => holds(one.when, wish.params))
    if (!words) return this.#place.replaceChildren()
    if (!chart) return this.#place.replaceChildren(make("div", { class: "nothing-yet" }, make("strong", {}, words[0]), make("p", {}, words[1])))
    const asked = askedOn(chart, this.lab, wish.params)
    this.#place.replaceChildren(make("div", {}, ghost({
      lanes: Number(wish.params[chart.kind === "curve" ? String(chart.x) : "pool"]) || null, most: guessMax(asked, wish.params), unit: chart.unit, guess: asked && wish.guess, chart, wide,
      title: words[0], text: words[1] || (chart.help ?? ""),
    })))
  }
}

/** @type {Record<string, [string, string]>} */
const WORDS = {
  idle: ["Your run appears here, while it happens", ""],
  queued: ["Your run starts here as soon as it is its turn", ""],
  starting: ["Starting the programs", "Before the burst, one piece of work is timed alone: that is the unit of the scale."],
  loading: ["Loading the run", ""],
}
