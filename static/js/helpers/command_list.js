/** Redis commands as lines, newest first. */

import { make } from "helpers/dom"
import { bytesWords } from "models/key_life"

const SHOWN = 60
/** Tells a query from others, and nothing to a reader. */
const DIGEST = / #[0-9a-f]{20}$/

/** Microseconds as people read them. @param {number} micros */
export function microsWords(micros) {
  if (micros < 1000) return `${micros} µs`
  return micros < 1e6 ? `${(micros / 1000).toFixed(1)} ms` : `${(micros / 1e6).toFixed(2)} s`
}

/** @param {import("models/command_feed").CommandFeed} feed */
export function commandList(feed) {
  return make("ol", { class: "commands", tabindex: 0, reversed: true, "aria-label": "Commands, newest first" }, ...feed.items.slice(-SHOWN).reverse().map((command) =>
    make("li", {}, make("code", {}, command.line.replace(DIGEST, "")), make("span", { class: "cost" },
      make("span", { class: "who" }, command.part), make("b", {}, microsWords(command.micros)), bytesWords(command.size)))))
}

/** "1,234 commands; half of the newest took 310 µs or less." @param {import("models/command_feed").CommandFeed} feed */
export function feedWords(feed) {
  if (feed.count === 0) return "No command yet."
  const micros = feed.items.map((one) => one.micros).sort((a, b) => a - b)
  const middle = micros[micros.length >> 1] ?? 0
  return [`${feed.count.toLocaleString("en")} commands`, `half of the newest ${micros.length} took ${microsWords(middle)} or less`,
    feed.left > 0 ? `${feed.left.toLocaleString("en")} came too fast to be told one by one` : ""].filter(Boolean).join("; ") + "."
}
