/**
 * What surrounds every chart: its elements, when it draws, at what size, in what colours, and how it is left again.
 *
 * @typedef {import("charts/theme").Theme} Theme
 * @typedef {object} Stage  what a drawing has to go by
 * @property {Theme} theme
 * @property {number} width   pixels
 * @property {number} height  pixels that the page offers; 0 if it leaves it to the chart
 * @property {number} now     milliseconds, performance.now()
 * @typedef {object} Figure
 * @property {PlotlyTrace[]} data
 * @property {PlotlyLayout} layout
 * @property {string} label   what the chart shows, in words
 * @property {number} seq     the highest event that it shows
 * @property {boolean} [more] draw again soon: something grows
 */

import { Pace } from "charts/pace"
import { CONFIG, loadPlotly } from "charts/plotly"
import { onThemeChange, readTheme } from "charts/theme"

/** Between drawings of bars that only grow, where motion is not wanted. */
const CALM = 250

export class Frame {
  /** @type {Theme | null} */
  #theme = null
  /** @type {PlotlyStatic | null} */
  #plotly = null
  #seq = 0
  #destroyed = false
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #growth = undefined
  #leave = /** @type {(() => void)[]} */ ([])
  #figure
  #fill
  #ready

  /**
   * @param {HTMLElement} element the chart's place in the page
   * @param {(stage: Stage) => Figure} figure
   * @param {object} options
   * @param {string} options.label what kind of chart it is, for who cannot see it
   * @param {boolean} [options.fill] it takes the height that its place has
   * @param {(plot: PlotlyElement) => void} [options.ready] called once, after the first drawing
   */
  constructor(element, figure, { label, fill = false, ready }) {
    this.element = element
    this.#figure = figure
    this.#fill = fill
    this.#ready = ready
    this.scroll = make("div", "chart-scroll", "position:relative;overflow-x:hidden;overflow-y:auto;border-radius:8px")
    this.scroll.tabIndex = 0
    this.scroll.setAttribute("role", "group")
    this.scroll.setAttribute("aria-label", `${label}. Left and right arrow keys go from one to the next.`)
    this.scroll.style.maxHeight = fill ? "100%" : "max(70vh, 320px)"
    this.plot = /** @type {PlotlyElement} */ (make("div", "chart-plot", ""))
    this.plot.setAttribute("role", "img")
    this.plot.setAttribute("aria-label", label)
    // Plotly would keep every touch to itself; so a finger scrolls the page, and a tap is a click
    this.plot.addEventListener("touchstart", (event) => event.stopPropagation(), { capture: true, passive: true })
    this.scroll.append(this.plot)
    element.style.position ||= "relative"
    element.append(this.scroll)
    this.pace = new Pace(() => this.#draw(), (cost) => this.#painted(cost))
    this.#listen()
    this.#start()
  }

  ask() {
    this.pace.ask()
  }

  /** Do something when the chart goes away. @param {() => void} action */
  onLeave(action) {
    this.#leave.push(action)
  }

  destroy() {
    this.#destroyed = true
    this.pace.stop()
    for (const action of this.#leave) action()
    this.#plotly?.purge(this.plot)
    this.scroll.remove()
  }

  #listen() {
    const again = () => {
      this.#theme = null
      this.ask()
    }
    const wake = () => this.pace.wake()
    const sizes = new ResizeObserver(() => this.ask())
    sizes.observe(this.element)
    document.addEventListener("visibilitychange", wake)
    this.onLeave(onThemeChange(again))
    this.onLeave(() => sizes.disconnect())
    this.onLeave(() => document.removeEventListener("visibilitychange", wake))
  }

  async #start() {
    try {
      this.#plotly = await loadPlotly()
      this.ask()
    } catch {
      this.plot.textContent = "The chart could not be loaded. Reload the page to try again."
    }
  }

  async #draw() {
    if (!this.#plotly || this.#destroyed || this.scroll.clientWidth === 0) return false
    this.#theme ??= readTheme(this.element)
    const height = this.#fill ? this.element.clientHeight : 0
    const stage = { theme: this.#theme, width: this.scroll.clientWidth, height, now: performance.now() }
    const { data, layout, label, seq, more } = this.#figure(stage)
    await this.#plotly.react(this.plot, data, layout, CONFIG)
    if (this.#destroyed) return false
    this.#seq = seq
    this.plot.setAttribute("aria-label", label)
    this.#ready?.(this.plot)
    this.#ready = undefined
    if (more) this.#growOn()
    return true
  }

  /** Draw again for what grows: with the next frame, or where motion is not wanted, a few times a second. */
  #growOn() {
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) return this.ask()
    this.#growth ??= setTimeout(() => {
      this.#growth = undefined
      this.ask()
    }, CALM)
  }

  /** @param {number} cost */
  #painted(cost) {
    this.element.dispatchEvent(new CustomEvent("painted", { detail: { seq: this.#seq, cost } }))
  }
}

/** @param {string} tag @param {string} className @param {string} style */
export function make(tag, className, style) {
  const element = document.createElement(tag)
  element.className = className
  element.style.cssText = style
  return element
}
