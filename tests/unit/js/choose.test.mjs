import assert from "node:assert/strict"
import { test } from "node:test"
import { medianPart, shownOf, shownPart, sizesOf, variants } from "models/choose"
import { RunModel } from "models/run"
import { runEvents } from "./streams.mjs"

test("which repeat is shown: the latest while it runs, the median one afterwards, or the one asked for", () => {
  const part = (repeat, end, more = {}) => ({ id: `g-${repeat}`, repeat, end, state: "end", cold: false, spans: { size: 1 }, unit: null, ...more })
  const parts = [part(1, 9, { cold: true }), part(2, 3), part(3, 1), part(4, 2)]
  assert.equal(medianPart(parts).repeat, 4)
  assert.equal(medianPart(parts.slice(0, 3)).repeat, 2)
  assert.equal(shownPart(parts, { ended: true }).repeat, 4)
  assert.equal(shownPart(parts, { ended: false }).repeat, 4)
  assert.equal(shownPart(parts, { ended: true, repeat: 3 }).repeat, 3)
  assert.equal(shownPart([...parts, part(5, 0, { state: "begin", spans: { size: 0 } })], { ended: false }).repeat, 4)
  assert.equal(medianPart([part(1, 9, { cold: true })]).repeat, 1)
  assert.equal(medianPart([]), undefined)
  const slowUnit = [part(1, 4, { unit: 4 }), part(2, 3, { unit: 1 }), part(3, 2, { unit: 1 })]
  assert.equal(medianPart(slowUnit).repeat, 3)
  assert.equal(medianPart(slowUnit, "s").repeat, 2)
})

test("runtimes in the order in which they were chosen", () => {
  const run = new RunModel()
  for (const event of runEvents([{ part: "node-1", runtime: "node" }, {}])) run.apply(event)
  assert.deepEqual(variants(run).map(({ runtime }) => runtime), ["gevent", "node"])
})

test("the sizes of a sweep take turns: the wanted one, else the one that runs, afterwards the largest", () => {
  const run = new RunModel()
  const part = (workers, repeat, size, end) => ({ id: `g-${workers}-${repeat}`, runtime: "g", label: `g, ${workers} workers`, repeat, params: { workers }, state: "end", end, unit: 1, spans: { size } })
  for (const one of [part(1, 1, 5, 9), part(2, 1, 5, 7), part(1, 2, 5, 5), part(2, 2, 0, 0)]) run.parts.set(one.id, one)
  const shown = (choice) => shownOf(run, { x: "workers", ...choice }).map(({ label, part: one, parts }) => [label, one.id, parts.length])
  assert.deepEqual(shown(), [["g, 1 workers", "g-1-2", 2]])
  assert.deepEqual(shown({ size: 2 }), [["g, 2 workers", "g-2-1", 2]])
  run.state = "finished"
  assert.deepEqual(shown(), [["g, 2 workers", "g-2-1", 2]])
  assert.deepEqual(shown({ size: 1 }), [["g, 1 workers", "g-1-2", 2]])
  assert.deepEqual(shown({ size: 3 }), shown())
  assert.deepEqual(sizesOf([...run.parts.values()], "workers"), [1, 2])
  assert.equal(shownOf(run).length, 2)
})

test("of a sweep that was stopped, the largest size that has something to show", () => {
  const run = new RunModel()
  const part = (workers, repeat, size) => ({ id: `g-${workers}-${repeat}`, runtime: "g", label: `g, ${workers} workers`, repeat, params: { workers }, state: "end", end: size, unit: 1, spans: { size } })
  for (const one of [part(1, 1, 5), part(2, 1, 5), part(4, 1, 0), part(1, 2, 5)]) run.parts.set(one.id, one)
  run.state = "cancelled"
  const shown = (choice) => shownOf(run, { x: "workers", ...choice }).map(({ part: one }) => one?.id)
  assert.deepEqual(shown(), ["g-2-1"])
  assert.deepEqual(shown({ repeat: 2 }), ["g-1-2"])
  assert.deepEqual(shown({ size: 4 }), ["g-4-1"])
  for (const one of run.parts.values()) one.params = {}
  assert.deepEqual(shown(), ["g-2-1"])
})
