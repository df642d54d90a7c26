/** Which runs are to be compared. */

/** As many as a page of a comparison shows; the server takes no more. */
export const MOST = 6

/**
 * @param {string[]} ids of the ticked runs, newest first
 * @returns {{count: number, address: string | null, words: string}} address: null where there is nothing to compare; words: for
 *   the link, "" where too few are ticked
 */
export function comparison(ids) {
  const count = ids.length
  if (count > MOST) return { count, address: null, words: `${MOST} at most` }
  return count > 1 ? { count, address: `/compare?runs=${[...ids].reverse().join(",")}`, words: `Compare ${count}` } : { count, address: null, words: "" }
}
