/** One line of the list of keys: ring, name, facts, cause, what the run did with it. Data only ever becomes text. */

import { draw, make, say, set } from "helpers/dom"
import { causeWords } from "models/key_causes"
import { bytesWords, left, lifeWords, LINGER } from "models/key_life"
import { causeOf, touchedNow, touchWords } from "models/key_touches"

/** @typedef {import("models/key_tree").Line} Line */

const AROUND = 2 * Math.PI * 8
/** Milliseconds that a cause stays beside a row. */
const SAID = 2500
/** Characters of a name for which there is room everywhere. */
const SHORT = 24
/** Characters of the last piece of a longer name that is never cut. */
const LONGEST_TAIL = 16

/** @type {Record<string, string>} */
const TONE = { new: "new", del: "gone", expired: "gone", hexpired_last: "gone", evicted: "gone", flushed: "gone", rename_from: "gone", keymiss: "missed" }

/** What stands there where no row does. Beside a lab it must hold before a run and after one. @param {string} filter @param {string[]} patterns the lab's keys, if it is for one @param {boolean} past */
export function noRows(filter, patterns, past) {
  if (filter) return "No key fits this filter."
  if (past) return "No keys were seen at that moment."
  return patterns.length > 0 ? "None of the lab's keys is there now. Run the lab to see them live; what a run did with them stays in This run."
    : "No keys yet. Run the lab, or type SET lab:greeting hello."
}

/** A row to be filled again and again. */
export function keyRow() {
  const ring = draw("circle", { cx: 11, cy: 11, r: 8, class: "ring-left", "stroke-dasharray": AROUND, transform: "rotate(-90 11 11)" })
  const parts = {
    fold: make("span", { class: "key-fold", "aria-hidden": "true" }),
    head: make("span", { class: "key-head" }),
    tail: make("span", { class: "key-tail" }),
    facts: make("span", { class: "key-facts" }),
    cause: make("span", { class: "key-cause" }),
    touches: make("span", { class: "key-touches" }),
    ring,
    svg: draw("svg", { width: 22, height: 22, viewBox: "0 0 22 22", class: "ring", "aria-hidden": "true" },
      draw("circle", { cx: 11, cy: 11, r: 8, class: "ring-whole" }), ring),
  }
  const element = make("div", { class: "key", role: "treeitem" },
    parts.fold, parts.svg, make("span", { class: "key-words" },
      make("span", { class: "key-line" }, make("span", { class: "key-name" }, parts.head, parts.tail), parts.cause),
      make("span", { class: "key-said" }, parts.touches, parts.facts)))
  return { element, parts }
}

/** @param {ReturnType<typeof keyRow>} row @param {Line} line @param {{now: number, here: number, chosen: boolean, at: boolean, touch: import("models/key_touches").Touch | null}} how now: server's clock, here: ours */
export function fillRow({ element, parts }, line, { now, here, chosen, at, touch }) {
  const { row } = line
  const fresh = row !== null && row.at > 0 && now - row.at < (row.gone ? LINGER : SAID)
  const words = fresh && row ? causeWords(row.cause) : ""
  const cause = touch && row ? causeOf(touch, row.gone, words, here) : words
  set(element, {
    id: `key-${line.id}`, "aria-level": line.level, "aria-setsize": line.size, "aria-posinset": line.place,
    "aria-expanded": row ? null : String(line.open), "aria-selected": String(chosen), "data-at": at || null,
    "data-tone": fresh && row ? TONE[row.cause] ?? "changed" : null, "data-gone": row?.gone || null,
    "data-touched": (touch && touchedNow(touch, here)) || null, "data-level": Math.min(line.level, 8),
  })
  say(parts.fold, row ? "" : line.open ? "▾" : "▸")
  const tail = tailAt(line.label)
  say(parts.head, line.label.slice(0, tail))
  say(parts.tail, line.label.slice(tail))
  const told = touch && row ? touchWords(touch) : ""
  say(parts.touches, told)
  say(parts.facts, row ? `${told && ", "}${facts(row, now, told !== "")}` : `${line.count.toLocaleString("en")} key${line.count === 1 ? "" : "s"}`)
  say(parts.cause, cause)
  showRing(parts, line, now)
}

/** Where the last piece of a name begins: where there is little room, what comes before it is cut. @param {string} name */
function tailAt(name) {
  const at = name.lastIndexOf(":", name.length - 2)
  return name.length > SHORT && at > 0 && name.length - at <= LONGEST_TAIL ? at : name.length
}

/** @param {ReturnType<typeof keyRow>["parts"]} parts @param {Line} line @param {number} now */
function showRing(parts, line, now) {
  const share = line.row && !line.row.gone ? left(line.row, now) : null
  set(parts.svg, { "data-kind": line.row ? (share === null ? "stays" : share === 0 ? "over" : "dies") : "branch" })
  set(parts.ring, { "stroke-dashoffset": (AROUND * (1 - (share ?? (line.row?.gone ? 0 : 1)))).toFixed(1) })
}

/** @param {import("models/keys").KeyRow} row @param {number} now @param {boolean} counted whether the run tells what became of it */
function facts(row, now, counted) {
  if (row.gone) return `was ${[counted ? "" : row.type ?? "a key", row.size ? bytesWords(row.size) : ""].filter(Boolean).join(", ") || "a key"}`
  const misses = row.misses && !counted ? `, missed ${row.misses}×` : ""
  if (row.type === undefined) return "…"
  return `${counted ? "" : `${row.type}, `}${bytesWords(row.size ?? 0)}, ${lifeWords(row, now)}${misses}`
}
