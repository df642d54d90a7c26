import assert from "node:assert/strict"
import { test } from "node:test"
import { backoff } from "models/backoff"

test("backoff doubles, is capped, and has jitter", () => {
  assert.equal(backoff(0, { random: () => 1 }), 300)
  assert.equal(backoff(3, { random: () => 1 }), 2400)
  assert.equal(backoff(3, { random: () => 0 }), 1200)
  assert.equal(backoff(500, { random: () => 1 }), 15_000)
})
