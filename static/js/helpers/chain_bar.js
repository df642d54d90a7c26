/** A chain as a bar: from when the cache had no answer any more until it had one again. */

import { make } from "helpers/dom"
import { isOpen, stopsOf } from "models/chains"
import { decimals } from "models/scale"

/** @typedef {import("models/chains").Chain} Chain */

/** @type {Record<string, string>} */
export const CAUSES = { write: "A write", clear: "A clear", expiry: "An expiry" }

/** @param {Chain} chain @param {{from: number, share: number, row: number}} place from, share: of the axis; row: from the top */
export function chainBar(chain, { from, share, row }) {
  const bar = make("button", { type: "button", class: "chain", "data-chain": chain.id, "data-key": chain.key, "data-cause": chain.cause, "data-open": isOpen(chain) || null,
    "aria-label": chainWords(chain), title: chainWords(chain) })
  for (const [name, value] of Object.entries({ from, share, row })) bar.style.setProperty(`--${name}`, String(value))
  return bar
}

/** "A write at 0.41 s on lab:qc:ada: key deleted after 0.8 ms, miss after 1.1 ms, refill after 9.0 ms." @param {Chain} chain */
export function chainWords(chain) {
  const [first, ...rest] = stopsOf(chain)
  const stops = rest.map(({ name, after }) => `${name} after ${decimals(after)} ms`)
  const end = isOpen(chain) ? [chain.miss === null ? "nobody asked again" : "not refilled"] : []
  return `${CAUSES[chain.cause]} at ${decimals(first?.t ?? 0)} s on ${chain.key}: ${[...stops, ...end].join(", ")}.`
}
