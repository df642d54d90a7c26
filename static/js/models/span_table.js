/**
 * The table that says the same as the timeline.
 *
 * @typedef {object} SpanRow  times in seconds, null where nothing was reported
 * @property {string} part
 * @property {string} runtime
 * @property {string} label   of the runtime
 * @property {number} repeat
 * @property {string} id
 * @property {string} name
 * @property {string} lane
 * @property {string} kind
 * @property {number | null} queued
 * @property {number | null} begin
 * @property {number | null} end
 * @property {number | null} waited
 * @property {number | null} ran
 * @property {number | null} cpu
 * @property {string} at      "file:line" of the code behind it
 */

import { natural } from "models/lanes"

/**
 * One part as it is read: in rows that each begin at their own zero, row by row; else by time.
 * @param {import("models/part").Part} part
 * @returns {{rows: SpanRow[], lanes: boolean, waits: boolean}} lanes: a row of the chart holds several; waits: something was queued
 */
export function readingOrder(part) {
  const rows = spanTable([part])
  /** @type {Map<string, SpanRow[]>} */
  const lanes = new Map()
  for (const row of rows) lanes.set(row.lane, [...(lanes.get(row.lane) ?? []), row])
  const apart = lanes.size > 1 && [...lanes.values()].every((all) => all[0]?.begin === 0)
  const names = [...lanes.keys()].sort(natural)
  return {
    rows: apart ? names.flatMap((name) => lanes.get(name) ?? []) : rows,
    lanes: lanes.size > 1 && rows.length > lanes.size,
    waits: rows.some((row) => row.queued !== null),
  }
}

/** @param {import("models/part").Part[]} parts @returns {SpanRow[]} part by part, spans by begin */
export function spanTable(parts) {
  return parts.flatMap((part) => part.inOrder().map((span) => ({
    part: part.id,
    runtime: part.runtime,
    label: part.label,
    repeat: part.repeat,
    id: span.id,
    name: span.name,
    lane: span.lane,
    kind: span.kind,
    queued: span.queued,
    begin: span.begin,
    end: span.end,
    waited: span.waited,
    ran: span.ran,
    cpu: span.cpu,
    at: span.at,
  })))
}
