/** The orders that came up over repeated passes: a row each, as blocks, with a bar for how often. The guess is marked. */

import { blockChip } from "helpers/block_chip"
import { make } from "helpers/dom"
import { programOf } from "models/blocks"
import { ordersOf } from "models/orders"

const MOST_ROWS = 8

/** @typedef {import("models/run").RunModel} RunModel */

/** @param {HTMLElement} element @param {any} first */
export function mount(element, first) {
  let options = first
  let drawn = ""
  const draw = () => {
    const runs = /** @type {RunModel[]} */ ([options.run].flat())
    const key = runs.map((run) => `${run.name} ${run.version} ${run.state}`).join(";")
    if (key === drawn) return
    drawn = key
    const groups = runs.flatMap((run) => ordersOf(run, options.prediction?.kind === "order" ? options.prediction.order : null)
      .map((group) => section(group, blocksOf(options.lab, run), runs.length > 1 || options.lab.runtimes.length > 1)))
    const waiting = make("p", { class: "soft" }, runs.every((run) => run.ended) ? "No order was counted." : "The quick passes are counted when the run has ended.")
    element.replaceChildren(make("div", { class: "orders" }, ...(groups.length > 0 ? groups : [waiting])))
  }
  return {
    update: draw,
    set(/** @type {object} */ change) {
      options = { ...options, ...change }
      draw()
    },
    destroy: () => element.replaceChildren(),
  }
}

/** @param {import("helpers/types").Lab} lab @param {RunModel} run */
function blocksOf(lab, run) {
  return new Map(programOf(lab.params.properties, run.params, "program").map((block) => [block.id, block]))
}

/** @param {import("models/orders").Group} group @param {Map<string, import("models/blocks").NamedBlock>} blocks @param {boolean} named */
function section(group, blocks, named) {
  const shown = group.rows.filter((row, index) => index < MOST_ROWS || row.guessed)
  const rest = group.rows.length - shown.length
  const rows = shown.map((row) => {
    const share = group.passes > 0 ? row.times / group.passes : 0
    const bar = make("span", { class: "order-bar", "aria-hidden": "true" }, make("i"))
    bar.style.setProperty("--share", String(share))
    return make("li", { class: row.guessed ? "guessed" : null },
      make("span", { class: "order-chips" }, ...row.order.map((id) => blockChip(blocks.get(id) ?? { id, name: id, kind: "other" }, { short: true }))),
      bar, make("span", { class: "order-count" }, make("b", {}, String(row.times)), ` of ${group.passes}`),
      row.guessed ? make("span", { class: "order-guess" }, "your guess") : null)
  })
  return make("section", { "data-runtime": group.runtime }, named ? make("h4", {}, group.name) : null, make("ol", { "aria-label": `Orders on ${group.name}` }, ...rows),
    rest > 0 ? make("p", { class: "soft" }, `And ${rest} rarer ${rest === 1 ? "order" : "orders"}: see the table.`) : null)
}
