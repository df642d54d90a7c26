/** The charts of a run for a hall: one at a time. A short table of processes leaves room for the chart that follows it. */

import { ChartCard } from "controllers/chart_card"
import { guessOn } from "helpers/range"
import { holds } from "helpers/words"

/** Shares of the height up to which a table is short; once it is, it may grow a little. */
const [SHORT, STILL_SHORT] = [0.5, 0.6]

export class HallCharts {
  /** @type {ChartCard[]} */
  #cards = []
  #at = 0
  /** @type {number | null} */
  #repeat = null

  /**
   * @param {HTMLElement} place
   * @param {import("controllers/run_session").RunSession} session
   * @param {{lab: import("helpers/types").Lab, run: import("helpers/types").RunInfo}} page
   * @param {string | null} first the chart to begin with
   */
  constructor(place, session, { lab, run }, first) {
    this.place = place
    this.session = session
    this.lab = lab
    this.run = run
    this.all = lab.charts.filter((one) => holds(one.when, run.params))
    this.#at = Math.max(0, this.all.findIndex(({ id }) => id === first))
  }

  /** The chart that is shown; of two the upper one. */
  get shown() {
    return this.all[this.#at]
  }

  /** Another chart, round and round. @param {number} by */
  step(by) {
    this.#at = (this.#at + by + this.all.length) % this.all.length
    this.clear()
  }

  /** @param {number | null} repeat */
  repeat(repeat) {
    this.#repeat = repeat
    for (const card of this.#cards) card.repeat(repeat)
  }

  clear() {
    for (const card of this.#cards) card.destroy()
    this.#cards = []
    this.place.replaceChildren()
  }

  update() {
    const { shown, model } = this.session
    if (this.#cards.length === 0 && model.parts.size > 0) this.#add(this.shown)
    this.#pair()
    for (const card of this.#cards) {
      card.show(shown)
      card.update([shown], null)
    }
  }

  /** @param {number} now */
  frame(now) {
    for (const card of this.#cards) card.frame(now)
  }

  /** @param {import("helpers/types").ChartInfo | undefined} chart */
  #add(chart) {
    if (!chart) return
    const { lab, run } = this
    const card = new ChartCard(chart, { run: this.session.shown, lab, prediction: guessOn(chart, lab, run), projector: true, top: true })
    if (this.#repeat !== null) card.repeat(this.#repeat)
    this.#cards.push(card)
    this.place.append(card.element)
  }

  #pair() {
    const [first, second] = this.#cards
    const next = this.all[this.#at + 1]
    const table = first?.chart.kind === "processes" ? first.element.querySelector("table") : null
    if (!table || !next) return
    const share = table.offsetHeight / this.place.clientHeight
    if (!second && share > 0 && share < SHORT) this.#add(next)
    if (second && share > STILL_SHORT) {
      this.#cards.pop()
      second.destroy()
      second.element.remove()
    }
  }
}
