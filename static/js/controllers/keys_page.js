/** The page of the key browser: list, value, console. */

import { Console } from "controllers/console"
import { KeyChoice } from "controllers/key_choice"
import { KeyViews } from "controllers/key_views"
import { KeysBrowser } from "controllers/keys_browser"
import { KeysValue } from "controllers/keys_value"
import { NewestRun } from "controllers/newest_run"
import { RunSession } from "controllers/run_session"
import { Shell } from "controllers/shell"
import { byId, pageData, set } from "helpers/dom"

const browser = new KeysBrowser(/** @type {HTMLElement} */ (document.querySelector("[data-keys]")))
const value = new KeysValue(byId("value"), browser.source)
const console_ = new Console(/** @type {HTMLElement} */ (document.querySelector("[data-console]")))
const hall = byId("hall")

const session = new RunSession()
const views = new KeyViews(browser, value, session, new KeyChoice())
browser.list.events.addEventListener("choose", () => views.tabs.open("keys-now"))
hall.addEventListener("click", () => {
  const on = hall.getAttribute("aria-pressed") !== "true"
  set(hall, { "aria-pressed": String(on) })
  set(document.documentElement, { "data-view": on ? "projector" : null })
})
value.connect()
browser.connect()
views.connect()
new NewestRun(session, pageData().labs).connect()
console_.connect()
new Shell().connect()
document.body.dataset.ready = "true"
