/** What happened to one span, in a sentence. */

import { make } from "helpers/dom"
import { capital } from "helpers/words"
import { laneName } from "models/lanes"

/**
 * Several spans, one short line each: "**Hash 1** 0.00 to 1.86, thread 1".
 * @param {import("models/span").Span[]} spans
 * @param {import("models/scale").Scale} scale
 * @returns {Node[]}
 */
export function spanLines(spans, scale) {
  const at = (/** @type {number | null} */ seconds) => (seconds === null ? "…" : scale.shown(seconds).toFixed(2))
  return spans.map((span) => make("span", { class: "span-line" }, make("strong", {}, capital(span.name)), ` ${at(span.begin)} to ${at(span.end)}, ${span.lane || "waiting"}`))
}

/**
 * "**Hash 5** (gevent, repeat 2) was queued at 0.00, began at 1.86 on thread 1 and ended at 2.95, in single hashes."
 * @param {import("models/part").Part} part
 * @param {import("models/span").Span} span
 * @param {import("models/scale").Scale} scale
 * @returns {Node[]}
 */
export function spanWords(part, span, scale) {
  const at = (/** @type {number} */ seconds) => scale.shown(seconds).toFixed(2)
  const parts = []
  if (span.queued !== null) parts.push(`was queued at ${at(span.queued)}`)
  if (span.begin !== null) parts.push(`began at ${at(span.begin)}${span.lane ? ` on ${laneName(part, span.lane)}` : ""}`)
  if (span.end !== null) parts.push(`ended at ${at(span.end)}`)
  else parts.push(span.begin === null ? "has not begun" : "is still running")
  const last = parts.pop()
  const said = parts.length ? `${parts.join(", ")} and ${last}` : last
  const cpu = span.cpu !== null && span.ran ? ` It had a CPU for ${Math.min(100, Math.round((100 * span.cpu) / span.ran))} % of its running time.` : ""
  const repeat = part.repeat ? `, repeat ${part.repeat}` : ""
  const unit = scale.inUnits ? scale.title : "in seconds"
  return [make("strong", {}, capital(span.name)), document.createTextNode(` (${part.label}${repeat}) ${said}, ${unit}.${cpu}`)]
}
