import assert from "node:assert/strict"
import { test } from "node:test"
import { laneName, natural, orderLanes } from "models/lanes"

test("lanes have their order by role and number", () => {
  assert.deepEqual(orderLanes(["waiting", "thread 10", "db", "thread 2", "thread 1", "loop", "worker 1", "thread 2"]),
    ["loop", "thread 1", "thread 2", "thread 10", "worker 1", "db", "waiting"])
  assert.ok(natural("hash 2", "hash 10") < 0)
  assert.equal(natural("a", "a"), 0)
})

test("a lane is called with its process id, where the part told one", () => {
  const part = { host: { pids: { "worker 1": 4711, "worker 2": "x" } } }
  assert.equal(laneName(part, "worker 1"), "worker 1 (pid 4711)")
  for (const lane of ["worker 2", "worker 3", "waiting", "toString", ""]) assert.equal(laneName(part, lane), lane)
  assert.equal(laneName({ host: {} }, "worker 1"), "worker 1")
  assert.equal(laneName(null, "worker 1"), "worker 1")
})
