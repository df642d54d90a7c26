import assert from "node:assert/strict"
import { test } from "node:test"
import { RunModel } from "models/run"

/** @param {Record<string, unknown>} fields */
const row = (id, seq, fields = {}) => ({ e: "process", t: seq / 10, seq, part: "p", id, status: "online", ...fields })

function fed(...events) {
  const model = new RunModel()
  for (const event of events) model.apply(event)
  return model.parts.get("p")?.processes.all ?? []
}

test("the latest of each row counts, in whatever order they come", () => {
  const rows = fed(row("worker 10", 3), row("worker 2", 5, { pid: 7, status: "leaking" }), row("master", 4), row("worker 2", 2, { pid: 6 }))
  assert.deepEqual(rows.map(({ id }) => id), ["master", "worker 2", "worker 10"])
  assert.deepEqual([rows[1]?.pid, rows[1]?.status, rows[1]?.place], [7, "leaking", 2])
})

test("a row that is over goes, and may come back", () => {
  assert.deepEqual(fed(row("worker 1", 1), row("worker 1", 2, { over: true })), [])
  assert.equal(fed(row("worker 1", 2, { over: true }), row("worker 1", 3)).length, 1)
})

test("broken fields and floods of rows are taken without harm", () => {
  const [broken] = fed(row("worker 1", 1, { pid: "x", cpu: null, memory: {}, rate: NaN, restarts: [], uptime: "1" }))
  assert.deepEqual([broken?.pid, broken?.cpu, broken?.memory, broken?.rate, broken?.restarts, broken?.uptime], [null, null, null, null, 0, null])
  assert.equal(fed(...Array.from({ length: 500 }, (_, n) => row(`worker ${n + 1}`, n + 1))).length, 64)
  assert.equal(fed({ e: "process", t: 0, part: "p" }).length, 0)
})

test("acts and marks are kept by number", () => {
  const model = new RunModel()
  model.apply({ e: "action", t: 2, seq: 2, n: 1, id: "kill", label: "Kill, worker 1", state: "sent" })
  model.apply({ e: "mark", t: 1, seq: 3, part: "p", text: "kill −9 worker 1", n: 1 })
  assert.deepEqual([model.own.acts.items.at(-1)?.label, model.parts.get("p")?.marks.items[0]?.n], ["Kill, worker 1", 1])
})
