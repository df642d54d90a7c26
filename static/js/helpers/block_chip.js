/** A block as a chip: its letter, coloured by the kind of work, and its name. */

import { make } from "helpers/dom"

/**
 * @param {{id: string, name: string, kind: string}} block name: with or without the letter
 * @param {{short?: boolean, here?: boolean, tag?: "li" | "span"}} [look] short: the letter only, with the name for readers
 */
export function blockChip({ id, name, kind }, { short = false, here = false, tag = "span" } = {}) {
  const words = name.startsWith(`${id} `) ? name.slice(id.length + 1) : name
  return make(tag, { class: "block-chip", "data-kind": kind, "aria-current": here ? "step" : null, title: short ? words : null },
    make("b", {}, id), short ? make("span", { class: "sr" }, ` ${words}`) : make("span", {}, words))
}
