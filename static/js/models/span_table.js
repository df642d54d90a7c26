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
