/** The bytes of a name, as a text of one character for each of them. Pure. */

const ENCODER = new TextEncoder()
/** What needs no work: most names. */
const PLAIN = /^[\x20-\x5b\x5d-\x7e]*$/

/** @type {Record<string, string>} */
const SHOWN = { n: "\n", r: "\r", t: "\t" }
const TYPED = { ...SHOWN, b: "\b", a: "\x07" }

/** As UTF-8. @param {string} text */
export function bytesOf(text) {
  return PLAIN.test(text) ? text : Array.from(ENCODER.encode(text), (byte) => String.fromCharCode(byte)).join("")
}

/** Of a name as it is shown, escaped so that everything can be seen (labs/sdk/shown.py). @param {string} name */
export function bytesShown(name) {
  return PLAIN.test(name) ? name : unescaped(name, /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([^]))/g, SHOWN)
}

/** Of what was typed between quotes (dashboard/keys/words.py). @param {string} text */
export function bytesTyped(text) {
  return PLAIN.test(text) ? text : unescaped(text, /\\(?:x([0-9a-fA-F]{2})|(?!)()|(?!)()|([^]))/g, TYPED)
}

/** @param {string} text @param {RegExp} escape its groups: a byte, two kinds of code points, any other @param {Record<string, string>} short */
function unescaped(text, escape, short) {
  let found = ""
  let at = 0
  for (const match of text.matchAll(escape)) {
    const [whole, byte, code, long, other] = match
    found += bytesOf(text.slice(at, match.index))
    if (byte) found += String.fromCharCode(parseInt(byte, 16))
    else if (code || long) found += bytesOf(String.fromCodePoint(parseInt(code ?? long ?? "", 16)))
    else found += bytesOf(short[other ?? ""] ?? other ?? "")
    at = match.index + whole.length
  }
  return found + bytesOf(text.slice(at))
}
