/** The few icons that the page draws itself. */

import { draw } from "helpers/dom"

/** @type {Record<string, string[]>} paths in a 16 × 16 box, stroked */
const PATHS = {
  yes: ["M3 8.6l3.2 3.2L13 4.8"],
  no: ["M8 2.8v6.4", "M8 12.6v.4"],
  "cannot-tell": ["M2 8c1.6-2.6 3.4-2.6 4 0s2.4 2.6 4 0 3-2.4 4-.6"],
  play: ["M5 3.2v9.6l7.6-4.8z"],
  pause: ["M5.5 3.5v9M10.5 3.5v9"],
  down: ["M4 6.5l4 4 4-4"],
  up: ["M4 9.5l4-4 4 4"],
  back: ["M9.5 4l-4 4 4 4"],
  forth: ["M6.5 4l4 4-4 4"],
  close: ["M4 4l8 8M12 4l-8 8"],
  wait: ["M8 4.2V8l2.6 1.6", "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8z"],
  turn: ["M13.6 8a5.6 5.6 0 1 1-2-4.3M13.6 2v3.2h-3.2"],
  steady: ["M2 8h12M2 5v6M14 5v6"],
  noisy: ["M1.5 8l2.5-4 3 8 3-9 2.5 7 2-3"],
}

/** @param {string} name @param {number} [size] pixels @param {string} [style] class */
export function icon(name, size = 16, style = "") {
  return draw("svg", {
    width: size, height: size, viewBox: "0 0 16 16", fill: "none", stroke: "currentColor", "stroke-width": 1.8,
    "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true", class: style || null,
  }, ...(PATHS[name] ?? []).map((d) => draw("path", { d })))
}

/** A filled square: stop. */
export function stopIcon() {
  return draw("svg", { width: 13, height: 13, viewBox: "0 0 13 13", "aria-hidden": "true" }, draw("rect", { width: 13, height: 13, rx: 2.5 }))
}
