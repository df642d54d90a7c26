/** What an event loop did, as tables. */

import { make } from "helpers/dom"
import { table } from "helpers/table"
import { ordersOf } from "models/orders"
import { phasesOf, PLACES, turnsOf, waitWords } from "models/turns"

/**
 * @param {"turns" | "orders"} kind @param {import("models/run").RunModel[]} runs @param {import("models/part").Part[]} parts shown
 * @returns {HTMLElement[]}
 */
export function loopTables(kind, runs, parts) {
  if (kind === "turns") return parts.map((part) => table(turnRows(part)))
  return [orderTable(runs) ?? make("p", { class: "soft" }, "The orders come when the run has ended.")]
}

/** @param {import("models/part").Part} part */
function turnRows(part) {
  const columns = [{ title: "Turn" }, { title: "pending before it" }, { title: "the wait" }, { title: "called, by phase" }]
  const rows = turnsOf(part).map((turn) => ({
    cells: [
      turn.end ? "end" : String(turn.n),
      PLACES.flatMap((place) => turn.pending[place]).map((span) => span.id).join(" ") || "–",
      waitWords(turn),
      phasesOf(turn).map(({ phase, calls }) => `${phase}: ${calls.map((span) => span.id).join(" ")}`).join("; ") || "–",
    ],
  }))
  return { caption: `${part.label}, watched pass ${part.repeat}`, columns, rows }
}

/** @param {import("models/run").RunModel[]} runs */
function orderTable(runs) {
  const columns = [{ title: "Runtime" }, { title: "order" }, { title: "passes", number: true }, { title: "of", number: true }]
  const rows = runs.flatMap((run) => ordersOf(run)).flatMap((group) =>
    group.rows.map((row) => ({ cells: [group.name, row.order.join(" "), String(row.times), String(group.passes)] })))
  return rows.length > 0 ? table({ columns, rows, label: "Orders" }) : null
}
