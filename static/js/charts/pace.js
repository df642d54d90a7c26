/**
 * When to draw: at most once a frame, and never more than about a quarter of the time, so that the page stays quick
 * however expensive a drawing is. Nothing is drawn while nobody can see it.
 *
 * @typedef {object} Clock  what a test replaces
 * @property {() => number} now  milliseconds
 * @property {(action: () => void) => void} frame
 * @property {(action: () => void, milliseconds: number) => void} later
 * @property {() => boolean} hidden
 */

/** Time off after a drawing, as a multiple of what drawings cost lately. */
const REST = 3
/** So many of the last drawings say what one costs: the cheapest of them, for the others were held up by something else. */
const LATELY = 3
/** A frame, in milliseconds: shorter waits are left to the frame itself. */
const FRAME = 16

/** @type {Clock} */
const browser = {
  now: () => performance.now(),
  frame: (action) => void requestAnimationFrame(action),
  later: (action, milliseconds) => void setTimeout(action, milliseconds),
  hidden: () => document.hidden,
}

export class Pace {
  #wanted = false
  #busy = false
  #stopped = false
  #next = 0
  #first = true
  /** @type {number[]} */
  #costs = []
  #draw
  #painted
  #clock

  /**
   * @param {() => boolean | Promise<boolean>} draw says whether it drew anything
   * @param {(cost: number) => void} painted called in the frame after a drawing, with its cost in milliseconds
   * @param {Clock} [clock]
   */
  constructor(draw, painted, clock = browser) {
    this.#draw = draw
    this.#painted = painted
    this.#clock = clock
  }

  /** Draw soon. However often it is asked, it draws once. */
  ask() {
    this.#wanted = true
    this.#plan()
  }

  /** The page can be seen again. */
  wake() {
    this.#plan()
  }

  stop() {
    this.#stopped = true
  }

  #plan() {
    if (!this.#wanted || this.#busy || this.#stopped || this.#clock.hidden()) return
    this.#busy = true
    const wait = this.#next - this.#clock.now()
    const go = () => this.#clock.frame(() => void this.#run())
    if (wait > FRAME) this.#clock.later(go, wait - FRAME)
    else go()
  }

  async #run() {
    if (this.#stopped) return
    this.#wanted = false
    const begun = this.#clock.now()
    try {
      if (!(await this.#draw())) return
      const cost = this.#clock.now() - begun
      if (!this.#first) this.#costs = [...this.#costs, cost].slice(-LATELY)
      this.#first = false
      this.#next = begun + cost + REST * Math.min(cost, ...this.#costs)
      this.#clock.frame(() => this.#stopped || this.#painted(cost))
    } finally {
      this.#busy = false
      this.#plan()
    }
  }
}
