/**
 * The timeline: who ran when, who waited, beside what the learner expected.
 *
 * @typedef {import("models/run").RunModel} RunModel
 * @typedef {import("charts/timeline_bars").Selection} Selection
 * @typedef {object} Options
 * @property {RunModel | RunModel[]} run
 * @property {{runtimes?: {key: string, label: string}[]}} lab
 * @property {{title: string, unit: string, x?: string | null, least?: number | null}} chart
 * @property {unknown} [prediction]   {kind: "bar", value} in the chart's unit
 * @property {boolean} [projector]    fill the height that the page gives
 * @property {number | null} [repeat] null: the latest while it runs, the median one afterwards
 * @property {number | null} [size]   of a sweep; null: the one that runs, the largest one afterwards
 * @property {(part: string, span: string) => void} [onSpan]
 */

import { Frame } from "charts/frame"
import { Furniture, axisTicks } from "charts/furniture"
import { navigate } from "charts/navigate"
import { barTraces, drawnBars } from "charts/timeline_bars"
import { boxOf } from "charts/timeline_box"
import { endMarks, guessMarks, guessOf, guessWords, reach, timelineLayout } from "charts/timeline_figure"
import { groupsOf } from "charts/timeline_groups"
import { summary } from "charts/timeline_words"
import { View } from "charts/view"
import { closeCeiling, niceCeiling } from "models/scale"

/** @param {HTMLElement} element @param {Options} options */
export function mount(element, options) {
  const timeline = new Timeline(element, options)
  return {
    update: () => timeline.update(),
    set: (/** @type {Partial<Options>} */ more) => timeline.set(more),
    show: (/** @type {RunModel | RunModel[]} */ run) => timeline.set({ run }),
    repeat: (/** @type {number | null} */ repeat) => timeline.set({ repeat }),
    select: (/** @type {string | null} */ part, /** @type {string | string[] | null} */ spans) => timeline.select(part, spans),
    destroy: () => timeline.destroy(),
  }
}

class Timeline {
  /** @type {Selection} */
  #selection = null
  #reach = 0
  #drawn = ""
  /** @type {import("charts/timeline_groups").Group[]} */
  #groups = []
  #options

  /** @param {HTMLElement} element @param {Options} options */
  constructor(element, options) {
    this.#options = options
    this.frame = new Frame(element, (stage) => this.#figure(stage), {
      label: options.chart.title, fill: options.projector === true, ready: (plot) => this.#ready(plot),
    })
    this.furniture = new Furniture(this.frame)
    this.view = new View(this.frame, () => this.#runs().some((run) => !run.ended))
    this.frame.onLeave(navigate(this.frame.scroll, () => this.#groups, () => this.#selection, (part, span) => this.#pick(part, span)))
  }

  /** Draw again if there is something new. */
  update() {
    const drawn = this.#runs().map((run) => {
      const times = run.playhead ? this.#groups.map((group) => group.part && run.playhead?.(group.part)) : []
      return [run.version, run.state, ...times].join(" ")
    }).join(";")
    if (drawn === this.#drawn) return
    this.#drawn = drawn
    this.frame.ask()
  }

  /** @param {Partial<Options>} more */
  set(more) {
    this.#options = { ...this.#options, ...more }
    if (more.run || more.repeat !== undefined || more.size !== undefined) this.#reach = 0
    this.frame.ask()
  }

  /** @param {string | null} part @param {string | string[] | null} spans */
  select(part, spans) {
    this.#selection = part === null || spans === null ? null : { part, spans: new Set([spans].flat()) }
    this.frame.ask()
  }

  destroy() {
    this.view.destroy()
    this.frame.destroy()
  }

  #runs() {
    return [this.#options.run].flat()
  }

  /** @param {string} part @param {string} span */
  #pick(part, span) {
    this.select(part, span)
    this.#options.onSpan?.(part, span)
  }

  /** @param {PlotlyElement} plot */
  #ready(plot) {
    this.view.watch(plot)
    plot.on("plotly_click", ({ points }) => {
      const [part, span] = points[0]?.customdata ?? []
      if (typeof part === "string" && typeof span === "string") this.#pick(part, span)
    })
  }

  /** @param {import("charts/frame").Stage} stage @returns {import("charts/frame").Figure} */
  #figure({ theme, width, height, now }) {
    const { chart, lab, prediction, repeat = null, size = null } = this.#options
    const names = new Map((lab.runtimes ?? []).map(({ key, label }) => [key, label]))
    const groups = (this.#groups = groupsOf(this.#runs(), { unit: chart.unit, repeat, x: chart.x, size, now, labels: names }))
    const guess = guessOf(prediction, groups, chart.unit)
    const box = boxOf(groups, { theme, width, height, guess: guess !== null })
    const live = groups.some((group) => group.now !== null)
    const far = reach(groups, guess) || (chart.least ?? 2)
    const needed = live ? niceCeiling(far) : closeCeiling(far)
    this.#reach = live ? Math.max(this.#reach, needed) : needed
    const { from, to } = this.view.range(0, this.#reach)
    const { values, ticks } = axisTicks(from, to, { left: box.left, width: box.width, size: theme.size })
    const traces = barTraces(drawnBars(groups, box, { from, to }), { theme, selection: this.#selection, pixels: box.width / (to - from), from, guess })
    const marks = [endMarks(theme, box, groups, guess, { from, to }), ...(guess === null ? [] : [guessMarks(theme, box, guess, { from, to })])]
    const labels = [...box.names, ...marks.flatMap((mark) => mark.labels)]
    this.furniture.show(labels, { ticks, title: groups[0]?.scale.title ?? "" }, theme)
    return {
      data: traces,
      layout: { ...timelineLayout(theme, box, { from, to, ticks: values }), shapes: marks.flatMap((mark) => mark.shapes) },
      label: summary(groups, chart.title, guess === null ? "" : `Your guess was ${guessWords(guess)}`),
      seq: Math.max(0, ...this.#runs().map((run) => run.seq)),
      more: live && this.#runs().every((run) => run.playhead === null),
    }
  }
}
