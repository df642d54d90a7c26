/**
 * A sweep: what the total becomes as one parameter grows. Every repeat is a point, a line joins the medians; beside them the
 * ideal, the CPUs that the machine has, and what the learner drew.
 */

import { curveBox, GUESSED, IDEAL } from "charts/curve_box"
import { axisTicks } from "charts/furniture"
import { dashOf, symbolOf } from "charts/marks"
import { axis, baseLayout, escaped } from "charts/plotly"
import { mountSimple } from "charts/simple"
import { faded } from "charts/theme"
import { curveLines, cpusOf, guessAtEnd, guessPoints, idealReach } from "models/curve_lines"
import { axisWords, decimals, niceCeiling } from "models/scale"

/**
 * @typedef {import("charts/theme").Theme} Theme
 * @typedef {import("models/curve_lines").Line} Line
 */

/** Pixels beyond both ends of the axis, for the first and the last grid line. */
const EDGE = 2

/** @param {HTMLElement} element @param {import("charts/simple").Options} options */
export function mount(element, options) {
  return mountSimple(element, options, draw)
}

/** @param {import("charts/frame").Stage} stage @param {import("charts/simple").Shown} shown @returns {import("charts/frame").Figure} */
function draw({ theme, width, height }, { runs, options, chosen, furniture }) {
  const { chart, prediction } = options
  const drawn = chart.result ? [] : guessPoints(prediction)
  const lines = curveLines(runs, { unit: chart.unit, x: chart.x ?? "x", to: drawn.at(-1)?.[0], result: chart.result, ideal: chart.ideal })
  const guess = chart.result ? guessAtEnd(prediction, lines) : drawn
  const cpus = chart.cpus === false ? null : cpusOf(runs)
  const xs = [...lines.flatMap((line) => line.middle), ...guess].map(([x]) => x)
  const ys = [...lines.flatMap(({ points }) => points.map(({ value }) => value)), ...guess.map(([, y]) => y)]
  const [low, high] = [Math.min(1, ...xs), Math.max(2, ...xs, cpus === null ? 0 : Math.min(cpus, 64))]
  const top = niceCeiling(1.05 * Math.max(0, idealReach(lines, cpus), ...ys) || 1)
  const box = curveBox({ theme, width, height, lines, guess, top })
  const margin = (high - low) * 0.03
  const [from, to] = [low - margin, high + margin]
  const across = axisTicks(from, to, { left: box.left, width: box.width, size: theme.size, whole: true })
  const title = axisWords(chart.unit, chart.result)
  const rule = cpus === null ? [] : [cpuWords(cpus, theme, { left: box.left, top: box.top, width: box.width, share: (cpus - from) / (to - from) })]
  const empty = lines.length === 0 && guess.length === 0
  const names = empty ? box.empty(title, awaited(runs, chart)) : [...box.names(title), ...box.ends([from, to])]
  furniture.show([...names, ...rule], { ticks: xs.length === 0 ? [] : across.ticks, title: chart.xlabel ?? chart.x ?? "" }, theme)
  const edge = (EDGE * top) / box.inner
  return {
    data: [...lines.flatMap((line, i) => lineTraces(line, i, { theme, colour: box.colours[i] ?? theme.faint, chosen, chart })), ...guessTraces(guess, theme)],
    layout: {
      ...baseLayout(theme, { width, height: box.height, margin: { l: box.left, r: box.right, t: box.top - EDGE, b: box.under - EDGE } }),
      dragmode: false,
      shapes: cpus === null ? [] : [{
        type: "line", xref: "x", yref: "paper", x0: cpus, x1: cpus, y0: 0, y1: 1, layer: "below",
        line: { color: theme.rule, width: Math.max(1.5, theme.size / 10), dash: "2px,3px" },
      }],
      xaxis: axis(theme, { range: [from, to], showgrid: false, showticklabels: false, fixedrange: true }),
      yaxis: axis(theme, { range: [-edge, top + edge], tickmode: "array", tickvals: box.ticks, showticklabels: false, fixedrange: true }),
    },
    label: summary(chart.title, lines, chart.unit, cpus),
    seq: Math.max(0, ...runs.map((run) => run.seq)),
  }
}

/**
 * @param {Line} line @param {number} index
 * @param {{theme: Theme, colour: string, chosen: string | null, chart: import("charts/simple").Options["chart"]}} view
 * @returns {PlotlyTrace[]}
 */
function lineTraces(line, index, { theme, colour, chosen, chart }) {
  const ideal = line.runtime === null
  const { size } = theme
  const joined = {
    type: "scatter", mode: "lines", hoverinfo: "skip", x: line.middle.map(([x]) => x), y: line.middle.map(([, y]) => y),
    line: { color: colour, width: ideal ? size / 9 : size / 6, dash: ideal ? IDEAL : dashOf(index), simplify: false },
  }
  if (ideal) return [joined]
  return [joined, {
    type: "scatter", mode: "markers", cliponaxis: false, hoverinfo: "text",
    x: line.points.map(({ x }) => x),
    y: line.points.map(({ value }) => value),
    customdata: line.points.map(({ part }) => part),
    hovertext: line.points.map(({ x, value, repeat, cold }) => escaped(
      `${line.name}, ${x} ${chart.xlabel ?? chart.x}, repeat ${repeat}: ${decimals(value)} ${chart.unit}${cold ? " (first run, cold)" : ""}`)),
    marker: {
      symbol: symbolOf(index), size: size * 0.6,
      color: line.points.map(({ cold }) => (cold ? theme.panel : faded(colour, 0.6))),
      line: { color: line.points.map(({ part }) => (part === chosen ? theme.text : colour)), width: line.points.map(({ part }) => (part === chosen ? 3 : 1.3)) },
    },
  }]
}

/** @param {[number, number][]} guess @param {Theme} theme @returns {PlotlyTrace[]} */
function guessTraces(guess, theme) {
  return guess.length === 0 ? [] : [{
    type: "scatter", mode: "lines+markers", hoverinfo: "text", x: guess.map(([x]) => x), y: guess.map(([, y]) => y),
    hovertext: guess.map(([x, y]) => `your guess at ${x}: ${decimals(y)}`),
    line: { color: theme.guess, width: Math.max(2, theme.size / 8), dash: GUESSED, simplify: false },
    marker: { color: theme.panel, size: theme.size * 0.5, line: { color: theme.guess, width: 1.6 } },
  }]
}

/**
 * @param {number} cpus @param {Theme} theme @param {{left: number, top: number, width: number, share: number}} place share: of the width
 * @returns {import("charts/furniture").Label}
 */
function cpuWords(cpus, { size }, { left, top, width, share }) {
  const text = `${cpus} usable CPU${cpus === 1 ? "" : "s"}`
  return { text, x: left + share * width - 4, y: top - size * 0.7, align: share > 0.8 ? "end" : "start" }
}

/** What an empty chart waits for. @param {import("charts/simple").Shown["runs"]} runs @param {import("charts/simple").Options["chart"]} chart */
export function awaited(runs, chart) {
  if (runs.length > 0 && runs.every((run) => run.ended)) {
    return chart.result && runs.some((run) => run.state !== "finished") ? "Told only of runs that end by themselves." : "Nothing was measured"
  }
  return chart.result ? "Drawn when the run has ended" : "Drawn when the first part has ended"
}

/** @param {string} title @param {Line[]} lines @param {string} unit @param {number | null} cpus */
function summary(title, lines, unit, cpus) {
  const told = lines.filter(({ runtime }) => runtime !== null).map(({ name, middle }) => {
    const [first, last] = [middle[0], middle.at(-1)]
    return first && last ? `${name}: from ${decimals(first[1])} ${unit} at ${first[0]} to ${decimals(last[1])} at ${last[0]}.` : ""
  })
  return `${title}. ${told.join(" ") || "Nothing has run yet."}${cpus === null ? "" : ` The machine has ${cpus} usable CPUs.`}`
}
