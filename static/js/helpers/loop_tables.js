/** What an event loop did, as tables. */

import { table } from "helpers/table"
import { ordersOf } from "models/orders"
import { phasesOf, PLACES, turnsOf, waitWords } from "models/turns"

/** @param {import("models/part").Part} part */
export function turnRows(part) {
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
export function orderTable(runs) {
  const columns = [{ title: "Runtime" }, { title: "order" }, { title: "passes", number: true }, { title: "of", number: true }]
  const rows = runs.flatMap((run) => ordersOf(run)).flatMap((group) =>
    group.rows.map((row) => ({ cells: [group.name, row.order.join(" "), String(row.times), String(group.passes)] })))
  return rows.length > 0 ? table({ columns, rows, label: "Orders" }) : null
}
