/** The head of the stage: which run this is, how far its numbers can be trusted, and what one can do with it. */

import { Controller } from "helpers/controller"
import { byId, button, make, say, set } from "helpers/dom"
import { icon } from "helpers/icons"
import { Menu } from "helpers/menu"
import { capital } from "helpers/words"
import { variants } from "models/choose"

/** @typedef {import("controllers/run_session").RunSession} RunSession */

/** Longer words than these do not fit a badge: the reason then stands below it. */
const SHORT = 44

const DOWNLOADS = [
  ["export.json", "JSON", "Everything: events, results, findings, machine"],
  ["export.csv", "CSV", "One row a span, for a spreadsheet"],
  ["export.trace.json", "Chrome trace", "Opens in Perfetto, with the same lanes"],
]

export class StageHead extends Controller {
  #actions = byId("stage-actions")
  #replay
  #menu = new Menu("Export")
  #picker = make("label", { class: "picker", hidden: true }, "Repeat ", make("select", {}))
  #offered = ""

  /** @param {RunSession} session @param {import("controllers/stage").Stage} stage @param {() => void} replay */
  constructor(session, stage, replay) {
    super()
    this.session = session
    this.stage = stage
    this.#replay = button("Replay", replay, { id: "replay" })
  }

  connect() {
    this.#actions.replaceChildren(this.#replay, this.#menu.element)
    this.#menu.connect(this.signal)
    const select = this.#select
    this.listen(select, "change", () => this.stage.showRepeat(select.value === "" ? null : Number(select.value)))
    this.listen(this.stage.events, "repeat", () => { select.value = this.stage.repeat === null ? "" : String(this.stage.repeat) })
    this.listen(this.stage.events, "mount", () => this.stage.timeline?.head.append(this.#picker))
    this.listen(this.session, "run", () => this.#links())
    this.listen(this.session, "change", () => this.update())
    this.#links()
    this.update()
  }

  get #select() {
    return /** @type {HTMLSelectElement} */ (this.#picker.querySelector("select"))
  }

  update() {
    const { ended, phase, model, run } = this.session
    this.#actions.hidden = !ended || model.parts.size === 0
    this.#trust(model.trust ?? run?.trust ?? null)
    if (run) say(byId("run-title"), `Run ${run.number}`)
    this.#repeats(phase === "finished" || ended)
  }

  /** @param {import("models/event").RunEvent | {level: string, text: string} | null} trust */
  #trust(trust) {
    const badge = byId("trust")
    badge.hidden = !trust
    byId("trust-why").hidden = !trust || String(trust.text).length <= SHORT
    const text = String(trust?.text ?? "")
    if (!trust || badge.dataset.text === text) return
    badge.dataset.text = text
    badge.dataset.level = String(trust.level)
    const [word = "", why = ""] = text.length > SHORT ? text.split(/:\s*(.*)/s) : [text]
    badge.replaceChildren(icon(trust.level === "steady" ? "steady" : "noisy"), word)
    say(byId("trust-why"), why && `${capital(why)}${/[.!?]$/.test(why) ? "" : "."}`)
  }

  /** @param {boolean} ended */
  #repeats(ended) {
    const groups = variants(this.session.model).map(({ parts }) => parts)
    const longest = groups.sort((a, b) => b.length - a.length)[0] ?? []
    const repeats = [...new Set(longest.map((part) => part.repeat))]
    this.#picker.hidden = !ended || repeats.length < 2 || !this.stage.timeline || this.session.replayed !== null
    const offered = `${this.session.run?.id} ${repeats}`
    if (offered === this.#offered) return
    this.#offered = offered
    const cold = new Set(longest.filter((part) => part.cold).map((part) => part.repeat))
    this.#select.replaceChildren(make("option", { value: "" }, "the median one"),
      ...repeats.map((repeat) => make("option", { value: repeat }, `${repeat}${cold.has(repeat) ? " (cold)" : ""}`)))
  }

  #links() {
    const id = this.session.run?.id
    for (const [name, address] of [["compare-link", `/compare?runs=${id}`], ["projector-link", `/runs/${id}/projector`]]) {
      const link = document.getElementById(name ?? "")
      if (link) set(link, { href: address, hidden: !id })
    }
    if (!id) return
    this.#menu.fill([
      ...DOWNLOADS.map(([file, name, text]) => ({ href: `/api/runs/${id}/${file}`, name: name ?? "", text, download: true })),
      null,
      { href: `/runs/${id}/projector`, name: "Projector view", text: "The chart alone, for a hall" },
      { href: `/compare?runs=${id}`, name: "Compare with another run", text: "" },
    ])
  }
}
