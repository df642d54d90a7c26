/** Compare: several runs on shared axes, and the difference in printed numbers; or a choice of runs, if there are too few. */

import { ChartCard } from "controllers/chart_card"
import { offerComparison, runItem } from "controllers/history_pane"
import { Shell } from "controllers/shell"
import { differences } from "helpers/difference"
import { allEvents, ApiError, call, myRuns } from "helpers/api"
import { again } from "helpers/again"
import { byId, make, pageData, say } from "helpers/dom"
import { serversApart } from "helpers/servers"
import { holds, paramWords } from "helpers/words"
import { RunModel } from "models/run"

/** @typedef {import("helpers/types").RunInfo} RunInfo */
/** @typedef {import("helpers/types").Lab} Lab */

/** @type {{labs: Record<string, Lab>, runs: RunInfo[]}} */
const { labs, runs } = pageData()
const LETTERS = "ABCDEF"

new Shell().connect()
await show()

async function show() {
  const place = byId(runs.length > 1 ? "charts" : "pick")
  try {
    if (runs.length > 1) await compare()
    else await choose(runs[0] ?? null)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    place.replaceChildren(again(error.message, show))
  }
}

async function compare() {
  const lab = /** @type {Lab} */ (labs[runs[0]?.lab ?? ""])
  const same = runs.filter((run) => run.lab === lab.slug)
  const changed = Object.keys(lab.params.properties).filter((name) => new Set(same.map((run) => JSON.stringify(run.params[name]))).size > 1)
  byId("runs").replaceChildren(...same.map((run, index) => card(run, lab, index, changed)))
  const models = await Promise.all(same.map((run, index) => load(run, LETTERS[index] ?? "")))
  const servers = serversApart(models)
  if (servers.length > 0) models.forEach((model, index) => { model.name = `${LETTERS[index] ?? ""}, ${servers[index] || `run ${same[index]?.number}`}` })
  say(byId("changed"), difference([...changed.map((name) => (lab.params.properties[name]?.title ?? name).toLowerCase()), ...(servers.length > 0 ? ["the server that answered"] : [])]))
  const { headline, numbers } = differences(models, same, lab.work)
  byId("differences").replaceChildren(headline)
  byId("numbers").replaceChildren(...(numbers ? [numbers] : []))
  const charts = lab.charts.filter((chart) => same.every((run) => holds(chart.when, run.params)))
  const cards = charts.map((chart) => new ChartCard(chart, { run: models, lab, prediction: null, top: true }))
  byId("charts").replaceChildren(...cards.map((one) => one.element))
  for (const one of cards) one.update(models, null)
  if (charts.length === 0) byId("charts").replaceChildren(make("p", { class: "soft" }, "These runs are of different kinds: they have no chart in common."))
}

/** @param {string[]} changed */
function difference(changed) {
  return changed.length > 0 ? `They differ in: ${changed.join(", ")}.` : "The same parameters: any difference is noise, or the machine."
}

/** @param {RunInfo} run @param {string} letter */
async function load(run, letter) {
  const model = new RunModel()
  model.name = `${letter}, run ${run.number}`
  for (const event of await allEvents(run.id)) model.apply(event)
  return model
}

/** @param {RunInfo} run @param {Lab} lab @param {number} index @param {string[]} changed */
function card(run, lab, index, changed) {
  const others = runs.filter((one) => one.id !== run.id).map((one) => one.id)
  return make("li", { class: "compare-run" },
    make("span", { class: "letter", "aria-hidden": "true" }, LETTERS[index] ?? ""),
    make("span", {}, make("a", { href: `/runs/${run.id}` }, `Run ${run.number}`),
      make("small", {}, paramWords(lab, run.params, changed.length > 0 ? changed : undefined))),
    make("a", { class: "button icon", href: `/compare?runs=${others.join(",")}`, "aria-label": `Leave out run ${run.number}` }, "×"))
}

/** @param {RunInfo | null} first */
async function choose(first) {
  const mine = (await myRuns({ limit: 50 })).filter((run) => run.last > 0 && (!first || run.lab === first.lab))
  const place = byId("pick")
  if (mine.length === 0) {
    return place.replaceChildren(make("div", { class: "nothing" }, make("h2", {}, "No runs to compare yet"),
      make("p", {}, "Run an experiment twice, with one thing changed. Then put both side by side here."), make("a", { class: "button", href: "/" }, "All labs")))
  }
  const declared = /** @type {Record<string, Lab>} */ (Object.fromEntries((await call("/api/labs")).labs.map((/** @type {Lab} */ lab) => [lab.slug, lab])))
  const list = make("ul", { class: "history", "aria-label": "My runs" }, ...mine.flatMap((run) => {
    const lab = declared[run.lab]
    return lab ? [runItem(run, lab, { here: run.id === first?.id, ticked: run.id === first?.id })] : []
  }))
  const go = make("a", { class: "button strong", role: "link" }, "Compare")
  const offer = () => offerComparison(go, list, "Tick two or more")
  list.addEventListener("change", offer)
  offer()
  place.replaceChildren(make("p", { class: "soft" }, first ? `Run ${first.number} and which others?` : "Tick two or more of your runs."), list, go)
}
