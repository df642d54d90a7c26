/**
 * A table of processes, as a process manager shows it. Its rows stay the same elements, so that a button keeps the focus while
 * the numbers beside it change. A pressed button sends an "act" event up the page; who sends it on is not its business.
 */

import { make, say, set } from "helpers/dom"
import { holds } from "helpers/words"
import { shownPart, variants } from "models/choose"

/** @typedef {import("models/process_rows").ProcessRow} ProcessRow */
/** @typedef {import("helpers/types").ActionInfo} ActionInfo */
/** @typedef {{body: HTMLTableSectionElement, cells: Record<string, HTMLElement>, meters: Record<string, HTMLElement>}} Line */

const COLUMNS = { pid: "pid", status: "Status", uptime: "Up", restarts: "Restarts", cpu: "CPU", memory: "Memory", rate: "Requests" }
const NUMBERS = ["pid", "uptime", "restarts", "cpu", "memory", "rate"]

/**
 * @param {HTMLElement} element
 * @param {{run: import("models/run").RunModel, chart: {title: string}, lab: {actions?: ActionInfo[]}, acts?: boolean, projector?: boolean}} first
 */
export function mount(element, first) {
  let options = first
  let drawn = ""
  const actions = first.acts && !first.projector ? (first.lab.actions ?? []).filter((action) => action.row) : []
  const head = make("tr", {}, make("th", { scope: "col" }, "Process"),
    ...Object.entries(COLUMNS).map(([key, title]) => make("th", { scope: "col", class: NUMBERS.includes(key) ? "num" : null }, title)))
  const table = make("table", { class: "processes" }, make("thead", {}, head))
  const wrap = make("div", { class: "processes-wrap", tabindex: 0, role: "region", "aria-label": first.chart.title },
    table)
  element.append(wrap)
  /** @type {Map<string, Line>} */
  const lines = new Map()

  const update = () => {
    const { run } = options
    const now = `${run.version} ${run.state}`
    if (now === drawn) return
    drawn = now
    const live = !run.ended && !run.playhead
    const part = variants(run).flatMap(({ parts }) => shownPart(parts, { ended: false }) ?? []).at(-1)
    const rows = part?.processes.all ?? []
    const offered = live ? actions.filter((action) => holds(action.when, run.params)) : []
    for (const [id, line] of lines) if (!rows.some((row) => row.id === id)) lines.delete(id), line.body.remove()
    for (const [index, row] of rows.entries()) {
      let line = lines.get(row.id)
      if (!line) lines.set(row.id, line = newLine(row, actions))
      if (table.tBodies[index] !== line.body) table.insertBefore(line.body, table.tBodies[index] ?? null)
      fill(line, row, Math.max(100, ...rows.map(({ memory }) => memory ?? 0)), offered)
    }
    table.style.setProperty("--rows", String(1 + rows.length))
    wrap.classList.toggle("over", !live)
    element.dispatchEvent(new CustomEvent("painted", { detail: { seq: run.seq, cost: 0 } }))
  }
  return {
    update,
    set(/** @type {Partial<typeof first>} */ change) {
      options = { ...options, ...change }
      drawn = ""
      update()
    },
    destroy: () => wrap.remove(),
  }
}

/** @param {ProcessRow} row @param {ActionInfo[]} actions @returns {Line} */
function newLine(row, actions) {
  /** @type {Record<string, HTMLElement>} */
  const cells = {}
  /** @type {Record<string, HTMLElement>} */
  const meters = {}
  const columns = Object.entries(COLUMNS).map(([key, title]) => {
    const value = cells[key] = make("span", { class: key === "status" ? "status-word" : null })
    const meter = key === "cpu" || key === "memory" ? meters[key] = make("i", { class: "meter", "aria-hidden": "true" }) : null
    return make("td", { class: NUMBERS.includes(key) ? "num" : null, "data-title": title, "data-key": key }, value, meter)
  })
  const buttons = row.place === null ? [] : actions.map((action) => make("button", {
    type: "button", class: action.danger ? "button danger" : "button", title: action.help, "aria-label": `${action.label}: ${row.id}`,
    "data-action": action.id, onclick: (event) => /** @type {Element} */ (event.target).dispatchEvent(
      new CustomEvent("act", { bubbles: true, detail: { action: action.id, params: { [String(action.row)]: row.place } } })),
  }, action.label))
  const tools = buttons.length > 0 ? make("tr", { class: "row-tools" }, make("td", { colspan: 1 + columns.length }, make("div", {}, ...buttons))) : null
  const numbers = make("tr", {}, make("th", { scope: "row" }, row.id), ...columns)
  return { body: make("tbody", { "data-id": row.id }, numbers, tools), cells, meters }
}

/** @param {Line} line @param {ProcessRow} row @param {number} most MB, the end of the memory's scale @param {ActionInfo[]} offered */
function fill({ body: element, cells, meters }, row, most, offered) {
  const words = {
    pid: row.pid === null ? "–" : String(row.pid), status: row.status, uptime: row.uptime === null ? "–" : upWords(row.uptime), restarts: String(row.restarts),
    cpu: row.cpu === null ? "–" : `${Math.round(row.cpu)} %`, memory: row.memory === null ? "–" : `${row.memory.toFixed(1)} MB`, rate: row.rate === null ? "–" : `${row.rate.toFixed(1)}/s`,
  }
  for (const [key, word] of Object.entries(words)) {
    const cell = cells[key]
    if (cell) say(cell, word)
  }
  set(element, { "data-status": row.status.split(" ")[0] ?? "" })
  meters.cpu?.style.setProperty("--share", String(Math.min(1, (row.cpu ?? 0) / 100)))
  meters.memory?.style.setProperty("--share", String((row.memory ?? 0) / most))
  const tools = /** @type {HTMLElement | null} */ (element.querySelector(".row-tools"))
  if (tools) tools.hidden = offered.length === 0
  for (const button of element.querySelectorAll("button")) {
    button.hidden = !offered.some((action) => action.id === button.dataset.action)
    set(button, { "aria-disabled": row.pid === null ? "true" : null })
  }
}

/** "4.2 s", "3 min". @param {number} seconds */
function upWords(seconds) {
  return seconds < 100 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min`
}
