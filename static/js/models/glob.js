/** Patterns as Redis understands them (stringmatchlen), on bytes: `*`, `?`, `[abc]`, `[^a-z]` and `\` before any of them. Pure. */

/** @typedef {(one: string) => boolean} Fits one character */

const STAR = /** @type {const} */ ("*")

/** Whether a text of one character for each byte fits the pattern, which is one too. Linear in both: no pattern can hang the page. @param {string} pattern @returns {(text: string) => boolean} */
export function glob(pattern) {
  const tokens = [...pattern.matchAll(/\\([^])|(\*+)|(\?)|\[(\^?)((?:\\[^]|[^\]\\])*\\?)\]?|([^])/g)].map(([, escaped, star, any, not, set, plain]) => {
    if (star) return STAR
    if (any) return () => true
    if (set !== undefined) return inSet(set, not === "^")
    return (/** @type {string} */ one) => one === (escaped ?? plain)
  })
  return (text) => fits(tokens, text)
}

/** @param {string} set @param {boolean} not @returns {Fits} */
function inSet(set, not) {
  const ranges = [...set.matchAll(/\\([^])|([^])-([^])|([^])/g)].map(([, escaped, from, to, plain]) => [escaped ?? from ?? plain ?? "", escaped ?? to ?? plain ?? ""].sort())
  return (one) => not !== ranges.some(([from, to]) => /** @type {string} */ (from) <= one && one <= /** @type {string} */ (to))
}

/** @param {(Fits | typeof STAR)[]} tokens @param {string} text */
function fits(tokens, text) {
  let at = 0
  let token = 0
  let star = -1
  let from = 0
  while (at < text.length) {
    const now = tokens[token]
    if (now === STAR) {
      star = token
      from = at
      token += 1
    } else if (now?.(/** @type {string} */ (text[at]))) {
      token += 1
      at += 1
    } else if (star >= 0) {
      token = star + 1
      from += 1
      at = from
    } else return false
  }
  while (tokens[token] === STAR) token += 1
  return token === tokens.length
}
