/** What is said of a layer, in words: on the picture and in its table. */

import { table } from "helpers/table"
import { decimals } from "models/scale"
import { stacksOf } from "models/layers"

/** @typedef {import("models/layers").Layer} Layer */
/** @typedef {import("models/layers").Range} Range */

/** @param {Layer} layer */
export function shareWords({ telling, share }) {
  if (telling === "share" && share) return `${percent(share.value)} %`
  return { same: "nothing", unclear: "cannot tell", unknown: "unknown", measuring: "being measured", share: "" }[telling]
}

/** What the spread was, and why a share cannot be told. @param {Layer} layer */
export function shareReason({ telling, share, time }) {
  const spread = share && `${percent(share.low)} to ${percent(share.high)} % of one call`
  const took = time && `${decimals(time.value)} µs (${decimals(time.low)} to ${decimals(time.high)})`
  if (telling === "share") return `${spread}, ${took}`
  if (telling === "unclear") return `${spread} from repeat to repeat: less than these repeats can tell`
  if (telling === "same") return "Nothing of its own: the same function under another name"
  return telling === "unknown" ? "There is no way in that would tell it apart from its neighbours" : "The run goes on"
}

/** @type {Record<import("models/layers").Held, string>} */
export const HELD = { held: "held", free: "free", unclear: "cannot tell", unknown: "unknown", measuring: "being measured" }

/** How the layer was called while the heartbeats were watched. @type {Record<string, string>} */
export const CALLED = { await: "awaited", direct: "called on the loop", kept: "called with the GIL kept" }

/** @param {Layer} layer */
export function heldWords({ loop, other }) {
  return [`loop ${HELD[loop]}`, `other threads ${HELD[other]}`]
}

/** "/usr/lib/libcrypto.so.3" → "libcrypto.so.3" @param {string} file */
export function shortFile(file) {
  return file.split("/").at(-1) || file
}

/** The picture as tables, one for each stack. @param {import("models/run").RunModel[]} runs @param {{key: string, label: string}[]} runtimes */
export function layerTables(runs, runtimes) {
  const columns = [
    { title: "Layer" }, { title: "share", number: true }, { title: "µs", number: true }, { title: "called" }, { title: "loop" }, { title: "other threads" },
    { title: "version" }, { title: "file" },
  ]
  return stacksOf(runs, runtimes).map((stack) => table({
    caption: stack.title, columns,
    rows: stack.layers.map((layer) => ({
      cells: [
        layer.name, shareWords(layer), layer.telling === "share" && layer.time ? decimals(layer.time.value) : "–",
        CALLED[layer.act] ?? "not", HELD[layer.loop], HELD[layer.other], layer.version || "unknown", layer.file || "unknown",
      ],
    })),
  }))
}

/** @param {number} value */
function percent(value) {
  return Math.abs(value) < 10 ? value.toFixed(1) : String(Math.round(value))
}
