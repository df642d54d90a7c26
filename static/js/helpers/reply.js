/** A reply of the server as redis-cli would print it, and a hash as the object it stands for. Text only. */

import { make } from "helpers/dom"

/** @typedef {{kind: string, text?: string, why?: string, items?: Reply[], more?: number}} Reply */

const NOTHING = { kind: "nil" }

/** @param {Reply} reply @returns {HTMLElement} */
export function showReply(reply) {
  if (reply.kind === "error") {
    return make("div", { class: "reply error" }, make("code", {}, reply.text), reply.why ? make("p", { class: "reply-why" }, reply.why) : null)
  }
  return make("pre", { class: `reply ${reply.kind}` }, words(reply, ""))
}

/** @param {Reply} reply @param {string} indent @returns {string} */
export function words(reply, indent) {
  const items = reply.items ?? []
  if (reply.kind === "map") {
    const pairs = items.flatMap((item, at) => (at % 2 ? [] : [`${indent}${words(item, "")}: ${words(items[at + 1] ?? NOTHING, `${indent}  `)}`]))
    return [pairs.length ? pairs.join("\n") : "(empty)", ...more(reply)].join("\n")
  }
  if (reply.kind === "list" || reply.kind === "set" || reply.kind === "push") {
    const lines = items.map((item, index) => `${indent}${index + 1}) ${words(item, `${indent}   `).trimStart()}`)
    return [lines.length ? lines.join("\n") : "(empty)", ...more(reply)].join("\n")
  }
  if (reply.kind === "text") return `"${(reply.text ?? "").replaceAll('"', '\\"')}"` // the server of this page escaped all else
  if (reply.kind === "nil") return "(nil)"
  if (reply.kind === "integer") return `(integer) ${reply.text}`
  return reply.text ?? ""
}

/** @param {Reply} reply */
function more(reply) {
  return reply.more ? [`… and ${reply.more} more`] : []
}
