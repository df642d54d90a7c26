/** Replies in the console, as redis-cli would print them. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { words } from "helpers/reply"

const text = (/** @type {string} */ said) => ({ kind: "text", text: said })

test("nothing is said of what no reply means: SET … NX answers (nil) for a key that is there", () => {
  assert.equal(words({ kind: "nil", text: "" }, ""), "(nil)")
})

test("quotes inside a text are escaped, so that its end can be seen", () => {
  assert.equal(words(text('{"name": "Ada"}'), ""), '"{\\"name\\": \\"Ada\\"}"')
  assert.equal(words({ kind: "list", items: [text('a"'), text("b")] }, ""), '1) "a\\""\n2) "b"')
})
