/** My runs of this lab: open one, or tick several and compare them. */

import { again } from "helpers/again"
import { myRuns } from "helpers/api"
import { Controller } from "helpers/controller"
import { byId, make, set } from "helpers/dom"
import { ago, paramWords } from "helpers/words"
import { comparison } from "models/pick"

/** @typedef {import("helpers/types").RunInfo} RunInfo */

/** @type {Record<string, string>} */
const STATES = { queued: "in the queue", running: "running", finished: "", failed: "failed", cancelled: "cancelled" }

/** One run in a list, with a box to tick. @param {RunInfo} run @param {import("helpers/types").Lab} lab @param {{here: boolean, ticked: boolean}} options */
export function runItem(run, lab, { here, ticked }) {
  const name = `Run ${run.number}`
  return make("li", { "data-state": run.state, class: here ? "here" : null },
    make("input", { type: "checkbox", value: run.id, "aria-label": `Compare ${name}`, checked: ticked, disabled: run.last === 0 }),
    make("span", {},
      make("a", { href: `/runs/${run.id}`, "aria-current": here ? "true" : null }, name),
      STATES[run.state] ? make("span", { class: "state" }, ` ${STATES[run.state]}`) : null,
      make("small", {}, paramWords(lab, run.params))),
    make("span", { class: "when" }, ago(run.created)))
}

/** Let a link compare the ticked runs. @param {Element} link @param {Element} list @param {string} none its words while too few are ticked */
export function offerComparison(link, list, none) {
  const ids = /** @type {HTMLInputElement[]} */ ([...list.querySelectorAll("input:checked")]).map((box) => box.value)
  const { address, words } = comparison(ids)
  set(link, { href: address, "aria-disabled": address === null ? "true" : null })
  link.textContent = words || none
}

export class HistoryPane extends Controller {
  #pane = byId("pane-runs")
  #list = make("ul", { class: "history", "aria-label": "My runs" })
  #go = make("a", { class: "button", role: "link" }, "Compare")
  #loaded = ""

  /** @param {import("controllers/run_session").RunSession} session @param {import("helpers/types").Lab} lab */
  constructor(session, lab) {
    super()
    this.session = session
    this.lab = lab
  }

  connect() {
    this.listen(this.#list, "change", () => this.#offer())
    this.listen(this.session, "change", () => this.update())
    this.update()
  }

  /** Load the list again when a run came or ended. */
  update() {
    const { run, phase, ended } = this.session
    const state = `${run?.id} ${ended ? phase : "going"}`
    if (this.#pane.hidden || state === this.#loaded) return
    this.#loaded = state
    this.#load()
  }

  async #load() {
    const runs = await myRuns({ lab: this.lab.slug, limit: 50 }).catch(() => null)
    if (!runs) return this.#pane.replaceChildren(again("Your runs could not be loaded. The server did not answer.", () => this.#load()))
    if (runs.length === 0) return this.#pane.replaceChildren(empty())
    const ticked = new Set([...this.#list.querySelectorAll("input:checked")].map((box) => /** @type {HTMLInputElement} */ (box).value))
    this.#list.replaceChildren(...runs.map((run) => runItem(run, this.lab, { here: run.id === this.session.run?.id, ticked: ticked.has(run.id) })))
    this.#pane.replaceChildren(make("div", { class: "history-bar" }, make("span", { class: "soft" }, "Tick two or more"), this.#go), this.#list)
    this.#offer()
  }

  #offer() {
    offerComparison(this.#go, this.#list, "Compare")
  }
}

function empty() {
  return make("div", { class: "pane-empty" }, make("strong", {}, "No runs yet"),
    make("p", {}, "Every run you make is kept here under its own address, to replay and to compare."))
}
