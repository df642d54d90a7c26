/** Small helpers to make and find elements. */

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {Record<string, string | number | boolean | null | undefined | EventListener>} Attributes */

const SVG = "http://www.w3.org/2000/svg"

/**
 * An element with attributes and children. `true` sets an empty attribute; false and null leave it out; a function under
 * "onclick" listens.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes]
 * @param {Child[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, ...children) {
  return /** @type {HTMLElementTagNameMap[K]} */ (fill(document.createElement(tag), attributes, children))
}

/**
 * The same for SVG.
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes]
 * @param {Child[]} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function draw(tag, attributes = {}, ...children) {
  return /** @type {SVGElementTagNameMap[K]} */ (fill(document.createElementNS(SVG, tag), attributes, children))
}

/** @param {Element} element @param {Attributes} attributes @param {Child[]} children */
function fill(element, attributes, children) {
  set(element, attributes)
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false).map(asNode))
  return element
}

/** @param {Child} child */
function asNode(child) {
  return child instanceof Node ? child : String(child)
}

/** Set attributes as `make` does. @param {Element} element @param {Attributes} attributes */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), value)
    else if (value === false || value === null || value === undefined) element.removeAttribute(name)
    else element.setAttribute(name, value === true ? "" : String(value))
  }
}

/**
 * The element with this id, which must be there.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export function byId(id) {
  const found = document.getElementById(id)
  if (!found) throw new Error(`the page has no element #${id}`)
  return /** @type {T} */ (found)
}

/** Set the text only if it changed, so that nothing is announced or laid out twice. @param {Element} element @param {string} text */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text
}

/** The JSON that the server put into the page. @returns {any} */
export function pageData() {
  return JSON.parse(document.getElementById("data")?.textContent ?? "{}")
}

/** A button. @param {string} label @param {EventListener} onclick @param {Attributes} [attributes] */
export function button(label, onclick, attributes = {}) {
  return make("button", { type: "button", class: "button", onclick, ...attributes }, label)
}
