/**
 * A program of blocks in the form: add, take out, move up and down, move into a callback, set a timer's milliseconds.
 * The field's hidden input holds the program in its notation; everybody else reads and writes that.
 */

import { blockChip } from "helpers/block_chip"
import { Controller } from "helpers/controller"
import { announce } from "helpers/announce"
import { make } from "helpers/dom"
import { icon } from "helpers/icons"
import { canNest, letter, moved, parse, settled, written } from "models/blocks"

/** @typedef {import("models/blocks").Block} Block */

const USUAL_DELAY = 10

export class BlocksField extends Controller {
  #input
  #list = make("ol", { class: "blocks", "aria-label": "The program" })
  #add = make("div", { class: "add-block", role: "group", "aria-label": "Add a block" })
  /** @type {Block[]} */
  #blocks = []

  /** @param {HTMLElement} field @param {import("helpers/types").Rule} rule */
  constructor(field, rule) {
    super()
    this.field = field
    this.kinds = rule.kinds ?? {}
    this.rule = rule
    this.#input = /** @type {HTMLInputElement} */ (field.querySelector("input"))
  }

  connect() {
    this.#add.append(...Object.entries(this.kinds).map(([kind, { label, help }]) =>
      make("button", { type: "button", class: "button small", "data-add": kind, title: help }, `+ ${label}`)))
    this.#input.after(this.#list, this.#add)
    this.listen(this.field, "written", () => this.#read())
    this.listen(this.#add, "click", (event) => {
      const kind = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-add]"))?.dataset.add
      if (kind) this.#put([...this.#blocks, { kind, delay: USUAL_DELAY, inside: false }], `${this.kinds[kind]?.label} added`)
    })
    this.listen(this.#list, "click", (event) => {
      const pressed = /** @type {Element} */ (event.target).closest("button")
      if (pressed?.dataset.does && pressed.getAttribute("aria-disabled") !== "true") this.#does(pressed.dataset.does, Number(pressed.dataset.at))
    })
    this.listen(this.#list, "input", (event) => this.#delay(/** @type {HTMLInputElement} */ (event.target)))
    this.#read()
  }

  #read() {
    this.#blocks = settled(parse(this.#input.value), this.kinds)
    this.#show()
  }

  /** @param {HTMLInputElement} input */
  #delay(input) {
    const block = this.#blocks[Number(input.dataset.at)]
    if (!block || !input.validity.valid || input.value === "") return
    block.delay = Number(input.value)
    this.#input.value = written(this.#blocks, this.kinds)
  }

  /** @param {string} what @param {number} at */
  #does(what, at) {
    const block = this.#blocks[at]
    if (!block) return
    const name = `${letter(at)} ${this.kinds[block.kind]?.label}`
    if (what === "remove") this.#put(this.#blocks.filter((_, index) => index !== at), `${name} taken out`)
    if (what === "up") this.#put(moved(this.#blocks, at, at - 1), `${name} moved up`)
    if (what === "down") this.#put(moved(this.#blocks, at, at + 1), `${name} moved down`)
    if (what === "nest") this.#put(this.#blocks.map((one, index) => (index === at ? { ...one, inside: !one.inside } : one)), block.inside ? `${name} moved out` : `${name} moved into the callback above`)
    const now = what === "up" ? at - 1 : what === "down" ? at + 1 : at
    this.#focus(what, Math.max(0, Math.min(now, this.#blocks.length - 1)))
  }

  /** @param {string} what @param {number} at */
  #focus(what, at) {
    const row = this.#list.children[at]
    const same = /** @type {HTMLElement | null} */ (row?.querySelector(`[data-does="${what}"]`) ?? row?.querySelector("button"))
    ;(same ?? /** @type {HTMLElement | null} */ (this.#add.querySelector("button")))?.focus()
  }

  /** @param {Block[]} blocks @param {string} words */
  #put(blocks, words) {
    this.#blocks = settled(blocks, this.kinds)
    this.#input.value = written(this.#blocks, this.kinds)
    this.#show()
    announce(words)
    this.#input.dispatchEvent(new Event("input", { bubbles: true }))
  }

  #show() {
    const most = this.rule.most ?? Infinity
    this.#list.replaceChildren(...this.#blocks.map((block, at) => this.#row(block, at)))
    for (const button of this.#add.querySelectorAll("button")) button.disabled = this.#blocks.length >= most
  }

  /** @param {Block} block @param {number} at */
  #row(block, at) {
    const kind = this.kinds[block.kind]
    const id = letter(at)
    const name = kind?.label ?? block.kind
    const delay = kind?.delay && make("label", { class: "delay" },
      make("input", { class: "number", type: "number", min: 0, max: this.rule.delay ?? 0, step: 1, value: block.delay, required: true, "data-at": at, "aria-label": `${id} ${name}, milliseconds` }), "ms")
    const press = (/** @type {string} */ does, /** @type {string} */ label, /** @type {string} */ picture, /** @type {boolean} */ possible) =>
      make("button", { type: "button", class: "nudge", "data-does": does, "data-at": at, "aria-label": `${id} ${name}: ${label}`, "aria-disabled": possible ? null : "true" }, icon(picture, 14))
    return make("li", { "data-inside": block.inside || null },
      blockChip({ id, name, kind: kind?.work ?? "other" }), delay || null,
      make("span", { class: "block-tools" },
        press("nest", block.inside ? "move out" : "move into the callback above", block.inside ? "back" : "forth", block.inside || canNest(this.#blocks, at, this.kinds)),
        press("up", "up", "up", at > 0), press("down", "down", "down", at < this.#blocks.length - 1),
        press("remove", "take out", "close", true)))
  }
}
