/** One chain step by step, as a small waterfall: how long until the key was gone, until somebody asked, until it was back. */

import { CAUSES } from "helpers/chain_bar"
import { make } from "helpers/dom"
import { reachOf } from "models/chains"
import { decimals } from "models/scale"

/** @typedef {import("models/chains").Chain} Chain */

/** @type {{from: "write" | "gone" | "miss", to: "gone" | "miss" | "fill", name: string, kind: string}[]} */
const STEPS = [
  { from: "write", to: "gone", name: "Write → key deleted", kind: "other" },
  { from: "gone", to: "miss", name: "Deleted → first miss", kind: "timer" },
  { from: "miss", to: "fill", name: "Miss → refill", kind: "db" },
]

/** @param {Chain} chain @param {string} label of its part */
export function chainDetail(chain, label) {
  const { from, to } = reachOf(chain)
  const whole = Math.max(1e-6, to - from)
  const rows = STEPS.flatMap(({ from: begin, to: end, name, kind }) => {
    const [a, b] = [chain[begin], chain[end]]
    if (a === null) return []
    const stop = b ?? chain.again
    if (b === null && end === "gone") return []
    if (stop === null) return [row(name, null, kind, 0, 0)]
    return [row(b === null ? name.replace(/→.*/, "→ deleted again") : name, stop - a, kind, (a - from) / whole, (stop - a) / whole)]
  })
  return make("div", { role: "group", "aria-label": "The chosen chain, step by step" },
    make("p", { class: "chain-head" }, make("strong", {}, `${CAUSES[chain.cause]} at ${decimals(from)} s`), ` · ${label} · `, make("code", {}, chain.key)),
    make("ol", { class: "chain-steps" }, ...rows), make("p", { class: "chain-more" }, more(chain)))
}

/** @param {string} name @param {number | null} seconds null: it did not come to that @param {string} kind @param {number} from @param {number} share */
function row(name, seconds, kind, from, share) {
  const bar = make("span", { class: "step-track", "aria-hidden": "true" }, seconds === null ? null : make("i", { "data-kind": kind }))
  bar.style.setProperty("--from", String(from))
  bar.style.setProperty("--share", String(share))
  return make("li", {}, make("span", {}, name), bar, make("b", {}, seconds === null ? "not in this run" : `${decimals(1000 * seconds)} ms`))
}

/** @param {Chain} chain */
function more({ cause, misses, refused, write, gone, again }) {
  return [
    again === null ? "" : "It was deleted again before anybody had filled it: the next bar goes on from there.",
    cause === "expiry" ? "Its time was up, and nobody had cleared it." : "",
    misses > 1 ? `${misses} readers missed it before the refill.` : "",
    refused > 0 ? `${refused === 1 ? "An answer" : `${refused} answers`} read before the write came too late and ${refused === 1 ? "was" : "were"} refused.` : "",
    write !== null && gone !== null ? "Until the key was deleted, readers still got the old answer." : "",
  ].filter(Boolean).join(" ")
}
