/** One line of the list of keys: ring, name, facts, cause. Data only ever becomes text. */

import { draw, make, say, set } from "helpers/dom"
import { causeWords } from "models/key_causes"
import { bytesWords, left, lifeWords, LINGER } from "models/key_life"

/** @typedef {import("models/key_tree").Line} Line */

const AROUND = 2 * Math.PI * 8
/** Milliseconds that a cause stays beside a row. */
const SAID = 2500

/** @type {Record<string, string>} */
const TONE = { new: "new", del: "gone", expired: "gone", evicted: "gone", flushed: "gone", rename_from: "gone", keymiss: "missed" }

/** A row to be filled again and again. */
export function keyRow() {
  const ring = draw("circle", { cx: 11, cy: 11, r: 8, class: "ring-left", "stroke-dasharray": AROUND, transform: "rotate(-90 11 11)" })
  const parts = {
    fold: make("span", { class: "key-fold", "aria-hidden": "true" }),
    name: make("span", { class: "key-name" }),
    facts: make("span", { class: "key-facts" }),
    cause: make("span", { class: "key-cause" }),
    ring,
    svg: draw("svg", { width: 22, height: 22, viewBox: "0 0 22 22", class: "ring", "aria-hidden": "true" },
      draw("circle", { cx: 11, cy: 11, r: 8, class: "ring-whole" }), ring),
  }
  const element = make("div", { class: "key", role: "treeitem" },
    parts.fold, parts.svg, make("span", { class: "key-words" }, parts.name, parts.facts), parts.cause)
  return { element, parts }
}

/** @param {ReturnType<typeof keyRow>} row @param {Line} line @param {{now: number, chosen: boolean, at: boolean}} how */
export function fillRow({ element, parts }, line, { now, chosen, at }) {
  const { row } = line
  const fresh = row !== null && row.at > 0 && now - row.at < (row.gone ? LINGER : SAID)
  const cause = fresh && row ? causeWords(row.cause) : ""
  set(element, {
    id: `key-${line.id}`, "aria-level": line.level, "aria-setsize": line.size, "aria-posinset": line.place,
    "aria-expanded": row ? null : String(line.open), "aria-selected": String(chosen), "data-at": at || null,
    "data-tone": fresh && row ? TONE[row.cause] ?? "changed" : null, "data-gone": row?.gone || null, "data-level": Math.min(line.level, 8),
  })
  say(parts.fold, row ? "" : line.open ? "▾" : "▸")
  say(parts.name, line.label)
  say(parts.facts, row ? facts(row, now) : `${line.count.toLocaleString("en")} key${line.count === 1 ? "" : "s"}`)
  say(parts.cause, cause)
  showRing(parts, line, now)
}

/** @param {ReturnType<typeof keyRow>["parts"]} parts @param {Line} line @param {number} now */
function showRing(parts, line, now) {
  const share = line.row && !line.row.gone ? left(line.row, now) : null
  set(parts.svg, { "data-kind": line.row ? (share === null ? "stays" : share === 0 ? "over" : "dies") : "branch" })
  set(parts.ring, { "stroke-dashoffset": (AROUND * (1 - (share ?? (line.row?.gone ? 0 : 1)))).toFixed(1) })
}

/** @param {import("models/keys").KeyRow} row @param {number} now */
function facts(row, now) {
  if (row.gone) return `was ${row.type ?? "a key"}${row.size ? `, ${bytesWords(row.size)}` : ""}`
  const misses = row.misses ? `, missed ${row.misses}×` : ""
  if (row.type === undefined) return "…"
  return `${row.type}, ${bytesWords(row.size ?? 0)}, ${lifeWords(row, now)}${misses}`
}
