import assert from "node:assert/strict"
import { test } from "node:test"
import { natural, orderLanes } from "models/lanes"

test("lanes have their order by role and number", () => {
  assert.deepEqual(orderLanes(["waiting", "thread 10", "db", "thread 2", "thread 1", "loop", "worker 1", "thread 2"]),
    ["loop", "thread 1", "thread 2", "thread 10", "worker 1", "db", "waiting"])
  assert.ok(natural("hash 2", "hash 10") < 0)
  assert.equal(natural("a", "a"), 0)
})
