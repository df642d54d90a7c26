/**
 * Words around and between the marks, and the axis underneath, in HTML: crisp, far cheaper than in Plotly, and the axis
 * stays in sight when a tall chart scrolls.
 *
 * @typedef {import("charts/theme").Theme} Theme
 * @typedef {object} Label
 * @property {string} text
 * @property {number} x           pixels from the left
 * @property {number} y           pixels from the top to its middle
 * @property {"start" | "middle" | "end"} [align]  which of its points is at x; start if not said
 * @property {boolean} [strong]
 * @property {string} [colour]
 * @property {boolean} [figure]   a number of an axis
 * @property {string} [dash]      a piece of line with these dashes stands before it
 * @property {number} [most]      pixels; what is longer is cut, with dots
 * @typedef {object} AxisInfo
 * @property {{at: number, text: string}[]} ticks  at: pixels from the left edge of the chart
 * @property {string} title
 * @property {string} [note]  a word of explanation, on the left
 */

import { make } from "charts/frame"
import { legible, textWidth } from "charts/theme"
import { draw } from "helpers/dom"
import { niceStep } from "models/scale"

const SHIFT = { start: "0", middle: "-50%", end: "-100%" }

export class Furniture {
  #words = make("div", "chart-words", "position:absolute;inset:0;z-index:1;pointer-events:none;white-space:nowrap")
  #axis = make("div", "chart-axis", "position:sticky;bottom:0;pointer-events:none;white-space:nowrap")
  #said = ""
  #ticks = ""

  /** @param {import("charts/frame").Frame} frame */
  constructor(frame) {
    for (const one of [this.#words, this.#axis]) one.setAttribute("aria-hidden", "true")
    frame.plot.style.position = "relative"
    frame.scroll.prepend(this.#words)
    frame.scroll.append(this.#axis)
  }

  /** @param {Label[]} labels @param {AxisInfo} axis @param {Theme} theme */
  show(labels, axis, theme) {
    const type = `font:400 ${theme.size}px/1 ${theme.font};color:${theme.soft}`
    const halo = `text-shadow:${["2px", "2px", "3px"].map((wide) => `0 0 ${wide} ${theme.panel}`).join()}` // no line of the grid strikes a word out
    const said = JSON.stringify([labels, type, halo])
    if (said !== this.#said) this.#replaceLabels(labels, `${type};${halo}`, theme)
    this.#said = said
    const ticks = JSON.stringify([axis, type, theme.panel])
    if (ticks !== this.#ticks) this.#replaceTicks(axis, type, theme)
    this.#ticks = ticks
  }

  /** @param {Label[]} labels @param {string} type @param {Theme} theme */
  #replaceLabels(labels, type, theme) {
    this.#words.style.cssText += `;${type}`
    this.#words.replaceChildren(...labels.map(({ text, x, y, align = "start", strong, colour, figure, dash, most }) => {
      const weight = `${strong ? ";font-weight:600" : ""};color:${colour ? legible(colour, theme) : strong ? theme.text : "inherit"}`
      const place = `left:${x.toFixed(1)}px;top:${y.toFixed(1)}px;transform:translate(${SHIFT[align]},-50%)`
      const cut = most === undefined ? "" : `;max-width:${most}px;line-height:1.3;overflow:hidden;text-overflow:ellipsis`
      const word = make("span", "", `position:absolute;${place}${weight}${cut}${figure ? `;font-family:${theme.mono}` : ""}`)
      word.append(...(dash ? [pieceOfLine(dash, colour ?? "currentColor", theme)] : []), text)
      return word
    }))
  }

  /** @param {AxisInfo} axis @param {string} type @param {Theme} theme */
  #replaceTicks({ ticks, title, note = "" }, type, theme) {
    this.#axis.style.cssText += `;${type};height:${axisHeight(theme)}px;background:${theme.panel}`
    const marks = ticks.map(({ at, text }) => {
      const inside = `min(${at.toFixed(1)}px, calc(100% - ${Math.ceil(textWidth(text, theme.mono, theme.size) / 2)}px))` // the last may reach the edge
      const tick = make("span", "", `position:absolute;left:${inside};top:${Math.round(theme.size * 0.45)}px;transform:translateX(-50%);font-family:${theme.mono}`)
      tick.textContent = text
      return tick
    })
    const words = [["right:4px", title], [`left:0;color:${theme.faint}`, note]].map(([place, text]) => {
      const one = make("span", "", `position:absolute;${place};top:${Math.round(theme.size * 1.95)}px`)
      one.textContent = text ?? ""
      return one
    })
    this.#axis.replaceChildren(...marks, ...words)
  }
}

/** @param {string} dash @param {string} colour @param {Theme} theme */
function pieceOfLine(dash, colour, { size }) {
  const line = draw("line", { x1: 0, x2: size * 1.8, y1: size * 0.3, y2: size * 0.3, stroke: colour, "stroke-width": Math.max(2, size / 7), "stroke-dasharray": dash === "solid" ? "none" : dash })
  return draw("svg", { width: size * 2.2, height: size * 0.6, "aria-hidden": "true", style: "display:inline-block;vertical-align:middle" }, line)
}

/** How high the axis is, in pixels. @param {Theme} theme */
export function axisHeight(theme) {
  return Math.round(theme.size * 3.1)
}

/**
 * Round ticks for a stretch of an axis.
 * @param {number} from @param {number} to in what the axis counts
 * @param {{left: number, width: number, size: number, whole?: boolean}} box pixels; size of the text; whole: no fractions
 * @returns {{values: number[], ticks: {at: number, text: string}[]}}
 */
export function axisTicks(from, to, { left, width, size, whole = false }) {
  const most = whole ? Math.floor(width / (size * Math.max(3, 1.2 * String(Math.ceil(to)).length))) : Math.min(7, Math.floor(width / (size * 6.5)))
  const step = Math.max(whole ? 1 : 0, niceStep(to - from, Math.max(2, most)))
  const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9))
  /** @type {number[]} */
  const values = []
  for (let n = Math.ceil(from / step - 1e-6) + 0; n * step <= to + step * 1e-6; n += 1) values.push(n * step)
  const ticks = values.map((value) => ({ at: left + ((value - from) / (to - from)) * width, text: value.toLocaleString("en", { minimumFractionDigits: places, maximumFractionDigits: places }) }))
  return { values, ticks }
}
