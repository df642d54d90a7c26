import assert from "node:assert/strict"
import { test } from "node:test"
import { marksOf, markWords } from "charts/line_marks"
import { lineSeries, unshared } from "charts/line_series"
import { placeMarks } from "models/mark_labels"
import { RunModel } from "models/run"

const axis = { from: 0, to: 10, left: 100, width: 500, gap: 5, wide: (text) => text.length * 10 }
const mark = (t, text, severity = "info") => ({ t, text, severity })
const told = (marks) => placeMarks(marks, axis).map(({ x, text, side }) => [x, text, side])

function sampled(ids) {
  const run = new RunModel()
  let seq = 0
  const apply = (event) => run.apply({ ...event, seq: (seq += 1) })
  for (const part of ids) {
    apply({ e: "part", t: 0, part, state: "begin", runtime: part, label: part, repeat: 1, params: {} })
    for (let t = 1; t < 4; t += 1) apply({ e: "sample", t, part, series: "loop lag", value: t / 10, unit: "s" })
    apply({ e: "mark", t: 1.5, part, text: "/ begins", severity: "warn" })
    apply({ e: "mark", t: 2.5, part, text: "/ ends" })
  }
  apply({ e: "mark", t: 99, text: "the run itself" })
  return run
}

test("words stand beside their line, on the side where they cover nothing", () => {
  assert.deepEqual(told([mark(1, "begins"), mark(8, "ends")]), [[150, "begins", "start"], [500, "ends", "start"]])
  assert.deepEqual(told([mark(9.8, "ends")]), [[590, "ends", "end"]])
  assert.deepEqual(told([mark(1, "begins"), mark(2, "ends")]), [[150, "← begins", "start"], [200, null, "start"]])
})

test("a warning keeps its words where there is no room for all", () => {
  assert.deepEqual(told([mark(2, "begins"), mark(2.2, "blocks", "warn")]), [[200, "begins", "end"], [210, "blocks", "start"]])
  assert.deepEqual(told([mark(0, "begins"), mark(0.2, "blocks", "warn")]), [[100, null, "start"], [110, "blocks", "start"]])
})

test("words go where they stand beside no other mark's line if there is such a place, else an arrow tells which line is theirs", () => {
  assert.deepEqual(told([mark(4, "begins"), mark(4.8, "x".repeat(40))]), [[300, "begins", "end"], [340, null, "start"]])
  assert.deepEqual(told([mark(6, "ends"), mark(6.75, "x".repeat(40))]), [[400, "ends", "end"], [437.5, null, "start"]])
  assert.deepEqual(told([mark(7, "x".repeat(80)), mark(8, "y".repeat(80)), mark(9, "server", "bad")]).at(-1), [550, "server →", "end"])
  assert.deepEqual(told([mark(1, "begins"), mark(1.2, "x".repeat(80))]), [[150, "← begins", "start"], [160, null, "start"]])
})

test("marks of the same words at nearly the same place have them once, with their number", () => {
  assert.deepEqual(told([mark(4, "kill", "warn"), mark(4, "kill"), mark(4.1, "kill")]), [[300, null, "start"], [300, null, "start"], [305, "kill ×3", "start"]])
  assert.deepEqual(told([mark(9.8, "kill"), mark(9.9, "kill")]), [[590, "kill ×2", "end"], [595, null, "start"]])
  assert.deepEqual(told([mark(4, "kill"), mark(6, "kill")]), [[300, "kill", "start"], [400, "kill", "start"]])
})

test("what lies outside the window is left out, and words longer than the axis are not written", () => {
  assert.deepEqual(told([mark(-1, "a"), mark(11, "b"), mark(5, "x".repeat(80))]), [[350, null, "start"]])
})

test("the marks of the parts whose lines are drawn, each once, and in words", () => {
  const one = marksOf(lineSeries([sampled(["asyncio"])], { unit: "s" }))
  assert.deepEqual(one.map(({ t, text, severity }) => [t, text, severity]), [[1.5, "/ begins", "warn"], [2.5, "/ ends", "info"]])
  assert.equal(markWords(one), " Marks: / begins at 1.50 s, / ends at 2.50 s.")
  const two = marksOf(lineSeries([sampled(["asyncio", "node"])], { unit: "s" }))
  assert.deepEqual(two.map(({ text }) => text), ["asyncio: / begins", "asyncio: / ends", "node: / begins", "node: / ends"])
  assert.deepEqual(marksOf(lineSeries([sampled([])], { unit: "s" })), [])
  assert.equal(markWords([]), "")
  assert.match(markWords(Array.from({ length: 20 }, () => mark(1, "x"))), /, and 8 more\.$/)
})

test("names of lines leave out what all of them share", () => {
  assert.deepEqual(unshared(["memory, worker 1", "memory, worker 2"]), ["worker 1", "worker 2"])
  assert.deepEqual(unshared(["run 1, answers, /", "run 1, answers, /fast"]), ["/", "/fast"])
  assert.deepEqual(unshared(["answered", "late"]), ["answered", "late"])
  assert.deepEqual(unshared(["gunicorn, a", "node, a"]), ["gunicorn, a", "node, a"])
  assert.deepEqual(unshared(["memory, worker 1"]), ["memory, worker 1"])
  assert.deepEqual(unshared([]), [])
})
