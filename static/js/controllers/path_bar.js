/** The learner's place on the lesson path: what is done here and what is left. The server knows; this asks it again. */

import { call } from "helpers/api"
import { Controller } from "helpers/controller"

/** @typedef {{slug: string, title: string, words: string, done: string[], left: string[]}} Stop */

/** The last event of a run comes a moment before the run is kept as finished: ask again, this often, after so many ms. */
const [MOST_ASKED, KEPT_SOON] = [20, 300]

export class PathBar extends Controller {
  #place = document.getElementById("path")
  #told = ""
  #asked = 0
  #patience = 0

  /** @param {import("controllers/run_session").RunSession} session @param {import("helpers/types").Lab} lab */
  constructor(session, lab) {
    super()
    this.session = session
    this.lab = lab
  }

  connect() {
    this.listen(this.session, "change", () => this.#follow())
    this.listen(document, "visibilitychange", () => void (document.hidden || this.ask()))
    this.#follow()
  }

  /** Ask only after an act: a run was asked for, it ended, its question was answered. */
  #follow() {
    const { run, phase } = this.session
    const now = run ? `${run.id} ${phase} ${run.answer}` : ""
    if (now === this.#told) return
    this.#told = now
    this.#patience = MOST_ASKED
    this.ask()
  }

  /** Another tab may have done something, so it asks when it is looked at again, too. */
  async ask() {
    const turn = (this.#asked += 1)
    const told = await call("/api/progress", { signal: this.signal }).catch(() => null)
    if (!told?.known || turn !== this.#asked) return // what stands there was true when it was read
    const stops = /** @type {Stop[]} */ (told.sections.flatMap((/** @type {{labs: Stop[]}} */ one) => one.labs))
    const stop = stops.find((one) => one.slug === this.lab.slug)
    if (stop) this.#show(stop)
    const late = this.session.phase === "finished" && this.session.run?.mine && stop?.left.includes("ran")
    if (late && (this.#patience -= 1) > 0) setTimeout(() => this.ask(), KEPT_SOON)
  }

  /** @param {Stop} stop */
  #show(stop) {
    for (const item of this.#place?.querySelectorAll("[data-step]") ?? []) {
      const done = stop.done.includes(item.getAttribute("data-step") ?? "")
      item.setAttribute("data-progress", done ? "done" : "new")
      item.querySelector(".yes")?.toggleAttribute("hidden", !done)
      item.querySelector(".no")?.toggleAttribute("hidden", done)
    }
  }
}
