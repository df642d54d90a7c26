/**
 * Which stretch of the axis is seen. It follows the run until the learner zooms or touches the chart; then it stays, and a
 * button leads back.
 */

import { make } from "charts/frame"

export class View {
  /** @type {{from: number, to: number} | null} what the learner chose; null: follow */
  #held = null
  #now = { from: 0, to: 1 }
  #button = /** @type {HTMLButtonElement} */ (make("button", "chart-back", "position:absolute;top:4px;right:4px;z-index:2"))
  #frame
  #live

  /** @param {import("charts/frame").Frame} frame @param {() => boolean} live does the run go on? */
  constructor(frame, live) {
    this.#frame = frame
    this.#live = live
    this.#button.type = "button"
    this.#button.hidden = true
    this.#button.addEventListener("click", () => this.#hold(null))
    frame.element.append(this.#button)
    frame.plot.addEventListener("pointerdown", (event) => event.pointerType === "touch" && this.#touched())
  }

  /**
   * The stretch to draw.
   * @param {number} from @param {number} to what it would be without the learner
   */
  range(from, to) {
    this.#now = this.#held ?? { from, to }
    this.#button.textContent = this.#live() ? "Back to live" : "Show all"
    return this.#now
  }

  /** @param {PlotlyElement} plot */
  watch(plot) {
    plot.on("plotly_relayout", (change) => {
      const [from, to] = change["xaxis.range"] ?? [change["xaxis.range[0]"], change["xaxis.range[1]"]]
      if (Number.isFinite(from) && Number.isFinite(to) && to > from) this.#hold({ from: Math.max(0, from), to })
    })
    plot.on("plotly_doubleclick", () => this.#hold(null))
  }

  destroy() {
    this.#button.remove()
  }

  /** A tap holds the chart still while the run goes on; a swipe that scrolls the page does not. */
  #touched() {
    const ends = new AbortController()
    const up = () => {
      ends.abort()
      if (this.#live()) this.#hold(this.#held ?? this.#now)
    }
    window.addEventListener("pointerup", up, { signal: ends.signal, capture: true })
    window.addEventListener("pointercancel", () => ends.abort(), { signal: ends.signal, capture: true })
  }

  /** @param {{from: number, to: number} | null} range */
  #hold(range) {
    const focused = document.activeElement === this.#button
    this.#held = range
    this.#button.hidden = range === null
    if (focused && range === null) this.#frame.scroll.focus()
    this.#frame.ask()
  }
}
