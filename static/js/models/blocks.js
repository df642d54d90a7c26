/**
 * Programs made of blocks, in their notation: "file,.timer-0,.immediate" is a file with two blocks in its callback. The
 * server checks them; here they are read, changed and written again.
 *
 * @typedef {{label: string, help: string, delay: boolean, calls: boolean, runtimes: string[], work: string}} BlockKind
 * @typedef {{kind: string, delay: number, inside: boolean}} Block  delay: milliseconds; inside: in the callback of the one above
 * @typedef {{id: string, name: string, kind: string, calls: boolean, inside: string | null}} NamedBlock  id: its letter
 */

const WORD = /^(\.?)([a-z]+)(?:-(\d{1,4}))?$/

/** @param {string} text @returns {Block[]} what cannot be read is left out */
export function parse(text) {
  return text.split(",").flatMap((word) => {
    const found = WORD.exec(word.trim())
    return found ? [{ kind: found[2] ?? "", delay: Number(found[3] ?? 0), inside: found[1] === "." }] : []
  })
}

/** @param {Block[]} blocks @param {Record<string, BlockKind>} kinds */
export function written(blocks, kinds) {
  return blocks.map(({ kind, delay, inside }) => `${inside ? "." : ""}${kind}${kinds[kind]?.delay ? `-${delay}` : ""}`).join(",")
}

/** The letter of the block at this place. @param {number} index */
export function letter(index) {
  return String.fromCharCode(65 + index)
}

/**
 * Can the block at this place be in the callback of one above?
 * @param {Block[]} blocks @param {number} index @param {Record<string, BlockKind>} kinds
 */
export function canNest(blocks, index, kinds) {
  const holder = blocks.slice(0, index).findLast((block) => !block.inside)
  return holder !== undefined && holder.kind !== "sync" && kinds[holder.kind]?.calls === true
}

/**
 * The blocks after a change, with none inside that has nothing to be inside of.
 * @param {Block[]} blocks @param {Record<string, BlockKind>} kinds @returns {Block[]}
 */
export function settled(blocks, kinds) {
  /** @type {Block[]} */
  const out = []
  for (const block of blocks) out.push({ ...block, inside: block.inside && canNest([...out, block], out.length, kinds) })
  return out
}

/** Take the one at `from` out and put it in at `to`. @template T @param {T[]} items @param {number} from @param {number} to @returns {T[]} */
export function moved(items, from, to) {
  const rest = items.filter((_, index) => index !== from)
  const one = items[from]
  return one === undefined ? items : [...rest.slice(0, to), one, ...rest.slice(to)]
}

/**
 * The program that these parameters ask for: a ready-made one, or the learner's own.
 * @param {Record<string, import("helpers/types").Rule>} rules @param {Record<string, unknown>} params @param {string} name of the parameter that holds one's own
 * @returns {NamedBlock[]}
 */
export function programOf(rules, params, name) {
  const kinds = rules[name]?.kinds ?? {}
  const ready = Object.entries(rules).flatMap(([key, rule]) => rule.programs?.[String(params[key])] ?? [])[0]
  let holder = /** @type {string | null} */ (null)
  return parse(ready ?? String(params[name] ?? "")).map((block, index) => {
    const id = letter(index)
    if (!block.inside) holder = id
    const kind = kinds[block.kind]
    const label = `${kind?.label ?? block.kind}${kind?.delay ? ` ${block.delay} ms` : ""}`
    return { id, name: label, kind: kind?.work ?? "other", calls: kind?.calls !== false, inside: block.inside ? holder : null }
  })
}
