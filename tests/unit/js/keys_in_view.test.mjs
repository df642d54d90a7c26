import assert from "node:assert/strict"
import { test } from "node:test"
import { fitting } from "controllers/keys_in_view"

test("ids that do not fit into one message are left out, shorter ones after them are not", () => {
  const long = Array.from({ length: 30 }, (_, n) => String(n).padEnd(4700, "x"))
  const told = fitting([...long, "short"])
  assert.ok(JSON.stringify(told).length < 48_100)
  assert.deepEqual(told, [...long.slice(0, 10), "short"])
  assert.deepEqual(fitting(["a", "b"]), ["a", "b"])
})
