/** How large a value is, and which window of it is shown. */

const UNITS = { string: "bytes", hash: "fields", list: "items", set: "members", zset: "members", stream: "entries" }
const ONE = { bytes: "byte", fields: "field", items: "item", members: "member", entries: "entry" }

/** @param {any} value */
export function countWords(value) {
  if (value.length === null) return ""
  const unit = /** @type {keyof typeof ONE} */ (UNITS[/** @type {keyof typeof UNITS} */ (value.kind)])
  return `${value.length.toLocaleString("en")} ${value.length === 1 ? ONE[unit] : unit}`
}

/** @param {any} value */
export function windowWords(value) {
  if (value.kind === "string" && (value.next !== null || value.at !== "0")) return `bytes ${value.at} to ${value.next ?? value.length} of ${value.length.toLocaleString("en")}`
  return value.next !== null ? `${value.items.length} shown` : ""
}
