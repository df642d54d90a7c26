/**
 * Names of rows on the left and the axis underneath, in HTML: crisp, cheap to draw, and the axis stays in sight when a
 * tall chart scrolls.
 *
 * @typedef {import("charts/theme").Theme} Theme
 * @typedef {{text: string, y: number, strong?: boolean}} RowName  y: pixels from the top to its middle
 * @typedef {object} AxisInfo
 * @property {{at: number, text: string}[]} ticks  at: pixels from the left edge of the chart
 * @property {string} title
 */

import { make } from "charts/frame"
import { niceStep } from "models/scale"

export class Furniture {
  #names = make("div", "chart-names", "position:absolute;inset:0;pointer-events:none;white-space:nowrap")
  #axis = make("div", "chart-axis", "position:sticky;bottom:0;pointer-events:none;white-space:nowrap")
  #shown = ""
  #ticks = ""

  /** @param {import("charts/frame").Frame} frame */
  constructor(frame) {
    for (const one of [this.#names, this.#axis]) one.setAttribute("aria-hidden", "true")
    frame.plot.style.position = "relative"
    frame.scroll.prepend(this.#names)
    frame.scroll.append(this.#axis)
  }

  /** @param {RowName[]} names @param {AxisInfo} axis @param {Theme} theme */
  show(names, axis, theme) {
    const type = `font:400 ${theme.size}px/1 ${theme.font};color:${theme.soft}`
    const shown = JSON.stringify([names, type])
    if (shown !== this.#shown) this.#replaceNames(names, type, theme)
    this.#shown = shown
    const ticks = JSON.stringify([axis, type, theme.panel])
    if (ticks !== this.#ticks) this.#replaceTicks(axis, type, theme)
    this.#ticks = ticks
  }

  /** @param {RowName[]} names @param {string} type @param {Theme} theme */
  #replaceNames(names, type, theme) {
    this.#names.style.font = ""
    this.#names.style.cssText += `;${type}`
    this.#names.replaceChildren(...names.map(({ text, y, strong }) => {
      const weight = strong ? `;font-weight:600;color:${theme.text}` : ""
      const name = make("span", "", `position:absolute;left:0;top:${y.toFixed(1)}px;transform:translateY(-50%)${weight}`)
      name.textContent = text
      return name
    }))
  }

  /** @param {AxisInfo} axis @param {string} type @param {Theme} theme */
  #replaceTicks({ ticks, title }, type, theme) {
    this.#axis.style.cssText += `;${type};height:${axisHeight(theme)}px;background:${theme.panel}`
    const marks = ticks.map(({ at, text }) => {
      const tick = make("span", "", `position:absolute;left:${at.toFixed(1)}px;top:${Math.round(theme.size * 0.45)}px;transform:translateX(-50%);font-family:${theme.mono}`)
      tick.textContent = text
      return tick
    })
    const name = make("span", "", `position:absolute;right:4px;top:${Math.round(theme.size * 1.95)}px`)
    name.textContent = title
    this.#axis.replaceChildren(...marks, name)
  }
}

/** How high the axis is, in pixels. @param {Theme} theme */
export function axisHeight(theme) {
  return Math.round(theme.size * 3.1)
}

/**
 * Round ticks for a stretch of an axis.
 * @param {number} from @param {number} to in what the axis counts
 * @param {{left: number, width: number, size: number}} box pixels; size of the text
 * @returns {{values: number[], ticks: {at: number, text: string}[]}}
 */
export function axisTicks(from, to, { left, width, size }) {
  const step = niceStep(to - from, Math.max(2, Math.min(7, Math.floor(width / (size * 6.5)))))
  const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9))
  /** @type {number[]} */
  const values = []
  for (let n = Math.ceil(from / step - 1e-6); n * step <= to + step * 1e-6; n += 1) values.push(n * step)
  const ticks = values.map((value) => ({ at: left + ((value - from) / (to - from)) * width, text: value.toFixed(places) }))
  return { values, ticks }
}
