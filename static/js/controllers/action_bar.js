/** What the learner can do to the run while it runs: a button for each action that the lab declares, and what came of it. */

import { announce } from "helpers/announce"
import { ApiError, actOn } from "helpers/api"
import { Controller } from "helpers/controller"
import { byId, make, set } from "helpers/dom"
import { holds } from "helpers/words"

/** @typedef {import("helpers/types").ActionInfo} ActionInfo */

const MOST_CHOICES = 32

export class ActionBar extends Controller {
  #place = byId("actions")
  #list = make("div", { class: "act-buttons" })
  #said = make("p", { class: "act-said", role: "status" })
  #run = ""
  #error = ""

  /**
   * @param {import("controllers/run_session").RunSession} session
   * @param {import("helpers/types").Lab} lab
   */
  constructor(session, lab) {
    super()
    this.session = session
    this.lab = lab
  }

  connect() {
    if (this.lab.actions.length === 0) return
    this.#place.append(this.#list, this.#said)
    this.listen(this.session, "change", () => this.update())
    this.listen(this.#place, "submit", (/** @type {SubmitEvent} */ event) => {
      event.preventDefault()
      const form = /** @type {HTMLFormElement} */ (event.target)
      this.act(form.dataset.action ?? "", Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, typed(form, name, String(value))])))
    })
    this.listen(byId("stage"), "act", (/** @type {CustomEvent<{action: string, params: Record<string, unknown>}>} */ { detail }) => {
      this.act(detail.action, detail.params)
    })
    this.update()
  }

  /** The actions that this run offers now. @returns {ActionInfo[]} */
  get offered() {
    const { run, phase, replayed } = this.session
    if (!run?.mine || phase !== "running" || replayed) return []
    return this.lab.actions.filter((action) => holds(action.when, run.params))
  }

  /** @param {string} action @param {Record<string, unknown>} params */
  async act(action, params) {
    const { run } = this.session
    if (!run) return
    this.#error = ""
    try {
      const { words } = await actOn(run.id, action, params)
      announce(`Sent: ${words}`)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.#error = [error.message, ...error.errors.map((one) => `${one.field.replace(/^params\./, "")} ${one.message}.`)].join(" ")
      announce(this.#error)
    }
    this.update()
  }

  update() {
    const { run, phase, replayed } = this.session
    const watching = Boolean(run) && !run?.mine && phase === "running" && !replayed
    this.#hide(this.offered.length === 0 && !watching)
    const key = `${run?.id} ${this.offered.map((action) => action.id)}`
    if (key !== this.#run) {
      this.#run = key
      this.#error = ""
      this.#list.replaceChildren(...this.offered.filter((action) => !action.row).map(form))
    }
    const said = this.#error || (watching ? "Only the learner who started this run can act on it." : this.#last())
    set(this.#said, { "data-error": this.#error !== "" })
    if (this.#said.textContent !== said) this.#said.textContent = said
  }

  /** Who pressed the last button with the keyboard goes on at the head of the run. @param {boolean} hidden */
  #hide(hidden) {
    const held = hidden && this.#place.contains(document.activeElement)
    this.#place.hidden = hidden
    if (held) byId("run-title").focus()
  }

  /** What was done last, and when: the run's own words, the same in every tab. */
  #last() {
    const { shown } = this.session
    const last = shown.own.acts.items.at(-1)
    if (!last) return this.#list.childElementCount === 1 ? this.offered.find((action) => !action.row)?.help ?? "" : ""
    if (last.state === "missed") return `${last.label}: not done, ${last.reason}.`
    const marks = [...shown.parts.values()].flatMap((part) => part.marks.items)
    const done = marks.findLast((mark) => mark.n === last.n)
    return done ? `At ${done.t.toFixed(1)} s: ${done.text}` : `Sent: ${last.label}…`
  }
}

/** @param {ActionInfo} action */
function form(action) {
  const inputs = Object.entries(action.inputs).map(([name, rule]) => make("label", { class: "act-input" }, rule.title ?? name, input(name, rule)))
  return make("form", { class: "act", "data-action": action.id },
    make("button", { type: "submit", class: action.danger ? "button danger" : "button", title: action.help }, action.label), ...inputs)
}

/** @param {string} name @param {import("helpers/types").Rule} rule */
function input(name, rule) {
  const { minimum: low = 0, maximum: high = 0 } = rule
  const few = rule.enum ?? (rule.type === "integer" && high - low < MOST_CHOICES ? Array.from({ length: high - low + 1 }, (_, i) => low + i) : null)
  if (!few) return make("input", { name, "data-type": rule.type, type: rule.type === "integer" ? "number" : "text", class: "number", min: rule.minimum, max: rule.maximum, value: String(rule.default ?? low), required: true })
  return make("select", { name, "data-type": rule.type }, ...few.map((value) => make("option", { value, selected: value === rule.default }, rule.labels?.[String(value)] ?? String(value))))
}

/** A number where the action wants one. @param {HTMLFormElement} form @param {string} name @param {string} value */
function typed(form, name, value) {
  const element = /** @type {HTMLElement | null} */ (form.elements.namedItem(name))
  return element?.dataset.type === "integer" ? Number(value) : value
}
