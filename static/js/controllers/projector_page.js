/** The projector: a chart for a hall. It follows the run live; keys replay, change the chart, the repeat, fill the screen. */

import { Banner } from "controllers/banner"
import { HallCharts } from "controllers/hall_charts"
import { ReplayBar } from "controllers/replay_bar"
import { RunSession } from "controllers/run_session"
import { Shell } from "controllers/shell"
import { Shortcuts } from "controllers/shortcuts"
import { byId, make, pageData, say, set } from "helpers/dom"
import { guessWords, holds, leftWords, paramWords } from "helpers/words"

/** @type {{lab: import("helpers/types").Lab, run: import("helpers/types").RunInfo}} */
const { lab, run } = pageData()
const session = new RunSession()
const replay = new ReplayBar(session)
const charts = new HallCharts(byId("charts"), session, { lab, run }, new URLSearchParams(location.search).get("chart"))
/** @type {number | null} */
let repeat = null

const guess = guessWords(run.prediction, lab.predictions.find((one) => holds(one.when, run.params))?.unit ?? "")
byId("guess").hidden = guess === ""
say(byId("guess"), `The guess: ${guess}`)
say(byId("keys"), `Space: replay   ← →: repeat   ${charts.all.length > 1 ? "↑ ↓: chart   " : ""}F: full screen`)
byId("next-chart").hidden = charts.all.length < 2
byId("next-chart").addEventListener("click", () => turn(1))

session.addEventListener("run", () => charts.clear())
session.addEventListener("change", () => {
  const { phase, shown, model } = session
  set(byId("main"), { "data-state": phase === "starting" ? "running" : phase })
  charts.update()
  sayAll(byId("headline"), headlines())
  say(byId("said"), shown.captions.get(charts.shown?.id ?? "") ?? going())
  const trust = model.trust
  byId("trust").hidden = !trust
  if (trust) set(byId("trust"), { "data-level": String(trust.level) })
  const text = String(trust?.text ?? "")
  say(byId("trust"), text.length > 44 ? text.split(":")[0] ?? text : text)
})
session.addEventListener("frame", (event) => charts.frame(/** @type {CustomEvent<number>} */ (event).detail))

/** What was found, in a few figures; until then, what is run. */
function headlines() {
  const found = session.shown.findings.slice(0, 3).map((finding) => String(finding.headline))
  return found.length > 0 ? found : [paramWords(lab, run.params)]
}

/** Each text whole or not at all: what does not fit beside the others is not shown. @param {HTMLElement} place @param {string[]} texts */
function sayAll(place, texts) {
  const shown = [...place.children].map((one) => one.textContent)
  if (texts.join() !== shown.join()) place.replaceChildren(...texts.map((text) => make("span", {}, text)))
}

function going() {
  const { phase, shown } = session
  if (phase === "queued" || shown.ended) return ""
  return [String(shown.progress?.text ?? ""), leftWords(shown.progress)].filter(Boolean).join(", ")
}

/** @param {number} by */
function step(by) {
  const all = [...new Set([...session.model.parts.values()].map((part) => part.repeat))].sort((a, b) => a - b)
  const at = repeat === null ? (by > 0 ? -1 : all.length) : all.indexOf(repeat)
  repeat = all[at + by] ?? null
  charts.repeat(repeat)
  session.touch()
}

/** Another chart, also for whoever is given the address. @param {number} by */
function turn(by) {
  charts.step(by)
  history.replaceState(null, "", `?chart=${encodeURIComponent(charts.shown?.id ?? "")}`)
  session.touch()
}

async function fill() {
  if (document.fullscreenElement) await document.exitFullscreen()
  else await document.documentElement.requestFullscreen?.()
}

/** The hint of the keys shows while the pointer moves, and goes again. */
let asleep = 0
document.addEventListener("pointermove", () => {
  byId("main").classList.add("awake")
  clearTimeout(asleep)
  asleep = window.setTimeout(() => byId("main").classList.remove("awake"), 2500)
})

for (const piece of [
  new Shell(), replay, new Banner(session),
  new Shortcuts([
    { key: " ", label: "Space", what: "Replay: play or pause", does: () => void (replay.active ? replay.toggle() : replay.start()) },
    { key: "ArrowRight", label: "→", what: "The next repeat", does: () => step(1) },
    { key: "ArrowLeft", label: "←", what: "The repeat before", does: () => step(-1) },
    { key: "ArrowDown", label: "↓", what: "The next chart", does: () => turn(1) },
    { key: "ArrowUp", label: "↑", what: "The chart before", does: () => turn(-1) },
    { key: "f", what: "Full screen", does: () => void fill() },
    { key: "Escape", label: "Esc", what: "End the replay", does: () => replay.stop() },
  ]),
]) piece.connect()
session.open(run)
document.body.dataset.ready = "true"
