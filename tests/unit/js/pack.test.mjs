import assert from "node:assert/strict"
import { test } from "node:test"
import { Pack } from "models/pack"

test("each takes the first row that is free, one that touches its end too", () => {
  const pack = new Pack(9)
  assert.deepEqual([[0, 4], [1, 2], [2, 3], [3.5, 5], [4, 6], [4.5, 5]].map(([from, to]) => pack.place(from, to)), [0, 1, 1, 1, 0, 2])
  assert.equal(pack.rows, 3)
})

test("where all rows are taken there is none, until one ends", () => {
  const pack = new Pack(2)
  assert.deepEqual([[0, 9], [0, 2], [1, 2], [2, 3]].map(([from, to]) => pack.place(from, to)), [0, 1, null, 1])
  assert.equal(pack.rows, 2)
})
