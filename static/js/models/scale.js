/**
 * The axis in words that mean something: "in single hashes" once the time of one hash is known, seconds until then.
 *
 * @typedef {object} Scale
 * @property {boolean} inUnits
 * @property {string} title      for the axis: "in single hashes" or "seconds"
 * @property {(seconds: number) => number} shown  seconds to what the axis counts
 * @property {(value: number) => number} seconds  and back
 * @property {(value: number) => string} label    "2.95", a value of the axis, short
 * @property {(seconds: number) => string} say    "1.86 hashes (0.47 s)"
 */

/**
 * @param {number | null} unit seconds of one unit of work; null while unknown
 * @param {string} [name] what a unit is called, in the plural: "hashes"; "s" for plain seconds
 * @returns {Scale}
 */
export function unitScale(unit, name = "s") {
  const inUnits = unit !== null && unit > 0 && name !== "s"
  const size = inUnits ? unit : 1
  return {
    inUnits,
    title: inUnits ? `in single ${name}` : "seconds",
    shown: (seconds) => seconds / size,
    seconds: (value) => value * size,
    label: (value) => decimals(value),
    say: (seconds) => inUnits ? `${decimals(seconds / size)} ${name} (${decimals(seconds)} s)` : `${decimals(seconds)} s`,
  }
}

/**
 * What an axis of values counts, in words. Values of a named result are in its unit; all others in times of one unit of work.
 * @param {string} unit @param {string | null} [result] the name of the result
 */
export function axisWords(unit, result = null) {
  return { s: "seconds", "%": "percent" }[unit] ?? (result ? unit : `in single ${unit}`)
}

/** A number as people read it: 0.47, 2.95, 12.3, 148, 1,480. @param {number} value */
export function decimals(value) {
  const size = Math.abs(value)
  if (size >= 99.95) return Math.round(value).toLocaleString("en")
  if (size >= 9.995) return value.toFixed(1)
  return size > 0 && size < 0.1 ? trimmed(value) : value.toFixed(2)
}

/** Two figures for small values: 0.012. @param {number} value */
function trimmed(value) {
  return Math.abs(value) < 0.0005 ? "0.00" : Number(value.toPrecision(2)).toString()
}

const STEPS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]

/** The next round number at or above a value, so that an axis grows in steps and does not jitter. @param {number} value */
export function niceCeiling(value) {
  if (!(value > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  const step = STEPS.find((one) => one * power >= value * (1 - 1e-9)) ?? 10
  return Number((step * power).toPrecision(12))
}

/** A round number just above a value, for an axis that grows no more. @param {number} value */
export function closeCeiling(value) {
  const step = niceStep(value, 20)
  return Number((Math.ceil(value / step - 1e-9) * step).toPrecision(12))
}

/** A round distance between ticks, for at most `most` of them. @param {number} span @param {number} most */
export function niceStep(span, most) {
  const raw = span / Math.max(1, most)
  const power = 10 ** Math.floor(Math.log10(raw || 1))
  const step = [1, 2, 5, 10].find((one) => one * power >= raw * (1 - 1e-9)) ?? 10
  return Number((step * power).toPrecision(12))
}
