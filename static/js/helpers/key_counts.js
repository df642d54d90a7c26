/** What a run counted for a key, as words and as lines. */

import { make } from "helpers/dom"
import { hitRatio } from "models/key_counts"
import { queryWords } from "models/query_words"

/** @typedef {import("models/key_counts").KeyCount} KeyCount @typedef {import("models/key_counts").Sums} Sums */

/** @type {[string, string, string][]} */
const SAID = [["hit", "hit", "hits"], ["wait", "waited for", "waited for"], ["miss", "miss", "misses"], ["fill", "fill", "fills"],
  ["clear", "clear", "clears"], ["stale-refused", "refused: too old", "refused: too old"]]

/** "310 hits · 12 misses · 12 fills · 96 % from the cache" @param {Sums} sums */
export function countWords(sums) {
  const counts = SAID.flatMap(([what, one, more]) => (sums[what] ? [`${sums[what].toLocaleString("en")} ${sums[what] === 1 ? one : more}`] : []))
  const ratio = hitRatio(sums)
  return [...counts, ...(ratio === null ? [] : [`${Math.round(100 * ratio)} % from the cache`])].join(" · ")
}

/** The queries of a key in words, each with its counts; most asked first. @param {KeyCount} count @param {number} [most] */
export function queryList({ queries }, most = 20) {
  const asked = (/** @type {Sums} */ sums) => (sums.hit ?? 0) + (sums.wait ?? 0) + (sums.miss ?? 0)
  const all = [...queries].sort(([, a], [, b]) => asked(b) - asked(a))
  const rest = all.length - most
  return make("ul", { class: "key-queries", "aria-label": "The queries it stands for" },
    ...all.slice(0, most).map(([name, sums]) => make("li", {}, make("span", { class: "query" }, queryWords(name)), make("span", { class: "sums" }, countWords(sums)))),
    rest > 0 ? make("li", { class: "soft" }, `And ${rest} more.`) : null)
}
