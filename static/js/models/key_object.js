/** A hash and the keys below it ("user:1" and "user:1:address") as the one object they stand for. Pure. */

/** @typedef {import("models/keys").KeyRow} KeyRow */
/** @typedef {{path: string[], value: any}} Piece  `path`: names below the key; none: the key itself. `value`: as `plain` gives it */

/** Keys below one that are read for its object. */
export const MOST = 30

/** The keys below this one, by name. @param {Iterable<KeyRow>} rows @param {string} name */
export function below(rows, name) {
  const prefix = `${name}:`
  return [...rows].filter((row) => !row.gone && row.name.length > prefix.length && row.name.startsWith(prefix))
    .sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, MOST)
}

/** @param {string} name of the key @param {string} inner name of a key below it */
export function pathOf(name, inner) {
  return inner.slice(name.length + 1).split(":")
}

/** One object out of its pieces. Where a field and a key below have the same name, the key's keeps its colon. @param {Piece[]} pieces */
export function nested(pieces) {
  const whole = bare()
  for (const { path, value } of [...pieces].sort((a, b) => a.path.length - b.path.length)) {
    let place = whole
    for (const name of path.slice(0, -1)) place = inside(place, name)
    const last = path.at(-1)
    if (last === undefined || isObject(value)) {
      const target = last === undefined ? whole : inside(place, last)
      for (const [field, text] of Object.entries(value)) target[field in target ? `:${field}` : field] = text
    } else place[last in place ? `:${last}` : last] = value
  }
  return whole
}

/** A window into a value as plain data; what was not read is said as such. @param {any} value of the API */
export function plain(value) {
  if (value.kind === "string") return value.next === null ? value.text : `${value.text}…`
  const more = value.next === null ? 0 : value.length - value.items.length
  if (value.kind === "hash" || value.kind === "zset") {
    const found = bare()
    for (const item of value.items) {
      if (value.kind === "hash") found[item.name] = item.cut ? `${item.text}…` : item.text
      else found[item.text] = item.score
    }
    if (more > 0) found["…"] = `${more.toLocaleString("en")} more`
    return found
  }
  if (value.kind === "stream") return `a stream of ${value.length.toLocaleString("en")}`
  const items = value.items.map((/** @type {{text: string}} */ item) => item.text)
  return more > 0 ? [...items, `… ${more.toLocaleString("en")} more`] : items
}

/** The object below this name; a text of that name stays, and the object gets the name with its colon. @param {Record<string, any>} place @param {string} name @returns {Record<string, any>} */
function inside(place, name) {
  const free = name in place && !isObject(place[name]) ? `:${name}` : name
  return (place[free] ??= bare())
}

/** Without a prototype: a field may be called "__proto__". @returns {Record<string, any>} */
function bare() {
  return Object.create(null)
}

/** @param {any} value */
function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value)
}
