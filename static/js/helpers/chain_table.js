/** Chains as a table: when each began, and how many milliseconds each step came later. */

import { CAUSES } from "helpers/chain_bar"
import { make } from "helpers/dom"
import { table } from "helpers/table"
import { chainsOf, reachOf } from "models/chains"
import { decimals } from "models/scale"

/** @param {import("models/part").Part[]} parts shown @returns {HTMLElement[]} */
export function chainTables(parts) {
  const later = (/** @type {number | null} */ t, /** @type {number} */ from) => (t === null ? "–" : decimals(1000 * (t - from)))
  const columns = [
    { title: "What" }, { title: "at (s)", number: true }, { title: "key" }, { title: "deleted (ms)", number: true },
    { title: "missed (ms)", number: true }, { title: "refilled (ms)", number: true }, { title: "deleted again (ms)", number: true },
  ]
  const tables = parts.flatMap((part) => {
    const chains = chainsOf(part)
    const rows = chains.map((chain) => {
      const { from } = reachOf(chain)
      return { cells: [CAUSES[chain.cause], decimals(from), chain.key, later(chain.gone, from), later(chain.miss, from), later(chain.fill, from), later(chain.again, from)] }
    })
    return rows.length > 0 ? [table({ caption: part.label, columns, rows, label: `Chains, ${part.label}` })] : []
  })
  return tables.length > 0 ? tables : [make("p", { class: "soft" }, "Nothing that was cached went away.")]
}
