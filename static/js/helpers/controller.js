/** A piece of the page: it connects, listens, and disconnects without leaving anything behind. */

export class Controller {
  #abort = new AbortController()

  /** @template {Event} E @param {EventTarget} target @param {string} type @param {(event: E) => void} handler @param {AddEventListenerOptions} [options] */
  listen(target, type, handler, options = {}) {
    target.addEventListener(type, /** @type {EventListener} */ (handler), { ...options, signal: this.#abort.signal })
  }

  connect() {}

  /** Aborted when this disconnects: for fetches and for whatever takes a signal. */
  get signal() {
    return this.#abort.signal
  }

  disconnect() {
    this.#abort.abort()
    this.#abort = new AbortController()
  }
}
