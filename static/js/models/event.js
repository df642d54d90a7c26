/**
 * Reading the fields of events that nobody has checked yet: whatever comes, these answer and never throw.
 *
 * @typedef {{e?: unknown, t?: unknown, seq?: unknown, part?: unknown, [field: string]: unknown}} RunEvent
 */

/** A finite number, else null. @param {unknown} value @returns {number | null} */
export function number(value) {
  return typeof value === "number" && Number.isFinite(value) ? value : null
}

/** A string, else the fallback. @param {unknown} value @param {string} [fallback] */
export function text(value, fallback = "") {
  return typeof value === "string" ? value : fallback
}

/** An identifier as a non-empty string, else null. Numbers are accepted. @param {unknown} value */
export function identifier(value) {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : null
  return typeof value === "string" && value !== "" ? value : null
}

/** An object that is not an array, else an empty one. @param {unknown} value @returns {Record<string, unknown>} */
export function record(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value)
    ? /** @type {Record<string, unknown>} */ (value) : {}
}

/** The finite numbers of a list, else none. @param {unknown} value @returns {number[]} */
export function numbers(value) {
  return Array.isArray(value) ? value.filter((one) => number(one) !== null) : []
}

/** The number that the runner gave an event; 0 where it has none. @param {RunEvent} event */
export function sequenceOf(event) {
  return number(event.seq) ?? 0
}
