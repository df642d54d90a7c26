/** Colours, fonts and sizes of charts, from the page's CSS custom properties. */

/**
 * @typedef {object} Theme  colours as CSS rgb()
 * @property {string} text
 * @property {string} soft
 * @property {string} faint
 * @property {string} edge
 * @property {string} panel
 * @property {string} guess
 * @property {string} rule
 * @property {string} accent
 * @property {string} onKind  text on a bar
 * @property {(kind: string) => string} kind
 * @property {(runtime: string) => string} runtime
 * @property {string} font
 * @property {string} mono
 * @property {number} size  pixels
 */

/** The contrast that WCAG 2 asks of text. */
const READABLE = 4.5

const KINDS = ["cpu", "fs", "net", "timer", "db", "cache", "other"]
/** What is drawn where the page defines nothing. @type {Record<string, string>} */
const FALLBACK = {
  text: "#14171c", "text-soft": "#414955", "text-faint": "#5c6572", edge: "#e3e6eb", panel: "#ffffff", guess: "#c34e00",
  rule: "#5c6572", accent: "#0072b2", "on-kind": "#ffffff", "kind-cpu": "#0072b2", "kind-fs": "#009e73", "kind-net": "#56b4e9",
  "kind-timer": "#e69f00", "kind-db": "#cc79a7", "kind-cache": "#d9c400", "kind-other": "#8a929e",
  "runtime-gevent": "#0072b2", "runtime-asyncio": "#a14a7c", "runtime-node": "#009e73",
}

/** @param {HTMLElement} element @returns {Theme} */
export function readTheme(element) {
  const style = getComputedStyle(element)
  const colour = colours(element)
  const own = (/** @type {string} */ name, /** @type {string} */ fallback) => style.getPropertyValue(name).trim() || fallback
  return {
    text: colour("text"), soft: colour("text-soft"), faint: colour("text-faint"), edge: colour("edge"), panel: colour("panel"),
    guess: colour("guess"), rule: colour("rule"), accent: colour("accent"), onKind: colour("on-kind"),
    kind: (kind) => colour(`kind-${KINDS.includes(kind) ? kind : "other"}`),
    runtime: (runtime) => colour(/^[\w-]+$/.test(runtime) ? `runtime-${runtime}` : "accent"),
    font: own("--font", "system-ui, sans-serif"),
    mono: own("--mono", "ui-monospace, monospace"),
    size: Math.max(14, parseFloat(own("--text-size-chart", "14")) || 14),
  }
}

/**
 * Resolves custom properties to rgb(), whatever they are written in; each name once.
 * @param {HTMLElement} element
 * @returns {(name: string) => string}
 */
function colours(element) {
  /** @type {Map<string, string>} */
  const known = new Map()
  return (name) => {
    let found = known.get(name)
    if (found === undefined) {
      const probe = document.createElement("i")
      probe.style.color = `var(--${name}, ${FALLBACK[name] ?? "#0072b2"})`
      probe.hidden = true
      element.append(probe)
      found = getComputedStyle(probe).color
      probe.remove()
      known.set(name, found)
    }
    return found
  }
}

/** The one of two colours that is easier to read on another. @param {string} ground rgb() @param {string} one @param {string} other */
export function clearer(ground, one, other) {
  return contrast(ground, other) > contrast(ground, one) ? other : one
}

/** A colour as text: nearer to the text's own where it would be hard to read. @param {string} colour rgb() @param {Theme} theme */
export function legible(colour, { text, panel }) {
  let share = 0
  while (share < 1 && contrast(mixed(colour, text, share), panel) < READABLE) share += 0.1
  return mixed(colour, text, share)
}

/** @param {string} one rgb() @param {string} other rgb() @param {number} share of the other */
function mixed(one, other, share) {
  const [from, to] = [one, other].map((colour) => (colour.match(/[\d.]+/g) ?? []).map(Number))
  return `rgb(${[0, 1, 2].map((i) => Math.round((from?.[i] ?? 0) * (1 - share) + (to?.[i] ?? 0) * share)).join(", ")})`
}

/** From 1 to 21, as WCAG 2 defines it. @param {string} one rgb() @param {string} other rgb() */
export function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05)
}

/** @param {string} colour rgb() */
function luminance(colour) {
  const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? []).map((part) => Number(part) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** A colour, let through: 0 is invisible, 1 is as it was. @param {string} colour rgb() @param {number} alpha */
export function faded(colour, alpha) {
  const [r, g, b] = colour.match(/[\d.]+/g) ?? ["0", "0", "0"]
  return `rgba(${r}, ${g}, ${b}, ${alpha})`
}

/** @type {CanvasRenderingContext2D | null | undefined} */
let canvas

/** How wide a text is, in pixels. @param {string} text @param {string} font @param {number} size @param {number} [weight] */
export function textWidth(text, font, size, weight = 400) {
  canvas ??= document.createElement("canvas").getContext("2d")
  if (!canvas) return text.length * size * 0.6
  canvas.font = `${weight} ${size}px ${font}`
  return canvas.measureText(text).width
}

/**
 * Calls back after the theme changed: by the page's own switch, or by the system's. Fonts that arrive later count too.
 * @param {() => void} changed
 * @returns {() => void} stop
 */
export function onThemeChange(changed) {
  const system = matchMedia("(prefers-color-scheme: dark)")
  window.addEventListener("themechange", changed)
  system.addEventListener("change", changed)
  document.fonts.addEventListener("loadingdone", changed)
  return () => {
    window.removeEventListener("themechange", changed)
    system.removeEventListener("change", changed)
    document.fonts.removeEventListener("loadingdone", changed)
  }
}
