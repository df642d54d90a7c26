/** Tells the server which keys are in view: those expire on time, and what is not known of them is answered. */

const MOST = 200
const SOON = 120
const ACK = 8000
/** Characters of all ids of one message: the server cuts off whoever sends more than 64 kB. */
const MOST_CHARACTERS = 48_000

/** @typedef {{rows: import("models/keys").KeyFacts[], now: number}} Facts */

export class KeysInView {
  /** whether the reclaiming of expired keys is left to the server */
  natural = false
  /** @type {string[]} */
  #ids = []
  /** @type {number | undefined} */
  #timer

  /**
   * @param {import("socket.io-client").Socket} socket
   * @param {(id: string) => boolean} isOver whether the key's time is over
   * @param {(facts: Facts, asked: string[]) => void} answered
   */
  constructor(socket, isOver, answered) {
    this.socket = socket
    this.isOver = isOver
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
    // Whoever asks the server about a key whose time is over makes it reclaim that key.
    const ids = fitting(this.natural ? this.#ids.filter((id) => !this.isOver(id)) : this.#ids)
    const wish = { ids, natural: this.natural }
    this.socket.timeout(ACK).emit("keys.see", wish, (/** @type {unknown} */ error, /** @type {any} */ answer) => {
      if (!error && answer?.ok) this.answered(answer, ids)
    })
  }
}

/** Those that fit into one message. Of keys with enormous names the others are not watched: the server reclaims them late. @param {string[]} ids */
export function fitting(ids) {
  let left = MOST_CHARACTERS
  return ids.filter((id) => {
    if (id.length + 3 > left) return false // quotes and a comma
    left -= id.length + 3
    return true
  })
}
