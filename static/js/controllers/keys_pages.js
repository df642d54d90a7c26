/** Pages of keys over HTTP, one after the other until there are enough. Whoever begins anew ends what was under way. */

import { call } from "helpers/api"

/** Rows after which a list waits to be asked for more. */
const ENOUGH = 1000
/** Rows that are read at most without being asked for, however far the list had come before. */
const MOST = 16_000

export class KeysPages {
  #cursor = "0"
  /** @type {AbortController | null} */
  #scan = null

  get scanning() {
    return this.#scan !== null
  }

  /** Stop looking for more. */
  cancel() {
    this.#scan?.abort()
  }

  /**
   * From the start, or from where it stopped.
   * @param {import("models/keys").Keys} keys takes the pages
   * @param {string} filter
   * @param {boolean} anew
   * @param {() => void} begins called when the scan begins
   * @param {() => void} comes called after each page
   * @returns {Promise<string | null>} why it failed; "" when it did not, null when it was stopped
   */
  async read(keys, filter, anew, begins, comes) {
    this.cancel()
    const mine = (this.#scan = new AbortController())
    if (anew) {
      keys.restart()
      this.#cursor = "0"
    }
    let found = 0
    begins()
    try {
      do {
        const query = new URLSearchParams({ cursor: this.#cursor, filter })
        keys.reading.ask()
        const page = await call(`/api/keys?${query}`, { signal: mine.signal })
        mine.signal.throwIfAborted()
        keys.addPage(page, Date.now())
        this.#cursor = page.cursor
        found += page.rows.length
        comes()
      } while (!keys.reading.done && (found < ENOUGH || keys.reading.looked < keys.reading.goal) && found < MOST)
      keys.end(true)
      return ""
    } catch (error) {
      if (this.#scan === mine) keys.end(mine.signal.aborted) // not where somebody else has begun anew
      if (mine.signal.aborted) return null
      return error instanceof Error ? error.message : String(error)
    } finally {
      if (this.#scan === mine) this.#scan = null
    }
  }
}
