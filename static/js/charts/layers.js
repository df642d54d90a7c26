/**
 * One call as stacked layers, a stack for each runtime. Each layer opens: its function, file and version here, its share, and
 * who was held in it. Plain HTML: words and buttons, no plot.
 *
 * @typedef {import("charts/simple").Options} Options
 * @typedef {import("models/layers").Layer} Layer
 * @typedef {import("models/layers").Stack} Stack
 */

import { CALLED, HELD, heldWords, shareReason, shareWords, shortFile } from "helpers/layer_words"
import { make } from "helpers/dom"
import { record } from "models/event"
import { segments, stacksOf } from "models/layers"
import { decimals } from "models/scale"

/** @param {HTMLElement} element @param {Options} first */
export function mount(element, first) {
  let options = first
  let chosen = /** @type {string[]} */ ([])
  let drawn = ""
  const place = make("div", { class: "stacks" })
  element.append(place)
  place.addEventListener("keydown", (event) => walk(place, event))

  const update = () => {
    const runs = [options.run].flat()
    const stacks = stacksOf(runs, options.lab?.runtimes ?? [])
    const now = JSON.stringify([stacks, chosen])
    if (now === drawn) return
    const begun = performance.now()
    drawn = now
    redraw(place, stacks.map((stack) => stackCard(stack, guessOf(options.prediction), chosen)))
    const detail = { seq: Math.max(0, ...runs.map((run) => run.seq)), cost: performance.now() - begun }
    element.dispatchEvent(new CustomEvent("painted", { detail }))
  }
  const set = (/** @type {Partial<Options>} */ change) => {
    options = { ...options, ...change }
    update()
  }
  return {
    update, set,
    show: (/** @type {Options["run"]} */ run) => set({ run }),
    select(/** @type {string | null} */ _, /** @type {string[] | null} */ ids) {
      chosen = ids ?? []
      update()
    },
    destroy: () => place.remove(),
  }
}

/** Other content, while what was open stays open and what had the focus keeps it. @param {HTMLElement} place @param {HTMLElement[]} content */
function redraw(place, content) {
  const open = new Set([...place.querySelectorAll("details[open]")].map((one) => one.id))
  const focused = document.activeElement?.closest("details")?.id
  place.replaceChildren(...content)
  for (const details of place.querySelectorAll("details")) details.open = open.has(details.id)
  if (focused) document.getElementById(focused)?.querySelector("summary")?.focus()
}

/** Up and down go from layer to layer. @param {HTMLElement} place @param {KeyboardEvent} event */
function walk(place, event) {
  const all = [...place.querySelectorAll("summary")]
  const at = all.indexOf(/** @type {HTMLElement} */ (event.target))
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key]
  if (at < 0 || to === undefined || !all[to]) return
  event.preventDefault()
  all[to]?.focus()
}

/** @param {unknown} prediction @returns {number | null} percent below the binding */
function guessOf(prediction) {
  const guess = record(prediction)
  return guess.kind === "bar" && typeof guess.value === "number" && guess.value >= 0 ? Math.min(100, guess.value) : null
}

/** @param {Stack} stack @param {number | null} guess @param {string[]} chosen */
function stackCard(stack, guess, chosen) {
  const { title, total, layers } = stack
  return make("section", { class: "stack", "aria-label": title },
    make("p", { class: "stack-title" }, make("strong", {}, title), total ? ` one call: ${decimals(total.value)} µs` : ""),
    layers.length > 0 ? bar(stack, guess) : make("p", { class: "soft" }, "Its layers are told when its program has begun."),
    make("ol", { class: "layers" }, ...layers.map((layer, index) => layerItem(layer, index, stack.key, chosen))))
}

/** One call as a bar, the innermost layer on the left, with the guess on it. @param {Stack} stack @param {number | null} guess */
function bar(stack, guess) {
  const pieces = segments(stack)
  const below = pieces.filter(({ layer }) => layer.below).reduce((sum, { width }) => sum + width, 0)
  const words = pieces.length > 0 ? `${Math.round(below)} % of one call is below the binding.` : "No share is known yet."
  return make("div", { class: "stack-bar-box" },
    make("div", { class: "stack-bar", role: "img", "aria-label": words + (guess === null ? "" : ` Your guess was ${decimals(guess)} %.`) },
      ...pieces.map(({ layer, width }) => make("span", { class: layer.below ? "below" : "above", style: `width: ${width}%` },
        width > 6 ? String(stack.layers.indexOf(layer) + 1) : "")),
      guess === null ? null : make("i", { class: "stack-guess", style: `left: ${guess}%` })),
    make("p", { class: "stack-scale" }, make("span", {}, pieces.length > 0 ? `${Math.round(below)} % below the binding` : ""),
      guess === null ? null : make("span", { class: "guess" }, `your guess ${decimals(guess)} %`)))
}

/** A dotted name may break after a dot. @param {string} name */
function breakable(name) {
  return name.split(/(?<=\.)/).flatMap((piece, index) => index > 0 ? [make("wbr"), piece] : [piece])
}

/** @param {Layer} layer @param {number} index @param {string} key of the stack @param {string[]} chosen */
function layerItem(layer, index, key, chosen) {
  const [loop, other] = heldWords(layer)
  const wide = layer.telling === "share" ? Math.min(100, layer.share?.value ?? 0) : 0
  return make("li", { class: "layer", "data-layer": layer.id, "data-telling": layer.telling, "data-chosen": chosen.includes(layer.act) },
    make("details", { id: `layer-${key}-${layer.id}`.replaceAll(/[^\w-]/g, "-") },
      make("summary", {},
        make("span", { class: "layer-number" }, String(index + 1)),
        make("code", { class: "layer-name" }, ...breakable(layer.name)),
        make("span", { class: "layer-share figures" }, shareWords(layer)),
        make("span", { class: "layer-bar", "aria-hidden": "true" }, make("i", { class: layer.below ? "below" : "above", style: `width: ${wide}%` })),
        make("span", { class: "layer-facts" }, make("span", {}, shortFile(layer.file) || "file unknown"),
          make("span", { class: "layer-called" }, `${CALLED[layer.act] ?? "not watched"}:`), held(layer.loop, loop ?? ""), held(layer.other, other ?? ""))),
      detail(layer)))
}

/** A word with a shape: a full square is held, an empty one is free. @param {string} state @param {string} words */
function held(state, words) {
  return make("span", { class: "layer-held", "data-held": state }, make("i", { "aria-hidden": "true" }), words)
}

/** @param {Layer} layer */
function detail(layer) {
  const facts = [
    ["Function", layer.name], ["File", layer.file || "unknown: this system does not say"], ["Version", layer.version || "unknown"],
    ["Share", shareReason(layer)], ["Watched", CALLED[layer.act] ?? "no call at this layer could be watched"],
    ["Event loop", HELD[layer.loop]], ["Other threads", HELD[layer.other]],
  ]
  return make("div", { class: "layer-detail" },
    make("p", {}, layer.note),
    make("dl", {}, ...facts.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)])),
    layer.seen.length > 0 ? make("p", { class: "layer-seen" }, "Seen there while it ran:") : null,
    layer.seen.length > 0 ? make("ol", { class: "layer-frames" }, ...layer.seen.map((frame) => make("li", {}, frame))) : null)
}
