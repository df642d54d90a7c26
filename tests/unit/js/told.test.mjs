import assert from "node:assert/strict"
import { test } from "node:test"
import { awaited } from "charts/curve"
import { partLabels } from "controllers/findings"
import { noRows } from "controllers/table_pane"

const parts = (...labels) => new Map(labels.map(([id, label, repeat = 1]) => [id, { label, repeat, runtime: "gunicorn" }]))

test("parts of one runtime that are cited side by side are told apart", () => {
  const sizes = partLabels(parts(["a", "gunicorn, 1 worker"], ["b", "gunicorn, 4 workers"]), ["a", "b"])
  assert.equal(sizes.several, true)
  assert.deepEqual(["a", "b"].map(sizes.label), ["gunicorn, 1 worker", "gunicorn, 4 workers"])
  const repeats = partLabels(parts(["a", "gunicorn", 1], ["b", "gunicorn", 2]), ["a", "b"])
  assert.equal(repeats.several, true)
  assert.deepEqual(["a", "b"].map(repeats.label), ["gunicorn, repeat 1", "gunicorn, repeat 2"])
  assert.equal(partLabels(parts(["a", "gunicorn", 1], ["b", "gunicorn", 2]), ["b"]).several, false)
  assert.equal(partLabels(parts(), ["gone"]).several, false)
  assert.equal(partLabels(parts(), ["gone"]).label("gone"), "gone")
})

test("a table without rows says that they come, or that this run has none", () => {
  assert.match(noRows({ ended: false, parts: new Map() }).join(". "), /^No times yet\. Each piece of work gets a row/)
  assert.match(noRows({ ended: true, parts: parts(["a", "gunicorn"]) }).join(". "), /tables under its charts\.$/)
  assert.match(noRows({ ended: true, parts: new Map() })[1], /ended before/)
})

test("an empty chart says why: not yet, nothing, or nothing because the run was stopped", () => {
  const runs = (...states) => states.map((state) => ({ state, ended: state !== "running" }))
  assert.equal(awaited(runs("running"), { result: "throughput" }), "Drawn when the run has ended")
  assert.equal(awaited(runs("finished"), { result: "throughput" }), "Nothing was measured")
  assert.equal(awaited(runs("cancelled"), {}), "Nothing was measured")
  assert.equal(awaited(runs("finished", "cancelled"), { result: "throughput" }), "Told only of runs that end by themselves.")
})
