/**
 * Bars of the timeline as Plotly traces: solid for what ran, hatched for what waited, and the words inside them.
 *
 * @typedef {import("charts/timeline_groups").Group} Group
 * @typedef {import("charts/timeline_box").Box} Box
 * @typedef {import("charts/theme").Theme} Theme
 * @typedef {{part: string, spans: Set<string>} | null} Selection
 * @typedef {{bar: import("models/rows").Bar, group: Group, y: number, thick: number}} Drawn
 */

import { escaped } from "charts/plotly"
import { clearer, faded, textWidth } from "charts/theme"
import { barWords, hoverWords } from "charts/timeline_words"

/** @typedef {{theme: Theme, selection: Selection, pixels: number, from: number, guess: number | null}} Seen  pixels: of one unit of the axis */

/** Pixels. A bar that is narrower would disappear under an edge in the colour of the background. */
const THIN = 4

const SOLID = new Set(["ran", "running"])

/** More bars than this nobody can tell apart, and drawing them takes long: the longest are drawn, zooming in shows more. */
const MOST = 2000

/**
 * The bars that can be seen.
 * @param {Group[]} groups
 * @param {Box} box
 * @param {{from: number, to: number}} view
 * @returns {Drawn[]}
 */
export function drawnBars(groups, box, { from, to }) {
  const seen = groups.flatMap((group, g) => group.layout.bars.flatMap((bar) => {
    const place = box.places[g]?.[bar.row]
    const inside = group.scale.shown(bar.to) >= from && group.scale.shown(bar.from) <= to
    return place && inside ? [{ bar, group, ...place }] : []
  }))
  if (seen.length <= MOST) return seen
  const long = (/** @type {Drawn} */ { bar }) => bar.to - bar.from
  return seen.sort((a, b) => long(b) - long(a)).slice(0, MOST)
}

/**
 * @param {Drawn[]} drawn
 * @param {Seen} view
 * @returns {PlotlyTrace[]}
 */
export function barTraces(drawn, view) {
  const { theme, selection } = view
  const solid = drawn.filter(({ bar }) => SOLID.has(bar.state))
  const hatched = drawn.filter(({ bar }) => !SOLID.has(bar.state))
  const picked = (/** @type {Drawn} */ { bar, group }) => selection?.part === group.part?.id && selection?.spans.has(bar.span.id) === true
  const line = (/** @type {Drawn[]} */ bars, /** @type {(one: Drawn) => string} */ colour, /** @type {(one: Drawn) => number} */ width) => ({
    color: bars.map((one) => (picked(one) ? theme.text : colour(one))),
    width: bars.map((one) => (picked(one) ? Math.max(2.5, theme.size / 6) : width(one))),
  })
  const colour = (/** @type {Drawn} */ { bar }) => theme.kind(bar.span.kind)
  const thin = (/** @type {Drawn} */ { bar, group }) => group.scale.shown(bar.to - bar.from) * view.pixels < THIN
  return [
    { ...trace(solid, theme), marker: {
      cornerradius: corner(solid, theme),
      color: solid.map((one) => (one.bar.state === "running" ? faded(colour(one), 0.82) : colour(one))),
      line: line(solid, (one) => (thin(one) ? colour(one) : theme.panel), (one) => (solid.length > 200 && !thin(one) ? 0 : 1)),
    } },
    ...byKind(hatched).map(([kind, bars]) => ({ ...trace(bars, theme), marker: {
      cornerradius: corner(bars, theme),
      color: faded(theme.kind(kind), 0.07),
      line: line(bars, () => faded(theme.kind(kind), 0.55), () => 1),
      pattern: {
        shape: bars.map(({ bar }) => (bar.state === "broken" ? "x" : "/")), size: theme.size * 0.4, solidity: 0.22,
        fillmode: "overlay", fgcolor: theme.kind(kind), fgopacity: 0.45,
      },
    } })),
    labels(drawn, view),
  ]
}

/**
 * A trace for each kind of work: Plotly wants the one colour of a patterned trace, not a list.
 * @param {Drawn[]} bars @returns {[string, Drawn[]][]}
 */
function byKind(bars) {
  /** @type {Map<string, Drawn[]>} */
  const kinds = new Map()
  for (const one of bars) {
    const { kind } = one.bar.span
    const same = kinds.get(kind)
    if (same) same.push(one)
    else kinds.set(kind, [one])
  }
  return [...kinds]
}

/** @param {Drawn[]} bars @param {Theme} theme */
function trace(bars, theme) {
  return {
    type: "bar", orientation: "h", textposition: "none", hoverinfo: "text", cliponaxis: true,
    base: bars.map(({ bar, group }) => group.scale.shown(bar.from)),
    x: bars.map(({ bar, group }) => Math.max(0, group.scale.shown(bar.to - bar.from))),
    y: bars.map(({ y }) => y),
    width: bars.map(({ thick }) => thick),
    hovertext: bars.map(({ bar, group }) => hoverWords(bar, group).map(escaped).join("<br>")),
    customdata: bars.map(({ bar, group }) => [group.part?.id, bar.span.id]),
    hoverlabel: { bgcolor: theme.panel },
  }
}

/** @param {Drawn[]} bars @param {Theme} theme */
function corner(bars, theme) {
  return Math.min(theme.size * 0.36, ...bars.map(({ thick }) => thick / 4))
}

/** Words inside the bars, where they fit, and beside the line of the guess. @param {Drawn[]} drawn @param {Seen} view */
function labels(drawn, { theme, pixels, from, guess }) {
  const pad = (theme.size * 0.7) / pixels
  const fitting = drawn.flatMap((one) => {
    if (one.thick < theme.size * 1.1) return []
    const [start, end] = [Math.max(from, one.group.scale.shown(one.bar.from)) + pad, one.group.scale.shown(one.bar.to) - pad * 0.4]
    for (const text of barWords(one.bar)) {
      const wide = textWidth(text, theme.font, theme.size, 600) / pixels
      const crossed = guess !== null && guess > start - pad * 0.4 && guess < start + wide + pad * 0.4
      const x = crossed && text.length < 4 ? guess + pad * 0.7 : start
      if (x + wide <= end) return [{ one, text, x }]
    }
    return []
  })
  return {
    type: "scatter", mode: "text", hoverinfo: "skip", textposition: "middle right", cliponaxis: true,
    x: fitting.map(({ x }) => x),
    y: fitting.map(({ one }) => one.y + theme.size * 0.07),
    text: fitting.map(({ text }) => escaped(text)),
    textfont: {
      family: theme.font, size: theme.size, weight: 600,
      shadow: fitting.map(({ one }) => (SOLID.has(one.bar.state) ? "none" : `0 0 3px ${theme.panel}, 0 0 5px ${theme.panel}`)),
      color: fitting.map(({ one }) => (SOLID.has(one.bar.state) ? clearer(theme.kind(one.bar.span.kind), theme.onKind, theme.text) : theme.text)),
    },
  }
}
