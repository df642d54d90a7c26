/** The catalogue: the last run of mine on each card, which servers answer, and progress that another tab made. */

import { Shell } from "controllers/shell"
import { call, myRuns } from "helpers/api"
import { make } from "helpers/dom"
import { ago } from "helpers/words"

/** @type {Record<string, string>} */
const ENDED = { finished: "", failed: ", failed", cancelled: ", cancelled", running: ", running now", queued: ", in the queue" }

const shell = new Shell()
shell.connect()
shell.onStatus(({ redis, mongodb, cpus }) => {
  const servers = [redis, mongodb].filter((one) => one).map((one) => `${one?.name} ${one?.version}`)
  document.getElementById("servers")?.replaceChildren(
    make("span", {}, `Measured on this machine: ${cpus} usable CPU${cpus === 1 ? "" : "s"}`),
    ...servers.map((words) => make("span", {}, words)),
    make("a", { href: "/keys" }, "Redis keys, live"))
})

/** A tab that is looked at again shows what was done elsewhere meanwhile; the server draws it. */
async function compare() {
  if (document.hidden) return
  const told = await call("/api/progress").catch(() => null)
  const labs = /** @type {{slug: string, state: string}[]} */ ((told?.sections ?? []).flatMap((/** @type {{labs: object[]}} */ one) => one.labs))
  const shown = (/** @type {string} */ slug) => cards.find((card) => card.getAttribute("data-lab") === slug)?.getAttribute("data-progress")
  if (told?.known && labs.some(({ slug, state }) => shown(slug) !== state)) location.reload()
}
document.addEventListener("visibilitychange", compare)
window.addEventListener("pageshow", (event) => void (event.persisted && compare()))

const cards = [...document.querySelectorAll("[data-lab]")]
const runs = await myRuns({ limit: 50 }).catch(() => [])
for (const card of cards) {
  const run = runs.find((one) => one.lab === card.getAttribute("data-lab"))
  const line = card.querySelector(".last")
  line?.replaceChildren(...(run
    ? ["Your last: ", make("a", { href: `/runs/${run.id}` }, `run ${run.number}`), `, ${ago(run.created)}${ENDED[run.state] ?? ""}`]
    : ["You have not run this yet"]))
}
