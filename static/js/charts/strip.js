/**
 * Totals: every repeat as a point, a tick at the median. Few numbers are shown as they are, not as a summary.
 *
 * @typedef {import("models/totals").Totals} Totals
 * @typedef {import("charts/theme").Theme} Theme
 * @typedef {{totals: Totals, name: string, y: number, index: number}} Row  y: pixels
 */

import { axisHeight, axisTicks } from "charts/furniture"
import { symbolOf } from "charts/marks"
import { axis, baseLayout, escaped } from "charts/plotly"
import { mountSimple } from "charts/simple"
import { faded, textWidth } from "charts/theme"
import { median } from "models/numbers"
import { record } from "models/event"
import { axisWords, decimals, niceCeiling } from "models/scale"
import { namedTotals, swarm, totalsOf } from "models/totals"

/** @param {HTMLElement} element @param {import("charts/simple").Options} options */
export function mount(element, options) {
  return mountSimple(element, options, draw)
}

/** @param {import("charts/frame").Stage} stage @param {import("charts/simple").Shown} shown @returns {import("charts/frame").Figure} */
function draw({ theme, width, height }, { runs, options, chosen, furniture }) {
  const { unit, title, result, xlabel } = options.chart
  const told = (/** @type {import("models/run").RunModel} */ run) => (result ? namedTotals(run, { unit, result, xlabel }) : totalsOf(run, { unit }))
  const { size } = theme
  const all = runs.flatMap((run) => withAwaited(run, told(run), options.lab?.runtimes ?? []))
  const pitch = height > 0 ? Math.min(size * 6, (height - axisHeight(theme)) / Math.max(1, all.length)) : size * 3.6
  const rows = all.map((totals, index) => ({ totals, index, y: (index + 0.62) * pitch, name: nameOf(totals, runs.length > 1) }))
  const left = Math.ceil(Math.max(0, ...rows.map(({ name }) => textWidth(name, theme.font, size))) + size * 1.3)
  const right = Math.round(size * 0.9)
  const [wide, high] = [Math.max(60, width - left - right), Math.max(1, rows.length) * pitch]
  const guess = options.chart.guess ? guessOf(options.prediction) : null
  const to = niceCeiling(1.08 * Math.max(guess ?? 0, ...all.flatMap(({ points }) => points.map(({ value }) => value))))
  const { values, ticks } = axisTicks(0, to, { left, width: wide, size })
  const place = (/** @type {number} */ value) => left + (value / to) * wide
  const labels = [...rows.map(({ name, y }) => ({ text: name, x: 0, y })), ...rows.flatMap((row) => medianWords(row, theme, place))]
  const axisTitle = axisWords(unit, result)
  const notes = [guess === null ? "" : `Dashed: your guess, ${decimals(guess)} ${unit}.`, noteOn(all, Boolean(result))].filter(Boolean)
  const room = width - textWidth(axisTitle, theme.font, size) - size * 2
  const note = [notes.join(" "), notes[0] ?? ""].find((words) => textWidth(words, theme.font, size) <= room) ?? ""
  furniture.show(labels, { ticks, title: axisTitle, note }, theme)
  const edge = (2 * to) / wide
  return {
    data: rows.flatMap((row) => traces(row, { theme, chosen, unit, dot: to / wide })),
    layout: {
      ...baseLayout(theme, { width, height: high, margin: { l: left - 2, r: right - 2, t: 0, b: 0 } }),
      dragmode: false,
      shapes: guess === null ? [] : [guessLine(guess, theme)],
      xaxis: axis(theme, { range: [-edge, to + edge], tickmode: "array", tickvals: values, showticklabels: false, fixedrange: true }),
      yaxis: axis(theme, { range: [high, 0], showgrid: false, showticklabels: false, fixedrange: true }),
    },
    label: `${title}. ${guess === null ? "" : `Your guess was ${decimals(guess)} ${unit}. `}${rows.filter(({ totals }) => totals.points.length > 0).map(summary(unit)).join(" ") || "No repeat has ended yet."}`,
    seq: Math.max(0, ...runs.map((run) => run.seq)),
  }
}

/** The one value that was guessed, if one was. @param {unknown} prediction */
function guessOf(prediction) {
  const { kind, value } = record(prediction)
  return kind === "bar" && typeof value === "number" ? value : null
}

/** @param {number} guess @param {Theme} theme */
function guessLine(guess, theme) {
  return {
    type: "line", xref: "x", yref: "paper", x0: guess, x1: guess, y0: 0, y1: 1, layer: "above",
    line: { color: theme.guess, width: Math.max(2, theme.size / 8), dash: "6px,4px" },
  }
}

/**
 * While a run goes on, the runtimes whose turn has not come have their row already.
 * @param {import("models/run").RunModel} run @param {Totals[]} told @param {{key: string, label: string}[]} runtimes
 * @returns {Totals[]}
 */
function withAwaited(run, told, runtimes) {
  const chosen = run.ended || !Array.isArray(run.params.runtimes) ? [] : run.params.runtimes.map(String)
  const toCome = chosen.filter((runtime) => !told.some((one) => one.runtime === runtime))
  return [...told, ...toCome.map((runtime) => ({ run, runtime, label: runtimes.find(({ key }) => key === runtime)?.label ?? runtime, points: [] }))]
}

/** @param {Totals} totals @param {boolean} several runs */
function nameOf({ run, label }, several) {
  return [several ? run.name : "", label].filter(Boolean).join(", ")
}

/**
 * @param {Row} row
 * @param {{theme: Theme, chosen: string | null, unit: string, dot: number}} view dot: one pixel on the axis
 * @returns {PlotlyTrace[]}
 */
function traces({ totals: { points, runtime }, y, index, name }, { theme, chosen, unit, dot }) {
  const colour = theme.runtime(runtime)
  const { size } = theme
  const middle = median(points.map(({ value }) => value))
  const levels = swarm(points.map(({ value }) => value), size * 0.85 * dot)
  return [
    {
      type: "scatter", mode: "lines", hoverinfo: "skip", x: [middle, middle], y: [y - size * 0.95, y + size * 0.95],
      line: { color: theme.text, width: Math.max(2, size / 7) },
    },
    {
      type: "scatter", mode: "markers", cliponaxis: false, hoverinfo: "text",
      x: points.map(({ value }) => value),
      y: levels.map((level) => y + level * size * 0.5),
      customdata: points.map(({ part }) => part),
      hovertext: points.map((point) => escaped(hover(point, name, unit))),
      marker: {
        symbol: symbolOf(index), size: size * 0.78, opacity: 1,
        color: points.map(({ cold }) => (cold ? theme.panel : faded(colour, 0.72))),
        line: { color: points.map(({ part }) => (part === chosen ? theme.text : colour)), width: points.map(({ part }) => (part === chosen ? 3 : 1.6)) },
      },
    },
  ]
}

/** @param {import("models/totals").Point} point @param {string} name @param {string} unit */
function hover({ value, repeat, cold }, name, unit) {
  return `${name}, repeat ${repeat}: ${decimals(value)} ${unit}${cold ? " (first run, cold)" : ""}`
}

/**
 * The median in figures.
 * @param {Row} row @param {Theme} theme @param {(value: number) => number} place
 * @returns {import("charts/furniture").Label[]}
 */
function medianWords({ totals: { points }, y }, { size }, place) {
  const middle = median(points.map(({ value }) => value))
  return middle === null ? [] : [{ text: decimals(middle), x: place(middle), y: y - size * 1.55, align: "middle", strong: true }]
}

/** @param {Totals[]} all @param {boolean} late are they told when the run has ended? */
function noteOn(all, late) {
  if (all.every(({ points }) => points.length === 0)) return `Each repeat will be a point here${late ? ", at the end of the run" : ""}.`
  return all.some(({ points }) => points.some(({ cold }) => cold)) ? "Hollow: first run, cold." : ""
}

/** @param {string} unit @returns {(row: Row) => string} */
function summary(unit) {
  return ({ name, totals: { points } }) => {
    const values = points.map(({ value }) => value)
    return `${name}: median ${decimals(median(values) ?? 0)} ${unit} of ${values.length}, from ${decimals(Math.min(...values))} to ${decimals(Math.max(...values))}.`
  }
}
