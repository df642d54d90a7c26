/** One moment of a loop as a picture: what is pending on the left, what the turn does in the middle, the order so far below. */

import { blockChip } from "helpers/block_chip"
import { make } from "helpers/dom"
import { phasesOf, waitWords } from "models/turns"

/** @typedef {import("models/span").Span} Span */

/** @type {[import("models/turns").Place, string, string][]} */
const PENDING = [
  ["timers", "Timers", "not due yet"], ["os", "System", "sockets that the operating system watches"],
  ["pool", "Pool", "work for its threads"], ["ready", "Ready", "to be called as soon as it can"],
]

/**
 * @param {import("models/turns").Moment} moment
 * @param {Span[]} called  so far, in order
 * @param {(id: string) => void} choose
 */
export function turnPicture({ turn, call }, called, choose) {
  const gone = new Set(called)
  return make("div", { class: "turn", "data-end": turn.end || null },
    make("section", { class: "turn-pending", "aria-label": "Pending" }, make("h4", {}, turn.end ? "Still pending" : "Pending before this turn"),
      make("dl", {}, ...PENDING.map(([place, title, help]) => make("div", { title: help }, make("dt", {}, title),
        make("dd", {}, ...(turn.pending[place].length > 0 ? turn.pending[place].map((span) => chip(span, gone.has(span), false, choose)) : [make("span", { class: "none" }, "–")])))))),
    make("section", { class: "turn-does", "aria-label": "This turn" }, make("h4", {}, turn.end ? "The end" : `Turn ${turn.n}`),
      make("p", { class: "turn-wait", "data-here": call === null ? true : null }, waitWords(turn)),
      make("ol", { class: "phases" }, ...phasesOf(turn).map(({ phase, calls }) => make("li", { "data-here": call !== null && calls.includes(call) ? true : null },
        make("span", { class: "phase" }, phase), make("span", { class: "phase-calls" }, ...calls.map((span) => chip(span, !gone.has(span), span === call, choose)))))),
      turn.held ? make("p", { class: "held" }, `The runtime itself says it holds: ${turn.held}.`) : null),
    make("section", { class: "turn-order", "aria-label": "Called so far" }, make("h4", {}, "Called so far"),
      make("div", {}, ...(called.length > 0 ? called.map((span) => blockChip(span, { short: true, here: span === call })) : [make("span", { class: "none" }, "nothing yet")]))))
}

/** @param {Span} span @param {boolean} faint @param {boolean} here @param {(id: string) => void} choose */
function chip(span, faint, here, choose) {
  return make("button", { type: "button", class: "chip-button", "data-faint": faint || null, onclick: () => choose(span.id) }, blockChip(span, { here }))
}
