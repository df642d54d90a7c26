import assert from "node:assert/strict"
import { test } from "node:test"
import { ExactNumber, exactJson } from "models/exact_json"

test("numbers stay as they were written", () => {
  const { value } = exactJson('{"big": 9007199254740993, "one": 1.0, "small": 42, "half": 0.5, "text": "9007199254740993"}')
  assert.deepEqual(value, { big: new ExactNumber("9007199254740993"), one: new ExactNumber("1.0"), small: 42, half: 0.5, text: "9007199254740993" })
  assert.equal(exactJson("no JSON"), undefined)
})

test("a browser that does not tell how a number was written shows long ones as text only", (t) => {
  const parse = JSON.parse
  t.mock.method(JSON, "parse", (text, reviver) => parse(text, (key, one) => reviver(key, one)))
  assert.equal(exactJson("[9007199254740993]"), undefined)
  assert.equal(exactJson("[1e400]"), undefined)
  assert.deepEqual(exactJson('{"small": 42, "text": "1"}'), { value: { small: 42, text: "1" } })
})
