/** The name of a cached query, `find lab.posts filter {"user": "ada"} sort {"at": -1} #ab12…`, as a person says it. */

const DIGEST = / ?#([0-9a-f]{20})$/
/** @type {Record<string, (value: string) => string>} */
const SAID = {
  filter: (value) => `where ${conditions(value)}`,
  sort: (value) => `sorted by ${order(value)}`,
  limit: (value) => `the first ${value}`,
  skip: (value) => `without the first ${value}`,
  projection: (value) => `only ${value}`,
  field: (value) => `of ${value}`,
}

/** What tells two queries apart, whatever was cut from their names. @param {string} name */
export function digestOf(name) {
  return DIGEST.exec(name)?.[1] ?? name
}

/** @param {string} name */
export function queryWords(name) {
  const said = name.replace(DIGEST, "")
  const [operation = "", where = "", ...rest] = said.split(" ")
  const parts = options(rest.join(" "))
  if (!where || parts === null) return said
  return [`${operation} in ${where}`, ...parts.map(([option, value]) => SAID[option]?.(value) ?? `${option} ${value}`)].join(", ")
}

/** Pairs of a word and its value; null for what is not built like that. @param {string} text @returns {[string, string][] | null} */
function options(text) {
  /** @type {[string, string][]} */
  const found = []
  let rest = text
  while (rest) {
    const word = /^(\w+) /.exec(rest)
    if (!word) return null
    const begin = word[0].length
    const end = valueEnd(rest, begin)
    found.push([word[1] ?? "", rest.slice(begin, end)])
    rest = rest.slice(end).trimStart()
  }
  return found
}

/** Where a JSON value ends: after its last bracket, outside of strings, else before the next space. @param {string} text @param {number} begin */
function valueEnd(text, begin) {
  let depth = 0
  let quoted = false
  for (let at = begin; at < text.length; at += 1) {
    const one = text[at]
    if (quoted) {
      if (one === "\\") at += 1
      else if (one === '"') quoted = false
    } else if (one === '"') quoted = true
    else if (one === "{" || one === "[") depth += 1
    else if (one === "}" || one === "]") depth -= 1
    else if (one === " " && depth <= 0) return at
  }
  return text.length
}

/** @param {string} value */
function conditions(value) {
  const found = parsed(value)
  if (!found || Object.keys(found).some((key) => key.startsWith("$"))) return value
  return Object.entries(found).map(([key, one]) => `${key} is ${plain(one)}`).join(" and ") || "anything"
}

/** @param {string} value */
function order(value) {
  const found = parsed(value)
  return found ? Object.entries(found).map(([key, way]) => `${key}${way === -1 ? ", last first" : ""}`).join(", then ") : value
}

/** @param {unknown} one */
function plain(one) {
  const id = one && typeof one === "object" ? /** @type {Record<string, unknown>} */ (one).$oid : undefined
  return typeof one === "string" ? `“${one}”` : typeof id === "string" ? id : JSON.stringify(one)
}

/** @param {string} value @returns {Record<string, unknown> | null} */
function parsed(value) {
  try {
    const found = JSON.parse(value)
    return found && typeof found === "object" && !Array.isArray(found) ? found : null
  } catch {
    return null
  }
}
