/** The lab page: form → prediction → run → charts, findings and tables. This file only ties the pieces together. */

import { connect } from "connection"
import { ActionBar } from "controllers/action_bar"
import { AppPane } from "controllers/app_pane"
import { Banner } from "controllers/banner"
import { Findings } from "controllers/findings"
import { HistoryPane } from "controllers/history_pane"
import { KeyChoice } from "controllers/key_choice"
import { LogPane } from "controllers/log_pane"
import { Parameters } from "controllers/parameters"
import { PathBar } from "controllers/path_bar"
import { Prediction } from "controllers/prediction"
import { QuestionCard } from "controllers/question"
import { ReplayBar } from "controllers/replay_bar"
import { RunBar } from "controllers/run_bar"
import { RunSession } from "controllers/run_session"
import { Shell } from "controllers/shell"
import { Shortcuts } from "controllers/shortcuts"
import { SourcePane } from "controllers/source_pane"
import { Stage } from "controllers/stage"
import { StageHead } from "controllers/stage_head"
import { TablePane } from "controllers/table_pane"
import { Tabs } from "controllers/tabs"
import { announce } from "helpers/announce"
import { ApiError } from "helpers/api"
import { byId, pageData, set } from "helpers/dom"

/** @type {{lab: import("helpers/types").Lab, run: import("helpers/types").RunInfo | null}} */
const { lab, run: given } = pageData()
const unit = lab.charts[0]?.unit ?? "s"

const session = new RunSession()
const choice = new KeyChoice()
const parameters = new Parameters(lab, given?.params ?? null)
const prediction = new Prediction(lab)
const stage = new Stage(session, lab, choice, () => ({ params: parameters.values, guess: prediction.guess }))
const replay = new ReplayBar(session)
const tabs = new Tabs()
const source = new SourcePane(() => {
  tabs.open("source")
  byId("aside").scrollIntoView()
})
const runBar = new RunBar(session, prediction, start)
const banner = new Banner(session, { log: () => tabs.open("log"), again: () => runBar.press() })
const history_ = new HistoryPane(session, lab)
const shell = new Shell()

const MARKED = "Please look at the marked field."

/** @param {boolean} skip without the guess */
async function start(skip) {
  if (!parameters.check()) throw new ApiError(MARKED, 422)
  parameters.clearErrors()
  replay.stop()
  try {
    await session.start(lab.slug, parameters.values, skip ? null : prediction.guess)
  } catch (error) {
    if (error instanceof ApiError && parameters.refuse(error.errors)) throw new ApiError(MARKED, error.status)
    throw error
  }
  parameters.base = session.run?.params ?? null
  history.pushState({ run: session.run?.id }, "", `/runs/${session.run?.id}`)
  document.title = `Run ${session.run?.number}, ${lab.title} · Loopscope`
  if (!matchMedia("(max-width: 719px)").matches) return
  byId("stage").scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" })
}

const SAID = /** @type {Record<string, string>} */ ({
  queued: "Queued.", starting: "Starting.", running: "Running.", finished: "Finished. Findings are below the chart.",
  failed: "The run failed.", cancelled: "Cancelled.",
})
let said = ""
function tellState() {
  const { phase, model } = session
  set(byId("main"), { "data-state": phase === "starting" ? "running" : phase, "data-seq": model.seq })
}

session.addEventListener("run", tellState)
session.addEventListener("change", () => {
  const { phase, model } = session
  tellState()
  const runtimes = new Set([...model.parts.values()].map((part) => part.runtime))
  prediction.unit = runtimes.size === 1 ? model.unit : null // each runtime has its own
  tabs.alert("log", phase === "failed")
  if (session.run) source.offer(/** @type {string[]} */ (session.run.params.runtimes ?? lab.runtimes.map((one) => one.key)))
  if (phase === said) return
  if (SAID[phase]) announce(`Run ${session.run?.number}: ${SAID[phase]}`)
  said = phase
  shell.soon()
})

stage.events.addEventListener("select", () => {
  const part = session.shown.parts.get(stage.chosen?.part ?? "")
  const spans = (stage.chosen?.ids ?? []).flatMap((id) => part?.spans.get(id) ?? [])
  if (!part || spans.length === 0) return
  tabs.open("source")
  source.select(part, spans, { unit: part.unit ?? session.shown.unit, name: unit })
})
stage.events.addEventListener("mount", () => stage.cards[0]?.foot.append(replay.element, source.near))
choice.addEventListener("choose", () => void (choice.chain !== null && lab.keys?.length && tabs.open("keys")))
session.addEventListener("run", () => source.clear())
tabs.events.addEventListener("open", () => session.touch())
parameters.events.addEventListener("change", () => {
  prediction.ask(parameters.values)
  session.touch()
})
prediction.events.addEventListener("guess", () => session.touch())
window.addEventListener("popstate", () => location.reload())
shell.onStatus(({ runner }) => { banner.runnerAnswers = runner })

/** @type {{connect: () => void}[]} */
const pieces = [
  shell, parameters, prediction, stage, replay, tabs, source, runBar, banner, history_,
  new ActionBar(session, lab),
  new StageHead(session, stage, () => replay.start()),
  new Findings(session, stage, lab, (params) => {
    parameters.set(params)
    byId("prediction").scrollIntoView({ block: "nearest" })
    announce("The parameters are set. Your prediction comes next.")
    prediction.call()
  }),
  new QuestionCard(session, stage, lab),
  new TablePane(session, stage, unit),
  new LogPane(session),
  ...(lab.pane ? [new AppPane(session, lab.pane, tabs)] : []),
  new PathBar(session, lab),
  new Shortcuts([
    { key: "r", what: "Run, or point at the prediction that is still open", does: () => void (session.busy || runBar.press()) },
    { key: "p", what: "Replay: play or pause", does: () => void (replay.active ? replay.toggle() : replay.start()) },
    { key: "g", what: "Guide", does: () => tabs.open("guide") },
    { key: "s", what: "Source", does: () => tabs.open("source") },
    { key: "Escape", label: "Esc", what: "Close what is open, end a replay", does: () => replay.stop() },
  ]),
]

if (lab.keys?.length) {
  const { KeysPane } = await import("controllers/keys_pane")
  pieces.push(new KeysPane(lab, tabs, session, choice))
}
connect()
for (const piece of pieces) piece.connect()
prediction.ask(parameters.values)
if (given) {
  session.open(given)
  if (given.mine) prediction.restore(given.prediction)
}
document.body.dataset.ready = "true"
// The charts' library is large: it comes while the learner reads, not when the run has begun.
if (!given) setTimeout(() => import("charts/plotly").then(({ loadPlotly }) => loadPlotly()).catch(() => {}), 1500)
