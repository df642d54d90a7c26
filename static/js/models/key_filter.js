/** Which names a pattern fits, as the server decides it: for keys that come live. Pure. */

import { glob } from "models/glob"
import { bytesOf, bytesShown, bytesTyped } from "models/key_bytes"

/** @typedef {(name: string) => boolean} Fits */

/** Names that fit one of these glob patterns; none: every name fits. @param {string[]} patterns @returns {Fits} */
export function fitting(patterns) {
  if (patterns.length === 0) return () => true
  const all = patterns.map((pattern) => glob(bytesOf(pattern)))
  return (name) => all.some((fits) => fits(bytesShown(name)))
}

/**
 * Names that a filter finds: as a pattern, else as their beginning (if it begins with lab:), else as a part of them.
 * In quotes it may have escapes, as in the console.
 * @param {string} filter as typed
 * @returns {Fits}
 */
export function finding(filter) {
  const quoted = filter.length > 1 && filter.startsWith('"') && filter.endsWith('"')
  const bytes = quoted ? bytesTyped(filter.slice(1, -1)) : bytesOf(filter)
  if (bytes === "") return () => true
  if (/[*?[]/.test(bytes)) {
    const fits = glob(bytes)
    return (name) => fits(bytesShown(name))
  }
  return bytes.startsWith("lab:") ? (name) => bytesShown(name).startsWith(bytes) : (name) => bytesShown(name).includes(bytes)
}
