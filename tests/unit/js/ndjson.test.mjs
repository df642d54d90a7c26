import assert from "node:assert/strict"
import { test } from "node:test"
import { LineReader, readLines } from "models/ndjson"

test("lines of JSON in any pieces; rubbish is counted", () => {
  const text = '{"seq":1}\n{"seq":2,"text":"é\\n"}\nrubbish\n[1]\n\n{"seq":3}'
  for (let cut = 1; cut < text.length; cut += 1) {
    const reader = new LineReader()
    const events = [...reader.read(text.slice(0, cut)), ...reader.read(text.slice(cut)), ...reader.finish()]
    assert.deepEqual(events.map((event) => event.seq), [1, 2, 3])
    assert.equal(reader.broken, 2)
  }
  assert.deepEqual(readLines(undefined), [])
})
