/** Why a key changed: the events of Redis, as people say them. */

/** After these there is no such key. */
export const GONE = new Set(["del", "expired", "evicted", "rename_from", "move_from", "hexpired_last"])

/** @type {Record<string, string>} */
const WORDS = {
  new: "new", set: "set", del: "deleted", expired: "expired", evicted: "evicted: memory was full", expire: "time to live set",
  persist: "kept for good", rename_from: "renamed away", rename_to: "renamed to this", keymiss: "missed", hset: "field set",
  hdel: "field deleted", hexpire: "field's time to live set", hexpired: "field expired", hexpired_last: "expired: its last field",
  hincrby: "field counted", incrby: "counted",
  append: "appended", setrange: "changed inside", lpush: "pushed left", rpush: "pushed right", lpop: "popped left", rpop: "popped right",
  sadd: "member added", srem: "member removed", zadd: "scored", zincr: "scored", zrem: "member removed", xadd: "entry added",
  copy_to: "copied to this", restore: "restored", ltrim: "trimmed",
}

/** The cause of a change as people say it. @param {string} cause */
export function causeWords(cause) {
  return WORDS[cause] ?? cause.replaceAll("_", " ")
}
