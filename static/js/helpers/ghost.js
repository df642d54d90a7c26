/** Before there is anything to see: the empty chart of the run to come, with the guess already on it. */

import { draw, make } from "helpers/dom"
import { sizes } from "helpers/words"
import { axisWords, decimals, niceCeiling, niceStep } from "models/scale"

/** @typedef {import("helpers/types").Guess} Guess */

const [LEFT, LANE, MOST] = [84, 44, 8]

/**
 * @param {object} wish
 * @param {number | null} wish.lanes threads of the pool, or the largest size of a sweep; null where that is not known before
 * @param {number} wish.most how far the scale reaches
 * @param {string} wish.unit
 * @param {Guess | null} wish.guess
 * @param {import("helpers/types").ChartInfo} wish.chart
 * @param {string} wish.title
 * @param {string} wish.text
 * @param {number} wish.wide pixels: drawn to scale, so that its words are never smaller than others
 * @returns {HTMLElement}
 */
export function ghost({ lanes, most, unit, guess, chart, title, text, wide }) {
  if (chart.kind === "turns") {
    const said = guess?.kind === "order" ? make("p", { class: "ghost-order" }, make("span", {}, "Your guess"), ...guess.order.map((id) => make("b", {}, id))) : null
    return make("div", { class: "ghost-chart" }, loopDrawing(wide), said, make("div", { class: "ghost-words" }, make("strong", {}, title), make("p", {}, text)))
  }
  const rows = Math.min(MOST, lanes ?? 4)
  const axis = axisWords(unit, chart.result)
  const rowed = chart.kind === "timeline" || chart.kind === "layers"
  const high = (rows + 1) * LANE + 42
  const drawing = rowed ? timeline(wide, rows, lanes, most, axis, guess) : curve(wide, lanes === null ? [] : sizes(lanes), most, [axis, chart.xlabel ?? chart.x ?? ""], guess)
  const words = make("div", { class: "ghost-words" }, make("strong", {}, title), make("p", {}, text))
  if (chart.kind === "processes") return make("div", { class: "ghost-chart" }, processes(wide), words)
  const box = rowed ? `0 0 ${wide} ${high}` : `0 0 ${wide} 300`
  return make("div", { class: "ghost-chart" }, draw("svg", { viewBox: box, "aria-hidden": "true" }, ...drawing), words)
}

/** A table whose rows are still empty. @param {number} wide */
function processes(wide) {
  const rows = ["master", "worker 1", "worker 2", "…"].flatMap((name, row) => [
    draw("text", { x: 0, y: row * LANE + 26 }, name), draw("rect", { class: "lane", x: LEFT, y: row * LANE + 6, width: wide - LEFT - 14, height: 30, rx: 5 }),
  ])
  return draw("svg", { viewBox: `0 0 ${wide} ${rows.length / 2 * LANE}`, "aria-hidden": "true" }, ...rows)
}

/** A loop with its stations, before anything is known. @param {number} wide */
function loopDrawing(wide) {
  const stations = ["pending", "wait", "wake", "call"]
  const x = (/** @type {number} */ index) => wide * (0.12 + 0.253 * index)
  return draw("svg", { viewBox: `0 0 ${wide} 128`, "aria-hidden": "true" },
    draw("path", { class: "rule", fill: "none", d: `M${x(0)} 52H${x(3)}C${wide * 0.98} 52 ${wide * 0.98} 112 ${x(3)} 112H${x(0)}C${wide * 0.02} 112 ${wide * 0.02} 52 ${x(0)} 52` }),
    ...stations.flatMap((name, index) => [
      draw("rect", { class: "lane", x: x(index) - 48, y: 32, width: 96, height: 40, rx: 20 }),
      draw("text", { x: x(index), y: 57, "text-anchor": "middle" }, name),
    ]))
}

/** @param {number} wide @param {number} rows @param {number | null} lanes @param {number} most @param {string} axis @param {Guess | null} guess */
function timeline(wide, rows, lanes, most, axis, guess) {
  const foot = (rows + 1) * LANE + 4
  const left = lanes === null ? 10 : LEFT // rows without names need no room for them
  const x = (/** @type {number} */ value) => left + (value / most) * (wide - left - 14)
  /** @type {SVGElement[]} */
  const parts = []
  for (let row = 0; row <= rows; row += 1) {
    const y = row * LANE + 6
    const name = lanes === null ? "" : row === rows ? "waiting" : rows < lanes && row === rows - 1 ? `… ${lanes}` : `thread ${row + 1}`
    parts.push(draw("text", { x: 0, y: y + 20 }, name), draw("rect", { class: "lane", x: left, y, width: wide - left - 14, height: 30, rx: 5 }))
  }
  for (const value of ticks(most, wide < 480 ? 4 : 6)) {
    parts.push(draw("line", { class: "rule", x1: x(value), x2: x(value), y1: 2, y2: foot }),
      draw("text", { x: x(value), y: foot + 19, "text-anchor": "middle" }, String(value)))
  }
  parts.push(draw("text", { x: wide - 14, y: foot + 38, "text-anchor": "end" }, axis))
  if (guess?.kind === "bar") {
    const at = x(guess.value)
    const right = at < wide - 150
    parts.push(draw("line", { class: "guess-line", x1: at, x2: at, y1: 0, y2: foot }),
      draw("text", { class: "guess-word", x: right ? at + 8 : at - 8, y: LANE * 1.6, "text-anchor": right ? "start" : "end" }, `your guess ${decimals(guess.value)}`))
  }
  return parts
}

/** @param {number} wide @param {number[]} across @param {number} highest @param {string[]} titles of the axes @param {Guess | null} guess */
function curve(wide, across, highest, [up = "", along = ""], guess) {
  const points = guess?.kind === "curve" ? guess.points : []
  const most = niceCeiling(Math.max(highest, ...points.map((point) => point[1])) * 1.1)
  const last = across.at(-1) ?? points.at(-1)?.[0] ?? 2
  const x = (/** @type {number} */ value) => 60 + ((value - 1) / Math.max(1, last - 1)) * (wide - 90)
  const y = (/** @type {number} */ value) => 250 - (value / most) * 216
  /** @type {SVGElement[]} */
  const parts = ticks(most).flatMap((value) => [
    draw("line", { class: "rule", x1: 50, x2: wide - 14, y1: y(value), y2: y(value) }),
    draw("text", { x: 42, y: y(value) + 5, "text-anchor": "end" }, String(value)),
  ])
  parts.push(...across.map((size) => draw("text", { x: x(size), y: 274, "text-anchor": "middle" }, String(size))))
  parts.push(draw("text", { x: 0, y: 14 }, up), draw("text", { x: wide - 14, y: 296, "text-anchor": "end" }, along))
  if (guess?.kind === "bar") {
    const at = y(guess.value)
    parts.push(draw("line", { class: "guess-line", x1: 50, x2: wide - 14, y1: at, y2: at }),
      draw("text", { class: "guess-word", x: wide - 20, y: at - 10, "text-anchor": "end" }, `your guess ${decimals(guess.value)}`))
  }
  if (points.length > 1) {
    const d = `M${points.map(([size, value]) => `${x(size)} ${y(value)}`).join("L")}`
    parts.push(draw("path", { class: "guess-line", d, fill: "none" }), draw("text", { class: "guess-word", x: x(last), y: y(points.at(-1)?.[1] ?? 0) - 10, "text-anchor": "end" }, "your guess"))
  }
  return parts
}

/** @param {number} most @param {number} [count] */
function ticks(most, count = 6) {
  const step = niceStep(most, count)
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, index) => Number((index * step).toFixed(4)))
}
