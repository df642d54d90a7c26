/** JSON whose numbers stay as they were written: JavaScript's own have 53 bits. Pure. */

/** A number that JavaScript would write in another way. */
export class ExactNumber {
  /** @param {string} source */
  constructor(source) {
    this.source = source
  }
}

/** Digits that might be more than a number can hold, for browsers that do not tell how it was written. */
const LONG = /[\d.]{16}|\d[eE]/

/** The value of this text; undefined when it is no JSON, or cannot be shown as it is. @param {string} text @returns {{value: any} | undefined} */
export function exactJson(text) {
  let tells = true
  try {
    const value = JSON.parse(text, /** @type {any} */ ((/** @type {string} */ _, /** @type {any} */ one, /** @type {{source?: string} | undefined} */ context) => {
      if (typeof one !== "number") return one
      if (context?.source === undefined) tells = false
      return context?.source === undefined || String(one) === context.source ? one : new ExactNumber(context.source)
    }))
    return tells || !LONG.test(text) ? { value } : undefined
  } catch {
    return undefined
  }
}
