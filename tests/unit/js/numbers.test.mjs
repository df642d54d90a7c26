import assert from "node:assert/strict"
import { test } from "node:test"
import { Running, median, range } from "models/numbers"

test("median and range", () => {
  assert.equal(median([]), null)
  assert.equal(median([3]), 3)
  assert.equal(median([9, 1, 5]), 5)
  assert.equal(median([4, 1, 2, 3]), 2.5)
  assert.deepEqual(range([2, 1, 3]), [1, 3])
  assert.equal(range([]), null)
  const running = new Running()
  for (const value of [5, 1, 9, 3]) running.add(value)
  assert.equal(running.median, 4)
})
