/** Which key is spoken of, and which of its chains: chart, list and tables of a run follow one another here. */

export class KeyChoice extends EventTarget {
  /** @type {string | null} its name */
  key = null
  /** @type {string | null} the id of a chain of that key */
  chain = null

  /** Says "choose", unless that is what was chosen. @param {string} key @param {string | null} [chain] */
  choose(key, chain = null) {
    if (key === this.key && chain === this.chain) return
    this.key = key
    this.chain = chain
    this.dispatchEvent(new Event("choose"))
  }
}
