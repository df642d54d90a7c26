/**
 * What follows from a write: the key is deleted, the next read misses, somebody fills it again. Told from the steps that the
 * cache itself took in a part, and from its spans.
 *
 * @typedef {object} Chain
 * @property {string} id
 * @property {string} key
 * @property {"write" | "clear" | "expiry"} cause  clear: nobody wrote; expiry: it was filled, nobody cleared it, and it was gone
 * @property {number | null} write   seconds: when the write began
 * @property {number | null} gone    when it was deleted; null where nobody deleted it
 * @property {number | null} miss
 * @property {number | null} fill
 * @property {number | null} again  when it was deleted once more, before anybody had filled it: the next chain goes on from there
 * @property {number} misses   before the fill
 * @property {number} refused  answers that were read before the write and came after it: thrown away
 * @property {string} query    the end of the name of what was missed first
 */

/** @typedef {import("models/key_steps").Step} Step */

/** @param {import("models/part").Part} part @returns {Chain[]} by time */
export function chainsOf(part) {
  const writes = [...part.spans.values()].filter((span) => span.name === "write")
  /** @type {Map<string, Life>} */
  const lives = new Map()
  for (const step of [...part.steps.items].sort((a, b) => a.t - b.t)) {
    const life = lives.get(step.key) ?? new Life(step.key)
    lives.set(step.key, life)
    life.take(step, step.what === "clear" ? writeAt(writes, step.t) : null)
  }
  const all = [...lives.values()].flatMap((life) => life.chains).filter((chain) => chain.miss !== null || chain.write !== null)
  return all.sort((a, b) => reachOf(a).from - reachOf(b).from).map((chain, index) => ({ ...chain, id: `${part.id} ${index + 1}` }))
}

/** When the write began in which this moment lies. @param {import("models/span").Span[]} writes @param {number} t */
function writeAt(writes, t) {
  return writes.find(({ begin, end }) => begin !== null && begin <= t && (end === null || t <= end))?.begin ?? null
}

/** One key: what it holds, and the chain that is not at its end. */
class Life {
  /** @type {Chain[]} */
  chains = []
  /** @type {Chain | null} */
  #open = null
  #held = /** @type {Set<string>} */ (new Set())
  /** What was missed since it was last deleted. A fill of anything else came before that, and was only told after it. */
  #asked = /** @type {Set<string>} */ (new Set())

  /** @param {string} key */
  constructor(key) {
    this.key = key
  }

  /** @param {Step} step @param {number | null} write */
  take({ t, what, query }, write) {
    if (what === "clear") this.#cleared(t, write)
    else if (what === "miss") this.#missed(t, query)
    else if (what === "stale-refused" && this.#open) this.#open.refused += 1
    else if (what === "fill") this.#filled(t, query)
  }

  /** @param {number} t @param {number | null} write */
  #cleared(t, write) {
    this.#held.clear()
    this.#asked.clear()
    if (this.#open) this.#open.again = t
    this.#begin({ cause: write === null ? "clear" : "write", write, gone: t })
  }

  /** @param {number} t @param {string} query */
  #missed(t, query) {
    this.#asked.add(query)
    if (this.#held.delete(query)) this.#begin({ cause: "expiry" })
    const open = this.#open
    if (!open) return
    if (open.miss === null) Object.assign(open, { miss: t, query })
    if (open.query === query) open.misses += 1
  }

  /** @param {number} t @param {string} query */
  #filled(t, query) {
    if (this.#asked.delete(query)) this.#held.add(query)
    if (this.#open?.query !== query || this.#open.miss === null) return
    this.#open.fill = t
    this.#open = null
  }

  /** @param {Partial<Chain>} how */
  #begin(how) {
    this.#open = { id: "", key: this.key, cause: "clear", write: null, gone: null, miss: null, fill: null, again: null, misses: 0, refused: 0, query: "", ...how }
    this.chains.push(this.#open)
  }
}

/** Nobody has ended it: no refill, no other clear. @param {Chain} chain */
export function isOpen({ fill, again }) {
  return fill === null && again === null
}

/** When it begins and when it ends, in seconds. @param {Chain} chain */
export function reachOf(chain) {
  const times = [chain.write, chain.gone, chain.miss, chain.fill, chain.again].filter((t) => t !== null)
  return { from: Math.min(...times), to: Math.max(...times) }
}

/** Its stops with the milliseconds since it began. @param {Chain} chain */
export function stopsOf(chain) {
  const { from } = reachOf(chain)
  const names = { write: "write", gone: "key deleted", miss: chain.cause === "expiry" ? "miss: it had expired" : "miss", fill: "refill", again: "deleted again" }
  return /** @type {("write" | "gone" | "miss" | "fill" | "again")[]} */ (["write", "gone", "miss", "fill", "again"]).flatMap((what) => {
    const t = chain[what]
    return t === null ? [] : [{ what, t, after: 1000 * (t - from), name: names[what] }]
  })
}
