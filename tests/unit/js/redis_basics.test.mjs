/** What the lab redis-basics writes down of an object that came back to Node.js. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { said } from "../../../labs/redis_basics/said.mjs"

test("an object looks like an object, a text like a text", () => {
  assert.equal(said({ name: "Ada", age: "36" }), '{"name":"Ada","age":"36"}')
  assert.equal(said("[object Object]"), '"[object Object]"')
  assert.equal(said(null), "null")
})

test("what is cut says so", () => {
  const long = said({ name: "x".repeat(500) })
  assert.equal(long.length, 120)
  assert.ok(long.endsWith("x…"))
  assert.ok(!said("x".repeat(118)).includes("…"))
})
