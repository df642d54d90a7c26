/** Values as something to read: text, JSON as a tree, hex, tables. Everything becomes text nodes. */

import { cachedResults } from "helpers/cached_value"
import { countdown } from "helpers/countdown"
import { make } from "helpers/dom"
import { jsonTree } from "helpers/json_tree"
import { table } from "helpers/table"
import { exactJson } from "models/exact_json"
import { bytesWords } from "models/key_life"
import { nested, plain } from "models/key_object"

/** @typedef {{text: string, size: number, cut: boolean, name?: string, score?: number | string, expires?: number | null, id?: string, fields?: Item[], cached?: import("helpers/cached_value").Cached}} Item */

const FORMS = /** @type {const} */ ({ text: "Text", json: "JSON", hex: "Hex", fields: "Fields", object: "Object" })

/**
 * @param {{text: string, data: string, plain: boolean, length: number, next: string | null, at: string}} value
 * @param {string} form @param {(form: string) => void} choose @param {import("helpers/json_tree").Folds} folds
 */
export function showString(value, form, choose, folds) {
  const whole = value.next === null && value.at === "0"
  const json = whole && value.plain ? exactJson(value.text) : undefined
  const can = ["text", ...(json !== undefined && typeof json.value === "object" ? ["json"] : []), "hex"]
  const now = form === "text" && !value.plain ? "hex" : form === "text" && can.includes("json") ? "json" : form === "json" && !can.includes("json") ? "text" : form === "plain" || !can.includes(form) ? "text" : form
  const chips = forms(can, now, (key) => choose(key === "text" ? "plain" : key))
  const body = now === "hex" ? make("pre", { class: "value-hex", tabindex: 0, "data-place": "value" }, hex(value.data, Number(value.at)))
    : now === "json" && json ? jsonTree(json.value, folds)
      : make("pre", { class: "value-text", tabindex: 0, "data-place": "value" }, value.text)
  return make("div", {}, chips, body)
}

/** Chips to choose how a value is shown. @param {string[]} can @param {string} now @param {(form: string) => void} choose */
function forms(can, now, choose) {
  return make("div", { class: "value-forms", role: "group", "aria-label": "Shown as" }, ...can.map((key) => make("button", {
    type: "button", class: "button", "aria-pressed": String(key === now), "data-place": `form ${key}`, onclick: () => choose(key),
  }, FORMS[/** @type {keyof typeof FORMS} */ (key)])))
}

/**
 * A hash as its fields, or as the object that it and the keys below it stand for.
 * @param {any} value @param {import("models/key_object").Piece[]} inner keys below it @param {string} form @param {(form: string) => void} choose
 * @param {number} server ms, its clock @param {import("helpers/json_tree").Folds} folds
 */
export function showHash(value, inner, form, choose, server, folds) {
  const now = form === "fields" || (form !== "object" && inner.length === 0) ? "fields" : "object"
  const whole = nested([{ path: [], value: plain(value) }, ...inner])
  return make("div", {}, forms(["fields", "object"], now, choose),
    now === "fields" ? showItems(value, server) : jsonTree(whole, folds))
}

/** @param {{kind: string, items: Item[], at: string}} value @param {number} server ms, its clock @returns {HTMLElement} */
export function showItems({ kind, items, at }, server) {
  if (items.length === 0) return make("p", { class: "soft" }, "Nothing that can be shown here.")
  const first = Number(at) || 0
  if (items.some((item) => item.cached)) {
    const others = items.filter((item) => !item.cached)
    return make("div", {}, cachedResults(items, server), others.length > 0 ? showItems({ kind, items: others, at }, server) : null)
  }
  if (kind === "hash") {
    const dies = items.some((item) => item.expires)
    return grid(["field", "value", ...(dies ? ["life"] : [])], items.map((item) =>
      [item.name ?? "", cell(item), ...(dies ? [countdown({ expires: item.expires ?? null }, server)] : [])]))
  }
  if (kind === "zset") return grid(["score", "member"], items.map((item) => [String(item.score), cell(item)]))
  if (kind === "list") return grid(["#", "item"], items.map((item, index) => [String(first + index), cell(item)]))
  if (kind === "stream") return grid(["id", "fields"], items.map((item) => [item.id ?? "", (item.fields ?? []).map((one) => `${one.name}: ${cell(one)}`).join(", ")]))
  return grid(["member"], items.map((item) => [cell(item)]))
}

/** @param {string[]} columns @param {import("helpers/dom").Child[][]} rows */
function grid(columns, rows) {
  const items = table({ label: "Items", columns: columns.map((title) => ({ title })), rows: rows.map((cells) => ({ cells })) })
  items.dataset.place = "value"
  return items
}

/** @param {Item} item */
function cell(item) {
  return item.cut ? `${item.text}… (${bytesWords(item.size)})` : item.text
}

/** Sixteen bytes a line, with what is printable beside it. @param {string} data base64 @param {number} from */
export function hex(data, from) {
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0))
  const lines = []
  for (let at = 0; at < bytes.length; at += 16) {
    const part = [...bytes.slice(at, at + 16)]
    const digits = part.map((byte) => byte.toString(16).padStart(2, "0")).join(" ").padEnd(47)
    const text = part.map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : "·")).join("")
    lines.push(`${(from + at).toString(16).padStart(8, "0")}  ${digits}  ${text}`)
  }
  return lines.join("\n")
}
