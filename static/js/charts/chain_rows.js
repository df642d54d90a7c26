/** Rows of chains, one for each way that was measured, over one axis. */

import { chainBar, placeBar } from "helpers/chain_bar"
import { make } from "helpers/dom"
import { chainsOf } from "models/chains"
import { shownPart, variants } from "models/choose"
import { decimals, niceStep } from "models/scale"

/** @typedef {import("models/chains").Chain} Chain @typedef {{part: import("models/part").Part, label: string, chains: Chain[]}} Group */

/** Pixels between ticks, at least. */
const TICK = 90

/** @param {Group} group @param {number} to seconds that the axis reaches */
export function row({ label, chains, part }, to) {
  const bars = chains.map((chain) => placeBar(chainBar(chain), chain, { to, open: part.end }))
  return make("div", { class: "chain-row", role: "group", "aria-label": `${label}: ${chains.length} chains` },
    make("span", { class: "chain-name" }, label, make("small", {}, countWords(chains))), make("div", { class: "chain-track" }, ...bars))
}

/** @param {import("models/run").RunModel[]} runs @param {number | null} repeat @returns {Group[]} */
export function groupsOf(runs, repeat) {
  return runs.flatMap((run) => variants(run).flatMap(({ label, parts }) => {
    const part = shownPart(parts, { ended: run.ended && !run.playhead, repeat })
    return part ? [{ part, label: runs.length > 1 ? `${run.name}, ${label}` : label, chains: chainsOf(part) }] : []
  }))
}

/** @param {number} to seconds @param {number} width */
export function axis(to, width) {
  const step = niceStep(to, Math.max(2, Math.floor(width / TICK) - 2))
  const ticks = make("div", { class: "chain-axis", "aria-hidden": "true" })
  for (let at = 0; at <= to * 1.0001; at += step) {
    const tick = make("span", {}, decimals(at))
    tick.style.setProperty("--from", String(at / to))
    ticks.append(tick)
  }
  return make("div", { class: "chain-row" }, make("span", { class: "chain-name soft" }, "seconds"), ticks)
}

/** @param {Chain[]} chains */
function countWords(chains) {
  const open = chains.filter((chain) => chain.fill === null).length
  if (chains.length === 0) return "none"
  return `${chains.length}${open > 0 ? `, ${open} not refilled` : ""}`
}

/** @param {number} count @param {import("models/run").RunModel[]} runs */
export function hint(count, runs) {
  if (count > 0) return "Choose a bar, with the pointer or the arrow keys, to see it step by step."
  return runs.every((run) => run.ended) ? "Nothing that was cached went away in this run." : "Nothing that was cached has gone away yet."
}
