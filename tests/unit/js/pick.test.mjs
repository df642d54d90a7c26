import assert from "node:assert/strict"
import { test } from "node:test"
import { comparison } from "models/pick"

test("two to six runs are compared, the oldest first", () => {
  assert.deepEqual([comparison([]), comparison(["a"])].map(({ address, words }) => [address, words]), [[null, ""], [null, ""]])
  assert.deepEqual(comparison(["new", "old"]), { count: 2, address: "/compare?runs=old,new", words: "Compare 2" })
  assert.deepEqual(comparison([..."abcdefg"]), { count: 7, address: null, words: "6 at most" })
})
