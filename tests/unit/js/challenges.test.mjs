import assert from "node:assert/strict"
import { test } from "node:test"
import { isChange } from "controllers/challenges"

const change = (cause) => ({ id: "a", name: "a", cause, by: cause, times: 1, misses: 0 })
const news = (causes, stale = null) => ({ changed: causes.map(change), stale, total: 1, now: 0, events: 1 })

test("that somebody missed a key is no reason to look at the challenges again", () => {
  assert.equal(isChange(news(["keymiss"])), false)
  assert.equal(isChange(news([])), false)
  assert.equal(isChange(news(["keymiss", "hset"])), true)
  assert.equal(isChange(news([], "flush")), true)
})
