/** What the run on the stage does to each key, beside what the server says of it: sums, and what was added just now. Pure. */

import { LINGER } from "models/key_life"

/** Milliseconds for which a touch can be seen. */
const FLASH = 600
/** Keys that are told of. */
const MOST = 2000

/**
 * @typedef {import("models/key_counts").Sums} Sums
 * @typedef {Pick<import("models/run").RunModel, "counts" | "commands">} Run
 * @typedef {{sums: Sums, commands: number, at: number, what: string, filled: number, cleared: number}} Touch
 *   `at`: when it was touched last, and with `what`; `filled` and `cleared`: when that was added; all by the page's clock
 */

export class KeyTouches {
  #keys = /** @type {Map<string, Touch>} */ (new Map())
  #run = /** @type {Run | null} */ (null)
  /** commands that were looked at */
  #seen = 0

  /** Take over what is known of a run; of another one than before, from the start. @param {Run} run @param {boolean} live whether what is added happens now @param {number} now */
  follow(run, live, now) {
    if (run !== this.#run) {
      this.#keys.clear()
      this.#run = run
      this.#seen = 0
    }
    const { counts, commands } = run
    for (const { name, sums } of counts.keys.values()) {
      const touch = this.#touch(name)
      if (!touch) continue
      const added = Object.keys(sums).filter((what) => (sums[what] ?? 0) > (touch.sums[what] ?? 0))
      if (added.length === 0) continue
      touch.sums = { ...sums }
      if (live) mark(touch, added, now)
    }
    const told = commands.count - commands.left
    const fresh = told > this.#seen ? commands.items.slice(this.#seen - told) : []
    this.#seen = told
    for (const { line } of fresh) {
      const touch = this.#touch(line.split(" ")[1] ?? "")
      if (!touch) continue
      touch.commands += 1
      if (live) touch.at = now
    }
  }

  /** What is known of this key; null when the run has nothing to do with it. @param {string} name */
  of(name) {
    return this.#keys.get(name) ?? null
  }

  /** @param {string} name */
  #touch(name) {
    const known = this.#keys.get(name)
    if (known || name === "" || this.#keys.size >= MOST) return known
    const touch = { sums: /** @type {Sums} */ ({}), commands: 0, at: -Infinity, what: "", filled: -Infinity, cleared: -Infinity }
    this.#keys.set(name, touch)
    return touch
  }
}

/** @param {Touch} touch @param {string[]} added @param {number} now */
function mark(touch, added, now) {
  touch.at = now
  touch.what = ["clear", "fill", "miss"].find((what) => added.includes(what)) ?? "hit"
  if (added.includes("fill")) touch.filled = now
  if (added.includes("clear")) touch.cleared = now
}

/** What it was touched with, as long as that can be seen; else "". @param {Touch} touch @param {number} now */
export function touchedNow(touch, now) {
  return now - touch.at < FLASH ? touch.what || "command" : ""
}

/** Why the row changed, as the run knows it; else what the server said. @param {Touch} touch @param {boolean} gone @param {string} words @param {number} now */
export function causeOf(touch, gone, words, now) {
  if (words === "") return ""
  if (gone) return now - touch.cleared < LINGER ? "cleared by a write" : words
  return now - touch.filled < LINGER ? "filled" : words
}

const SAID = /** @type {const} */ ([["hit", "hit", "hits"], ["miss", "miss", "misses"], ["fill", "fill", "fills"]])

/** "412 hits, 3 misses, 3 fills"; of a run that does not count them, its commands. @param {Touch} touch */
export function touchWords({ sums, commands }) {
  const said = SAID.map(([what, one, more]) => {
    const count = (sums[what] ?? 0) + (what === "hit" ? (sums.wait ?? 0) : 0)
    return count > 0 ? `${count.toLocaleString("en")} ${count === 1 ? one : more}` : ""
  }).filter(Boolean)
  if (said.length > 0 || commands === 0) return said.join(", ")
  return `${commands.toLocaleString("en")} command${commands === 1 ? "" : "s"}`
}
