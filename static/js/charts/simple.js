/**
 * What the smaller charts have in common: they show runs, draw when something changed, and one of their points may be
 * chosen.
 *
 * @typedef {import("models/run").RunModel} RunModel
 * @typedef {object} Options
 * @property {RunModel | RunModel[]} run
 * @property {{runtimes?: {key: string, label: string}[]}} [lab]
 * @property {{title: string, unit: string, x?: string | null, xlabel?: string | null, series?: string[] | null, result?: string | null, ideal?: "falling" | "rising" | null, cpus?: boolean, guess?: boolean, window?: number | null}} chart
 * @property {unknown} [prediction]
 * @property {boolean} [projector]
 * @property {(part: string, span: string) => void} [onSpan]
 * @typedef {object} Shown  what a drawing has to go by, beside the stage
 * @property {RunModel[]} runs
 * @property {Options} options
 * @property {string | null} chosen  a part
 * @property {Furniture} furniture
 * @property {View | null} view
 */

import { Frame } from "charts/frame"
import { Furniture } from "charts/furniture"
import { View } from "charts/view"

/**
 * @param {HTMLElement} element
 * @param {Options} first
 * @param {(stage: import("charts/frame").Stage, shown: Shown) => import("charts/frame").Figure} draw
 * @param {{zoom?: boolean}} [more] zoom: the axis may be zoomed
 */
export function mountSimple(element, first, draw, { zoom = false } = {}) {
  let options = first
  /** @type {string | null} */
  let chosen = null
  let drawn = ""
  const runs = () => [options.run].flat()
  const frame = new Frame(element, (stage) => draw(stage, { runs: runs(), options, chosen, furniture, view }), {
    label: first.chart.title, fill: first.projector === true, ready: (plot) => {
      view?.watch(plot)
      plot.on("plotly_click", ({ points }) => choose(points[0]?.customdata))
    },
  })
  const furniture = new Furniture(frame)
  const view = zoom ? new View(frame, () => runs().some((run) => !run.ended)) : null
  const choose = (/** @type {unknown} */ part) => {
    const known = runs().map((run) => run.parts.get(String(part))).find(Boolean)
    const last = known?.inOrder().at(-1)
    if (known && last) options.onSpan?.(known.id, last.id)
  }
  const set = (/** @type {Partial<Options>} */ change) => {
    options = { ...options, ...change }
    frame.ask()
  }
  return {
    update() {
      const now = runs().map((run) => `${run.version} ${run.state}`).join(";")
      if (now !== drawn) frame.ask()
      drawn = now
    },
    set,
    show: (/** @type {RunModel | RunModel[]} */ run) => set({ run }),
    select(/** @type {string | null} */ part) {
      chosen = part
      frame.ask()
    },
    destroy() {
      view?.destroy()
      frame.destroy()
    },
  }
}
