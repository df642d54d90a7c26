/** A chain as a bar: from when the cache had no answer any more until it had one again. */

import { make } from "helpers/dom"
import { reachOf, stopsOf } from "models/chains"
import { decimals } from "models/scale"

/** @typedef {import("models/chains").Chain} Chain */

/** @type {Record<string, string>} */
export const CAUSES = { write: "A write", clear: "A clear", expiry: "An expiry" }

/** @param {Chain} chain */
export function chainBar(chain) {
  return make("button", { type: "button", class: "chain", "data-chain": chain.id, "data-key": chain.key, "data-cause": chain.cause, "data-open": chain.fill === null || null,
    "aria-label": chainWords(chain), title: chainWords(chain) })
}

/** @param {HTMLElement} bar @param {Chain} chain @param {{to: number, open: number}} axis open: where what is not over ends */
export function placeBar(bar, chain, { to, open }) {
  const { from, to: end } = reachOf(chain)
  const until = chain.fill === null ? Math.max(end, open) : end
  bar.style.setProperty("--from", String(from / to))
  bar.style.setProperty("--share", String((until - from) / to))
  return bar
}

/** "A write at 0.41 s on lab:qc:ada: key deleted after 0.8 ms, miss after 1.1 ms, refill after 9.0 ms." @param {Chain} chain */
export function chainWords(chain) {
  const [first, ...rest] = stopsOf(chain)
  const stops = rest.map(({ name, after }) => `${name} after ${decimals(after)} ms`)
  const end = chain.fill === null ? [chain.miss === null ? "nobody asked again" : "not refilled"] : []
  return `${CAUSES[chain.cause]} at ${decimals(first?.t ?? 0)} s on ${chain.key}: ${[...stops, ...end].join(", ")}.`
}
