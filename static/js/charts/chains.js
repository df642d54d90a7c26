/**
 * What follows from a write, on the run's own time axis: each bar is a time without an answer in the cache. One is chosen and
 * shown step by step. Chart and list of keys choose for one another.
 */

import { axis, groupsOf, hint, row } from "charts/chain_rows"
import { chainWords } from "helpers/chain_bar"
import { chainDetail } from "helpers/chain_detail"
import { make, say, set } from "helpers/dom"
import { announce } from "helpers/announce"
import { reachOf } from "models/chains"
import { closeCeiling } from "models/scale"

/** @typedef {import("charts/chain_rows").Group} Group */

const PAUSE = 250
/** The part of the chart's width that a row's bars have at least; the rest is its name (chains.css). */
const TRACK = 0.7

/** @param {HTMLElement} element @param {any} first */
export function mount(element, first) {
  return new Chains(element, first)
}

class Chains {
  #groups = /** @type {Group[]} */ ([])
  #rows = make("div", { class: "chain-rows" })
  #detail = make("div", { class: "chain-detail" })
  #drawn = ""
  #last = -Infinity
  #ends = new AbortController()

  /** @param {HTMLElement} element @param {any} options */
  constructor(element, options) {
    this.options = options
    this.element = element
    /** @type {import("controllers/key_choice").KeyChoice | undefined} */
    this.choice = options.choice
    /** @type {string | null} */
    this.chosen = null
    element.replaceChildren(make("div", { class: "chains" }, this.#rows, this.#detail))
    const { signal } = this.#ends
    this.#rows.addEventListener("click", (event) => this.#press(/** @type {HTMLElement} */ (event.target)), { signal })
    this.#rows.addEventListener("keydown", (event) => this.#key(event), { signal })
    this.choice?.addEventListener("choose", () => this.#follow(), { signal })
  }

  /** @param {number} now */
  update(now) {
    const runs = [this.options.run].flat()
    const drawn = runs.map((run) => `${run.version} ${run.state}`).join(";")
    if (drawn === this.#drawn || (now - this.#last < PAUSE && runs.some((run) => !run.ended))) return
    this.#drawn = drawn
    this.#last = now
    this.#draw()
  }

  /** @param {object} change */
  set(change) {
    this.options = { ...this.options, ...change }
    this.#draw()
  }

  destroy() {
    this.#ends.abort()
    this.element.replaceChildren()
  }

  #draw() {
    this.#groups = groupsOf([this.options.run].flat(), this.options.repeat ?? null)
    const to = closeCeiling(Math.max(0.05, ...this.#groups.flatMap(({ part, chains }) => [part.end, ...chains.map((chain) => reachOf(chain).to)])))
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.chain
    this.#rows.replaceChildren(...this.#groups.map((group) => row(group, { to, width: TRACK * this.element.clientWidth })), axis(to, TRACK * this.element.clientWidth, typeSize(this.element)))
    if (focused) this.#button(focused)?.focus()
    this.#show()
  }

  get #all() {
    return this.#groups.flatMap((group) => group.chains.map((chain) => ({ chain, group })))
  }

  /** @param {string} id */
  #button(id) {
    return /** @type {HTMLButtonElement | null} */ ([...this.#rows.querySelectorAll("button")].find((one) => one.dataset.chain === id) ?? null)
  }

  /** Which are marked, which one has the keyboard, and the chosen one step by step. */
  #show() {
    const all = this.#all
    const found = all.find(({ chain }) => chain.id === this.chosen) ?? null
    const key = this.choice?.chain === null ? this.choice.key : null
    for (const button of this.#rows.querySelectorAll("button")) {
      const mine = button.dataset.chain === found?.chain.id
      set(button, { "aria-pressed": String(mine), tabindex: mine || (!found && button.dataset.chain === all[0]?.chain.id) ? 0 : -1, "data-on": button.dataset.key === key || null })
    }
    this.#detail.replaceChildren(found ? chainDetail(found.chain, found.group.label) : make("p", { class: "soft" }, hint(all.length, [this.options.run].flat())))
  }

  /** @param {HTMLElement} target */
  #press(target) {
    const id = target.closest("button")?.dataset.chain
    if (id) this.#choose(id)
  }

  /** @param {string} id */
  #choose(id) {
    this.chosen = id
    const found = this.#all.find(({ chain }) => chain.id === id)
    if (found) this.choice?.choose(found.chain.key, id)
    this.#show()
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const all = this.#all
    const at = all.findIndex(({ chain }) => chain.id === /** @type {HTMLElement} */ (event.target).dataset.chain)
    /** @type {Record<string, number>} */
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }
    const next = all[to[event.key] ?? -1]
    if (at < 0 || !next) return
    event.preventDefault()
    this.#choose(next.chain.id)
    this.#button(next.chain.id)?.focus()
    announce(chainWords(next.chain))
  }

  /** Somebody chose a key in the list: its chains are marked. */
  #follow() {
    const { key, chain } = /** @type {import("controllers/key_choice").KeyChoice} */ (this.choice)
    if (chain !== null) return
    const mine = this.#all.filter((one) => one.chain.key === key)
    if (!mine.some((one) => one.chain.id === this.chosen)) this.chosen = null
    this.#show()
    announce(`${mine.length} chains of ${key} are marked in the chart.`)
  }
}

/** Of the words of a chart, in pixels: larger in a hall. @param {HTMLElement} element */
function typeSize(element) {
  return parseFloat(getComputedStyle(element).getPropertyValue("--size-chart")) || 14
}
