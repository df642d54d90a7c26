/** Which names a pattern fits, as the server decides it: for keys that come live. Pure. */

/** @typedef {(name: string) => boolean} Fits */

/** Names that fit one of these glob patterns; none: every name fits. @param {string[]} patterns @returns {Fits} */
export function fitting(patterns) {
  if (patterns.length === 0) return () => true
  const all = patterns.map(glob)
  return (name) => all.some((one) => one.test(name))
}

/**
 * Names that a filter finds: as a pattern, else as their beginning (if it begins with lab:), else as a part of them.
 * In quotes its escapes are those of the names as they are shown.
 * @param {string} filter as typed
 * @returns {Fits}
 */
export function finding(filter) {
  const quoted = filter.length > 1 && filter.startsWith('"') && filter.endsWith('"')
  const text = quoted ? filter.slice(1, -1) : filter
  if (text === "") return () => true
  if (/[*?[]/.test(text)) return fitting([text])
  const shown = quoted ? text : text.replaceAll("\\", "\\\\")
  return shown.startsWith("lab:") ? (name) => name.startsWith(shown) : (name) => name.includes(shown)
}

/** `*`, `?`, `[abc]`, `[^abc]` and `\` before any of them. @param {string} pattern */
function glob(pattern) {
  const source = pattern.replace(/\\(.)|(\*)|(\?)|\[(\^?)((?:\\.|[^\]])*)\]|([^])/g, (_, escaped, star, any, not, set, plain) => {
    if (star) return ".*"
    if (any) return "."
    if (set) return `[${not}${set.replace(/[[\]]/g, "\\$&")}]`
    return (escaped ?? plain ?? "").replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
  })
  return new RegExp(`^${source}$`, "s")
}
