/** What is known of one key, and what it becomes when more is told. Pure. */

/**
 * @typedef {object} KeyFacts
 * @property {string} id
 * @property {string} name  escaped: everything can be seen
 * @property {string} [type]
 * @property {number} [size]  bytes
 * @property {string} [encoding]
 * @property {number | null} [expires]  ms of the server's clock
 *
 * @typedef {KeyFacts & {from: number, cause: string, at: number, gone: boolean, misses: number}} KeyRow
 *   `from`: when its expiry was first seen, so that a ring can empty; `at`: when something last happened to it
 */

/** @param {KeyRow | undefined} before @param {KeyFacts} facts @param {number} now @param {Partial<KeyRow>} more @returns {KeyRow} */
export function merged(before, facts, now, more) {
  const same = before !== undefined && (facts.expires === undefined || before.expires === facts.expires)
  const back = before?.gone === true && before.at < now // whoever has facts is there, whatever was heard before
  return { cause: "", at: 0, gone: false, misses: 0, ...before, ...(back ? { gone: false, cause: "", at: 0 } : {}), ...facts, ...more, from: same ? before.from : now }
}
