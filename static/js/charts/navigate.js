/** Going from span to span with the arrow keys, in the order in which they began. */

/**
 * @typedef {import("charts/timeline_groups").Group} Group
 * @param {HTMLElement} element that has the focus
 * @param {() => Group[]} groups what is shown
 * @param {() => import("charts/timeline_bars").Selection} selection
 * @param {(part: string, span: string) => void} pick
 * @returns {() => void} stop
 */
export function navigate(element, groups, selection, pick) {
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key]
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey || event.target !== element) return
    const spans = groups().flatMap(({ part }) => (part ? part.inOrder().map((span) => ({ part: part.id, span: span.id })) : []))
    if (spans.length === 0) return
    event.preventDefault()
    const chosen = selection()
    const at = spans.findIndex(({ part, span }) => part === chosen?.part && chosen.spans.has(span))
    const next = at < 0 && Number.isFinite(step) ? (step > 0 ? 0 : spans.length - 1) : Math.max(0, Math.min(spans.length - 1, at + step))
    const one = spans[next]
    if (one) pick(one.part, one.span)
  }
  element.addEventListener("keydown", onKey)
  return () => element.removeEventListener("keydown", onKey)
}
