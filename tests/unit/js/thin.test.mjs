import assert from "node:assert/strict"
import { test } from "node:test"
import { thin } from "models/thin"
import { dice } from "./streams.mjs"

test("thinning keeps the extremes of every column, in order, with at most two points each", () => {
  const random = dice(3)
  const x = Array.from({ length: 10_000 }, (_, i) => i / 100)
  const y = x.map(() => random())
  y[5000] = 50
  y[7000] = -50
  const out = thin(x, y, { from: 0, to: 100, columns: 200 })
  assert.ok(out.x.length <= 402)
  assert.ok(out.y.includes(50) && out.y.includes(-50))
  assert.deepEqual([...out.x].sort((a, b) => a - b), out.x)
  const few = thin([1, 2, 3, 4], [1, 2, 3, 4], { from: 2.5, to: 3.5, columns: 100 })
  assert.deepEqual(few, { x: [2, 3, 4], y: [2, 3, 4] })
  assert.deepEqual(thin([], [], { from: 0, to: 1, columns: 10 }), { x: [], y: [] })
  assert.deepEqual(thin([1, 2, 3], [1, 2, 3], { from: 0, to: 9, columns: 10, start: 1 }).x, [2, 3])
})
