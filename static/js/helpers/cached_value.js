/** Results of the query cache, for people: which query each answers, what it holds, how old it is and how long it stays. */

import { countdown } from "helpers/countdown"
import { make } from "helpers/dom"
import { bytesWords, duration } from "models/key_life"
import { queryWords } from "models/query_words"

/** @typedef {{state: "kept" | "sealed" | "lease" | "too large", documents: number | null, at: number | null, until: number | null, shown: string[]}} Cached  ms since 1970 */

/** Results, each with its query in words and its first documents. @param {{name?: string, size: number, cached?: Cached}[]} items @param {number} now ms, server's clock */
export function cachedResults(items, now) {
  return make("ul", { class: "cached" }, ...items.map(({ name = "", size, cached }) => cached ? make("li", {},
    make("strong", {}, queryWords(name)), make("p", {}, ...facts(cached, size, now)), ...documents(cached), make("code", { class: "faint" }, name)) : null))
}

/** @param {Cached} cached @param {number} size bytes @param {number} now @returns {import("helpers/dom").Child[]} */
function facts({ state, documents, at, until }, size, now) {
  if (state === "lease") return ["Somebody is asking the database for it just now."]
  if (state === "too large") return ["Too large to be kept: for a while every reader asks the database."]
  const what = state === "sealed" ? "Sealed: only the app that wrote it can read it" : `${documents} document${documents === 1 ? "" : "s"}`
  const since = at === null ? [] : [`read ${duration(Math.max(0, now - at))} ago`]
  return [[what, bytesWords(size), ...since].join(", "), ", ", countdown({ expires: until }, now)]
}

/** @param {Cached} cached */
function documents({ documents: all, shown }) {
  const more = (all ?? 0) - shown.length
  return [...shown.map((text) => make("pre", { tabindex: 0 }, text)), more > 0 ? make("p", { class: "soft" }, `and ${more} more`) : null]
}
