/** Tells the server which keys are in view: those expire on time, and what is not known of them is answered. */

const MOST = 200
const SOON = 120
const ACK = 8000

/** @typedef {{rows: import("models/keys").KeyFacts[], now: number}} Facts */

export class KeysInView {
  /** whether the reclaiming of expired keys is left to the server */
  natural = false
  /** @type {string[]} */
  #ids = []
  /** @type {number | undefined} */
  #timer

  /** @param {import("socket.io-client").Socket} socket @param {(facts: Facts) => void} answered */
  constructor(socket, answered) {
    this.socket = socket
    this.answered = answered
  }

  /** These are in view from now on. @param {string[]} ids */
  see(ids) {
    if (ids.join() === this.#ids.join()) return
    this.#ids = ids.slice(0, MOST)
    this.tellSoon()
  }

  /** Not at once: whoever scrolls sees many for a moment. */
  tellSoon() {
    clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => this.#tell(), SOON)
  }

  stop() {
    clearTimeout(this.#timer)
  }

  #tell() {
    if (!this.socket.connected) return
    const wish = { ids: this.#ids, natural: this.natural }
    this.socket.timeout(ACK).emit("keys.see", wish, (/** @type {unknown} */ error, /** @type {any} */ answer) => {
      if (!error && answer?.ok) this.answered(answer)
    })
  }
}
