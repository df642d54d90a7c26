/** The page of the key browser: list, value, console. */

import { Console } from "controllers/console"
import { KeysBrowser } from "controllers/keys_browser"
import { KeysValue } from "controllers/keys_value"
import { Shell } from "controllers/shell"
import { byId, set } from "helpers/dom"

const browser = new KeysBrowser(/** @type {HTMLElement} */ (document.querySelector("[data-keys]")))
const value = new KeysValue(byId("value"), browser.source)
const console_ = new Console(/** @type {HTMLElement} */ (document.querySelector("[data-console]")))
const hall = byId("hall")

browser.list.events.addEventListener("choose", (event) => value.open(/** @type {CustomEvent} */ (event).detail))
hall.addEventListener("click", () => {
  const on = hall.getAttribute("aria-pressed") !== "true"
  set(hall, { "aria-pressed": String(on) })
  set(document.documentElement, { "data-view": on ? "projector" : null })
})
value.connect()
browser.connect()
console_.connect()
new Shell().connect()
document.body.dataset.ready = "true"
