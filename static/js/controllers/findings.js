/** What the run shows, computed from its spans: findings with verdicts, the question, and what to change next. */

import { Controller } from "helpers/controller"
import { byId, button, make } from "helpers/dom"
import { icon } from "helpers/icons"
import { citesByPart, idWords, paramWords } from "helpers/words"

/** @typedef {import("helpers/types").Cite} Cite */
/** @typedef {import("models/event").RunEvent} RunEvent */
/** @typedef {import("controllers/run_session").RunSession} RunSession */

/** @type {Record<string, string>} */
const VERDICTS = { yes: "The spans say so", no: "Unexpected, and the spans say so", "cannot-tell": "Cannot tell from this run" }

/**
 * Buttons that select the spans which prove something.
 * @param {unknown} cites @param {(part: string, ids: string[]) => void} select
 * @param {Map<string, {label: string, repeat: number}>} parts of the run
 */
export function citeButtons(cites, select, parts) {
  const groups = citesByPart(Array.isArray(cites) ? /** @type {Cite[]} */ (cites) : [])
  if (groups.length === 0) return null
  const { several, label } = partLabels(parts, groups.map(({ part }) => part))
  return make("div", { class: "cites" }, ...groups.slice(0, 4).map(({ part, ids }) => make("button", {
    type: "button", class: "text-button", onclick: () => select(part, ids),
  }, `${ids.length > 1 ? "Spans" : "Span"} ${idWords(ids)}${several ? `, ${label(part)}` : ""}`)))
}

/**
 * What tells the parts of a run apart in words: their labels ("gunicorn, 4 workers"), and the repeat where labels are the same.
 * @param {Map<string, {label: string, repeat: number}>} parts of the run @param {string[]} cited ids that stand side by side
 * @returns {{several: boolean, label: (part: string) => string}}
 */
export function partLabels(parts, cited) {
  const plain = (/** @type {string} */ id) => parts.get(id)?.label ?? id
  const shared = (/** @type {string} */ id) => cited.some((other) => other !== id && plain(other) === plain(id))
  return {
    several: new Set([...parts.values()].map(({ label }) => label)).size > 1 || cited.some(shared),
    label: (id) => (shared(id) && parts.has(id) ? `${plain(id)}, repeat ${parts.get(id)?.repeat}` : plain(id)),
  }
}

export class Findings extends Controller {
  #drawn = ""

  /**
   * @param {RunSession} session
   * @param {import("controllers/stage").Stage} stage
   * @param {import("helpers/types").Lab} lab
   * @param {(params: Record<string, unknown>) => void} change sets parameters
   */
  constructor(session, stage, lab, change) {
    super()
    this.session = session
    this.stage = stage
    this.lab = lab
    this.change = change
  }

  connect() {
    this.listen(this.session, "run", () => { this.#drawn = "" })
    this.listen(this.session, "change", () => this.update())
    this.update()
  }

  update() {
    const { model, run, ended } = this.session
    const drawn = `${run?.id} ${model.findings.length} ${ended}`
    if (drawn === this.#drawn) return
    this.#drawn = drawn
    const place = byId("findings")
    place.hidden = model.findings.length === 0
    place.replaceChildren(...model.findings.map((finding) => this.#card(finding)))
    this.#changes(ended)
  }

  /** @param {RunEvent} finding */
  #card(finding) {
    const verdict = String(finding.verdict ?? "")
    const headline = String(finding.headline ?? "")
    return make("article", { class: "finding" },
      make("h3", { class: headline.length > 16 || verdict === "cannot-tell" ? "long" : null }, headline),
      make("p", {}, String(finding.text ?? "")),
      make("p", { class: "verdict", "data-verdict": verdict }, icon(verdict), VERDICTS[verdict] ?? verdict),
      citeButtons(finding.cites, (part, ids) => this.stage.cite(part, ids), this.session.model.parts))
  }

  /** @param {boolean} ended */
  #changes(ended) {
    const run = this.session.run
    const offers = ended && run ? this.lab.changes.filter((one) => !same(one.params, run.params)) : []
    const place = byId("changes")
    place.hidden = offers.length === 0
    place.replaceChildren("Now change one thing:", ...offers.map(({ label, params }) =>
      button(label, () => this.change(params), { title: paramWords(this.lab, params) })))
  }
}

/** @param {Record<string, unknown>} wanted @param {Record<string, unknown>} now */
function same(wanted, now) {
  return Object.entries(wanted).every(([name, value]) => JSON.stringify(value) === JSON.stringify(now[name]))
}
