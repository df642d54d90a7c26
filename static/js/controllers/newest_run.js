/** Puts the newest run that touches Redis on a session: the one that runs now, or was last. Looks again every few seconds. */

import { call } from "helpers/api"
import { Controller } from "helpers/controller"

const EVERY = 3000
const LOOKED_AT = 10

export class NewestRun extends Controller {
  /** @type {number | undefined} */
  #timer

  /** @param {import("controllers/run_session").RunSession} session @param {string[]} labs slugs of the labs that touch keys */
  constructor(session, labs) {
    super()
    this.session = session
    this.labs = labs
  }

  connect() {
    void this.#look()
  }

  disconnect() {
    clearTimeout(this.#timer)
    super.disconnect()
    this.session.close()
  }

  async #look() {
    const signal = this.signal
    if (!document.hidden) await this.#newest().catch(() => {}) // the next look may do better
    if (!signal.aborted) this.#timer = window.setTimeout(() => void this.#look(), EVERY)
  }

  async #newest() {
    /** @type {{runs: import("helpers/types").RunInfo[]}} */
    const { runs } = await call(`/api/runs?limit=${LOOKED_AT}`, { signal: this.signal })
    const mine = runs.filter((run) => this.labs.includes(run.lab))
    const found = mine.find((run) => run.state === "running") ?? mine[0]
    if (found && found.id !== this.session.run?.id) this.session.open(found)
  }
}
