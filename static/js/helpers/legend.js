/**
 * The legend of a chart: only what it really shows, in words and pattern, never in colour alone. The guess is labelled where
 * it is drawn.
 */

import { make } from "helpers/dom"

/** @type {Record<string, string>} */
const KINDS = { cpu: "computes", fs: "file", net: "network", timer: "timer", db: "database", cache: "cache", other: "other work" }

/**
 * @param {HTMLElement} list
 * @param {import("helpers/types").ChartInfo} chart
 * @param {import("models/part").Part[]} parts
 */
export function legend(list, chart, parts) {
  const spans = parts.flatMap((part) => [...part.spans.values()])
  const kinds = chart.kind === "timeline" ? [...new Set(spans.map((span) => span.kind))] : []
  const waits = chart.kind === "timeline" && spans.some((span) => span.begin === null || Number(span.waited) > 0)
  const key = `${kinds} ${waits}`
  if (list.dataset.key === key) return
  list.dataset.key = key
  list.replaceChildren(
    ...kinds.map((kind) => item(kinds.length > 1 ? chart.words?.[kind] ?? KINDS[kind] ?? kind : "runs", "", `--kind: var(--kind-${kind})`)),
    ...(waits ? [item("waits", "waiting")] : []))
}

/** @param {string} words @param {string} style @param {string} [css] */
function item(words, style, css) {
  return make("li", {}, make("i", { class: style || null, style: css ?? null, "aria-hidden": "true" }), words)
}
