/** Keys as a tree by ":", or as a plain list: lines to draw, in order. Pure. */

/** @typedef {import("models/keys").KeyRow} KeyRow */
/** @typedef {{id: string, level: number, label: string, row: KeyRow | null, count: number, open: boolean, path: string, size: number, place: number}} Line
 *  `row` is null for a branch; `size` and `place`: how many neighbours, and which of them */

/** @param {KeyRow[]} rows sorted by name @returns {Line[]} */
export function flat(rows) {
  return rows.map((row, index) => ({
    id: row.id, level: 1, label: row.name, row, count: 1, open: false, path: row.name, size: rows.length, place: index + 1,
  }))
}

/**
 * @param {KeyRow[]} rows sorted by name
 * @param {Set<string>} closed paths of branches that are closed
 * @returns {Line[]}
 */
export function tree(rows, closed) {
  return branch(rows, "", 1, closed)
}

/** @param {KeyRow[]} rows @param {string} path @param {number} level @param {Set<string>} closed @returns {Line[]} */
function branch(rows, path, level, closed) {
  /** @type {Map<string, KeyRow[]>} */
  const groups = new Map()
  /** @type {[string, KeyRow | null][]} in order of name */
  const order = []
  for (const row of rows) {
    const rest = row.name.slice(path.length)
    const at = rest.indexOf(":")
    if (at < 0 || at === rest.length - 1 || level > 12) {
      order.push([rest, row])
      continue
    }
    const name = rest.slice(0, at + 1)
    const group = groups.get(name)
    if (group) group.push(row)
    else {
      groups.set(name, [row])
      order.push([name, null])
    }
  }
  /** @type {Line[]} */
  const lines = []
  order.forEach(([name, row], index) => {
    const base = { level, label: name, size: order.length, place: index + 1, path: path + name }
    const inside = row ? [] : groups.get(name) ?? []
    const open = !row && !closed.has(base.path)
    lines.push({ ...base, id: row ? row.id : `branch ${base.path}`, row, count: row ? 1 : inside.length, open })
    if (open) lines.push(...branch(inside, base.path, level + 1, closed))
  })
  return lines
}

/** Where a key of the keyboard leads from one line; null for one that does not. @param {string} key @param {{index: number, last: number, page: number}} from page: lines in view */
export function goalOf(key, { index, last, page }) {
  const step = Math.max(1, page)
  /** @type {Record<string, number>} */
  const to = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: last, PageDown: index + step, PageUp: index - step }
  const goal = to[key]
  return goal === undefined ? null : Math.max(0, Math.min(last, goal))
}

/** The line that holds this one; itself where none does. @param {Line[]} lines @param {number} index */
export function parentOf(lines, index) {
  const level = lines[index]?.level ?? 1
  const found = lines.slice(0, index).findLastIndex((line) => line.level < level)
  return found < 0 ? index : found
}

/** Where a line is, or what is in its place now. @param {Line[]} lines @param {{id: string, path: string}} line */
export function placeOf(lines, { id, path }) {
  const same = lines.findIndex((line) => line.id === id)
  const next = same < 0 ? lines.findIndex((line) => line.path >= path) : same
  return next < 0 ? lines.length - 1 : next
}
