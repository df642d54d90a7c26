/** How far the axes of a line chart reach: in steps, and while a run goes on never back, so that nothing jitters. */

import { niceCeiling } from "models/scale"

/** @typedef {import("charts/line_series").Named} Named */

export class LineRange {
  #top = 0
  #seen = new Map()

  /**
   * The window in seconds: from zero until it is full, then the last of it; the whole run when it has ended.
   * @param {Named[]} series @param {{live: boolean, window: number}} options
   */
  time(series, { live, window }) {
    const end = Math.max(0, ...series.map(({ data }) => data.t.at(-1) ?? 0))
    if (!live) return { from: 0, to: end > 0 ? end : 1 }
    if (end <= window) return { from: 0, to: Math.min(window, niceCeiling(Math.max(1, end * 1.02))) }
    const step = window / 60
    const to = Math.ceil(end / step) * step
    return { from: to - window, to }
  }

  /**
   * From zero to a round number above every value so far. Only new values are looked at.
   * @param {Named[]} series @param {{live: boolean}} options
   * @returns {[number, number]}
   */
  values(series, { live }) {
    let most = live ? this.#top : 0
    for (const { data } of series) {
      const known = live ? this.#seen.get(data) ?? { count: 0, most: 0 } : { count: 0, most: 0 }
      const fresh = Math.min(data.length, data.count - known.count)
      for (let i = data.v.length - fresh; i < data.v.length; i += 1) known.most = Math.max(known.most, Number(data.v[i]))
      known.count = data.count
      this.#seen.set(data, known)
      most = Math.max(most, known.most)
    }
    this.#top = niceCeiling(most || 1)
    return [0, this.#top]
  }
}
