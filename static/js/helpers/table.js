/** Tables of data: a caption, headed columns, numbers to the right. */

import { make } from "helpers/dom"

/**
 * @typedef {{title: string, number?: boolean}} Column
 * @typedef {{cells: import("helpers/dom").Child[], here?: boolean, key?: string}} Row  the first cell heads the row
 */

/**
 * `label` names a table that may be wider than the page: it can then be scrolled with the keyboard.
 * @param {{caption?: string, columns: Column[], rows: Row[], label?: string}} table
 */
export function table({ caption, columns, rows, label }) {
  const head = columns.map((column) => make("th", { scope: "col", class: column.number ? "num" : null }, column.title))
  const body = rows.map(({ cells, here, key }) => make("tr", { class: here ? "here" : null, "data-key": key ?? null },
    ...cells.map((cell, index) => index === 0
      ? make("th", { scope: "row" }, cell)
      : make("td", { class: columns[index]?.number ? "num" : null }, cell))))
  return make("div", { class: "table-wrap", ...(label ? { tabindex: 0, role: "region", "aria-label": label } : {}) },
    make("table", { class: "table" },
      caption ? make("caption", {}, caption) : null,
      make("thead", {}, make("tr", {}, ...head)),
      make("tbody", {}, ...body)))
}
