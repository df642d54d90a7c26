/** News of keys that wait while the list is paused: bounded, with when they came. */

/** @typedef {import("models/keys").KeyNews} KeyNews @typedef {{news: KeyNews, here: number}} Held */

const MOST = 600
/** Changed keys in all of them. */
const MOST_CHANGES = 50_000

export class HeldNews {
  #all = /** @type {Held[]} */ ([])
  #changes = 0
  #missed = false

  get count() {
    return this.#all.length
  }

  /** @param {KeyNews} news @param {number} here our clock */
  add(news, here) {
    this.#all.push({ news, here })
    this.#changes += news.changed.length
    while (this.#all.length > MOST || this.#changes > MOST_CHANGES) {
      this.#changes -= this.#all.shift()?.news.changed.length ?? 0
      this.#missed = true
    }
  }

  /** There was a gap: what is held is of no use any more. */
  miss() {
    this.take()
    this.#missed = true
  }

  /** All of them, oldest first, and whether some were missed; nothing waits then. @returns {{all: Held[], missed: boolean}} */
  take() {
    const taken = { all: this.#all, missed: this.#missed }
    this.#all = []
    this.#changes = 0
    this.#missed = false
    return taken
  }
}
