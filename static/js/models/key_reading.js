/** How far the reading of all keys has come, what it found again, and what of its pages is older than what was heard. */

export class KeyReading {
  /** keys that SCAN has looked at */
  looked = 0
  done = false
  /** how far it must come to see again what was seen before */
  goal = 0
  #found = /** @type {Set<string> | null} what was found again; null: nothing was there before */ (null)
  #rows = 0
  #heard = /** @type {Set<string> | null} told since the page under way was asked for */ (null)

  restart() {
    this.goal = Math.max(this.goal, this.done ? Infinity : this.looked)
    this.#found = new Set()
    this.looked = this.#rows = 0
    this.done = false
  }

  /** A page is asked for: what is heard from now on may be newer than its rows. */
  ask() {
    this.#heard = new Set()
  }

  /** @param {{rows: unknown[], cursor: string, looked: number, total: number}} page */
  came(page) {
    this.#heard = null
    this.#rows += page.rows.length
    this.done = page.cursor === "0"
    this.looked = this.done ? page.total : Math.min(page.total, Math.max(this.looked + page.looked, this.#rows))
  }

  /** No page is to come; whether it `ended` by itself. @param {boolean} ended @returns {Set<string> | null} what was found again, if that is to be believed */
  end(ended) {
    const found = ended ? this.#found : null
    if (ended) this.goal = 0
    this.#found = this.#heard = null
    return found
  }

  /** It is there. @param {string} id */
  find(id) {
    this.#found?.add(id)
  }

  /** The server told how it is, or that it ended. @param {string} id */
  hear(id) {
    this.#heard?.add(id)
  }

  /** Whether the page under way may be older than what was heard of this key. @param {string} id */
  isOlder(id) {
    return this.#heard?.has(id) ?? false
  }
}
