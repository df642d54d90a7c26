/** Rows of chains, one for each way that was measured, over one axis. */

import { chainBar } from "helpers/chain_bar"
import { make } from "helpers/dom"
import { chainsOf, isOpen, reachOf } from "models/chains"
import { shownOf } from "models/choose"
import { Pack } from "models/pack"
import { decimals, niceStep } from "models/scale"

/** @typedef {import("models/chains").Chain} Chain @typedef {{part: import("models/part").Part, label: string, chains: Chain[]}} Group */

/** Between ticks, at least: in sizes of their type. */
const TICK = 6

/** Rows of bars that one way has at most; what finds none lies on the last one. */
const MOST = 5
/** So many pixels a bar takes at least (chains.css), with the room before the next one. */
const NARROWEST = 14

/** @param {Group} group @param {{to: number, width: number}} axis to: seconds that it reaches; width: pixels */
export function row({ label, chains, part }, { to, width }) {
  const pack = new Pack(MOST)
  const shortest = (NARROWEST * to) / Math.max(1, width)
  const bars = chains.map((chain) => {
    const { from, until } = placeOf(chain, part.end)
    return chainBar(chain, { from: from / to, share: (until - from) / to, row: pack.place(from, Math.max(until, from + shortest)) ?? MOST - 1 })
  })
  const track = make("div", { class: "chain-track" }, ...bars)
  track.style.setProperty("--rows", String(Math.max(1, pack.rows)))
  return make("div", { class: "chain-row", role: "group", "aria-label": `${label}: ${chains.length} chains` },
    make("span", { class: "chain-name" }, label, make("small", {}, countWords(chains))), track)
}

/** What is not over goes to the end of its part. @param {Chain} chain @param {number} end */
function placeOf(chain, end) {
  const { from, to } = reachOf(chain)
  return { from, until: isOpen(chain) ? Math.max(to, end) : to }
}

/** @param {import("models/run").RunModel[]} runs @param {number | null} repeat @returns {Group[]} */
export function groupsOf(runs, repeat) {
  return runs.flatMap((run) => shownOf(run, { repeat, unit: "s" }).flatMap(({ label, part }) => (
    part ? [{ part, label: runs.length > 1 ? `${run.name}, ${label}` : label, chains: chainsOf(part) }] : []
  )))
}

/** @param {number} to seconds @param {number} width pixels @param {number} size of the type, pixels */
export function axis(to, width, size) {
  const step = niceStep(to, Math.max(2, Math.floor(width / (TICK * size)) - 1))
  const ticks = make("div", { class: "chain-axis", "aria-hidden": "true" })
  for (let at = 0; at <= to * 1.0001; at += step) {
    const tick = make("span", { "data-last": at > 0.96 * to || null }, decimals(at))
    tick.style.setProperty("--from", String(at / to))
    ticks.append(tick)
  }
  return make("div", { class: "chain-row" }, make("span", { class: "chain-name soft" }, "seconds"), ticks)
}

/** @param {Chain[]} chains */
function countWords(chains) {
  const open = chains.filter(isOpen).length
  if (chains.length === 0) return "none"
  return `${chains.length}${open > 0 ? `, ${open} not refilled` : ""}`
}

/** @param {number} count @param {import("models/run").RunModel[]} runs */
export function hint(count, runs) {
  if (count > 0) return "Choose a bar, with the pointer or the arrow keys, to see it step by step."
  return runs.every((run) => run.ended) ? "Nothing that was cached went away in this run." : "Nothing that was cached has gone away yet."
}
