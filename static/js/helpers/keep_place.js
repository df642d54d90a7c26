/** Drawing anew without taking the keyboard away from anybody. */

/** Elements with the same `data-place` are the same to whoever stands on one. @param {HTMLElement} root @param {() => void} draw */
export function keepPlace(root, draw) {
  const at = document.activeElement
  const place = root.contains(at) ? /** @type {HTMLElement} */ (at).dataset.place : undefined
  draw()
  if (place === undefined) return
  const places = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-place]")])
  const found = places.find((one) => one.dataset.place === place) ?? places.at(-1) // what is not there any more leaves the keyboard near it
  found?.focus({ preventScroll: true })
}
