/** Beside a key's value: what the run counted for it, whose it is, and the queries it stands for. */

import { Controller } from "helpers/controller"
import { make, say } from "helpers/dom"
import { countWords, queryList } from "helpers/key_counts"

export class KeyAbout extends Controller {
  #facts = make("p", { class: "value-facts" })
  #queries = make("div", {})
  element = make("section", { class: "key-about", "aria-label": "What the run counted for this key", hidden: true }, this.#facts, this.#queries)
  /** @type {string | null} */
  #name = null
  #drawn = ""

  /** @param {import("controllers/run_session").RunSession} session */
  constructor(session) {
    super()
    this.session = session
  }

  connect() {
    this.listen(this.session, "change", () => this.#update())
  }

  /** @param {string} name of a key */
  show(name) {
    this.#name = name
    this.#drawn = ""
    this.#update()
  }

  #update() {
    const { run, shown } = this.session
    const count = this.#name === null ? undefined : shown.counts.keys.get(this.#name)
    this.element.hidden = !count || !run
    if (!count || !run) return
    const said = [`In run ${run.number}`, count.owner ? `owner ${count.owner}` : "", countWords(count.sums)].filter(Boolean).join(" · ")
    const drawn = `${said} ${[...count.queries.values()].map((sums) => Object.values(sums).join()).join(";")}`
    if (drawn === this.#drawn) return
    this.#drawn = drawn
    say(this.#facts, said)
    this.#queries.replaceChildren(...(count.queries.size > 0 ? [queryList(count)] : []))
  }
}
