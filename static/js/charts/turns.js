/**
 * A loop turn by turn: what is pending, how long it waits and what wakes it, which phase calls what. One moment at a time,
 * with steps, a slider and a slow play. It shows what one watched pass told, and nothing else.
 */

import { Stepper } from "controllers/stepper"
import { make, say } from "helpers/dom"
import { before, momentsOf, turnsOf } from "models/turns"
import { shownOf } from "models/choose"
import { turnPicture } from "charts/turn_picture"

/** @typedef {import("models/run").RunModel} RunModel @typedef {import("models/part").Part} Part */

let made = 0

/** @param {HTMLElement} element @param {any} first */
export function mount(element, first) {
  let options = first
  let repeat = /** @type {number | null} */ (null)
  let chosen = 0
  let [drawn, tabsDrawn] = ["", ""]
  const name = `turns-${(made += 1)}`
  const tabs = make("div", { class: "chips", role: "radiogroup", "aria-label": "Which loop" })
  const picture = make("div", { class: "turn-picture" })
  const stepper = new Stepper(() => draw())
  element.replaceChildren(make("div", { class: "turns" }, tabs, picture, stepper.element))
  stepper.connect()
  tabs.addEventListener("change", (event) => {
    chosen = Number(/** @type {HTMLInputElement} */ (event.target).value)
    stepper.place = 0
    draw()
  })

  /** @returns {{name: string, run: RunModel, part: Part}[]} */
  const loops = () => {
    const runs = /** @type {RunModel[]} */ ([options.run].flat())
    return runs.flatMap((run) => shownOf(run, { repeat }).flatMap(({ label, part }) => (
      part ? [{ name: runs.length > 1 ? `${run.name}, ${label}` : label, run, part }] : []
    )))
  }

  const draw = () => {
    const all = loops()
    showTabs(all.map((one) => one.name))
    const loop = all[Math.min(chosen, all.length - 1)]
    const turns = loop ? turnsOf(loop.part) : []
    const moments = momentsOf(turns)
    const live = loop !== undefined && (!loop.run.ended || loop.run.playhead !== null)
    stepper.show(moments.length, live, (index) => {
      const moment = moments[index]
      return moment ? `Turn ${moment.turn.n}${moment.call ? `, ${moment.call.name}` : ""}` : ""
    })
    const key = `${loop?.part.id} ${moments.length} ${stepper.place} ${loop?.run.version}`
    if (key === drawn) return
    drawn = key
    const moment = moments[stepper.place]
    if (!loop || !moment) return picture.replaceChildren(make("p", { class: "soft" }, "The turns are told when a watched pass is over."))
    picture.replaceChildren(turnPicture(moment, [...before(loop.part, turns), ...moments.slice(0, stepper.place + 1).flatMap(({ call }) => call ?? [])], (id) => options.onSpan?.(loop.part.id, id)))
    say(stepper.where, moment.turn.end ? "The end" : `Turn ${moment.turn.n} of ${turns.filter((turn) => !turn.end).at(-1)?.n ?? 0}`)
  }

  /** @param {string[]} names */
  const showTabs = (names) => {
    if (names.join() === tabsDrawn) return
    tabsDrawn = names.join()
    chosen = Math.min(chosen, Math.max(0, names.length - 1))
    tabs.hidden = names.length < 2
    tabs.replaceChildren(...names.map((words, index) => make("label", { class: "chip" },
      make("input", { type: "radio", name, value: index, checked: index === chosen }), make("span", {}, words))))
  }

  return {
    update: draw,
    set(/** @type {{repeat?: number | null}} */ change) {
      options = { ...options, ...change }
      if ("repeat" in change) repeat = change.repeat ?? null
      draw()
    },
    select(/** @type {string | null} */ part, /** @type {string[] | null} */ ids) {
      const all = loops()
      const at = all.findIndex((one) => one.part.id === part)
      const index = at < 0 ? -1 : momentsOf(turnsOf(/** @type {Part} */ (all[at]?.part))).findIndex(({ call }) => call !== null && ids?.includes(call.id))
      if (index < 0) return
      tabs.querySelectorAll("input").forEach((input, place) => { input.checked = place === at })
      chosen = at
      stepper.place = index
      draw()
    },
    destroy() {
      stepper.disconnect()
      element.replaceChildren()
    },
  }
}
