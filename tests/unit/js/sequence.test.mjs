import assert from "node:assert/strict"
import { test } from "node:test"
import { Sequence } from "models/sequence"
import { dice, shuffled } from "./streams.mjs"

const batch = (first, last, more = {}) => ({
  first, last, events: Array.from({ length: last - first + 1 }, (_, i) => ({ seq: first + i })), ...more,
})

function recorded(options) {
  const seen = []
  const sequence = new Sequence((events) => seen.push(...events.map((event) => event.seq)), options)
  return { seen, sequence }
}

const upTo = (n) => Array.from({ length: n }, (_, i) => i + 1)

test("in order", () => {
  const { seen, sequence } = recorded()
  sequence.push(batch(1, 3))
  sequence.push(batch(4, 6))
  assert.deepEqual(seen, upTo(6))
  assert.equal(sequence.last, 6)
  assert.equal(sequence.missing(), false)
})

test("twice and overlapping: each event once", () => {
  const { seen, sequence } = recorded()
  for (const [a, b] of [[1, 3], [1, 3], [2, 5], [4, 5], [5, 9]]) sequence.push(batch(a, b))
  assert.deepEqual(seen, upTo(9))
})

test("early batches wait for the missing one", () => {
  const { seen, sequence } = recorded()
  sequence.push(batch(4, 6))
  sequence.push(batch(9, 9))
  assert.deepEqual(seen, [])
  assert.equal(sequence.missing(), true)
  assert.equal(sequence.held, 4)
  sequence.push(batch(1, 3))
  assert.deepEqual(seen, upTo(6))
  assert.equal(sequence.missing(), true)
  sequence.push(batch(6, 8))
  assert.deepEqual(seen, upTo(9))
  assert.equal(sequence.missing(), false)
  assert.equal(sequence.held, 0)
})

test("any cutting, order and repetition ends the same", () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const random = dice(seed)
    const batches = []
    for (let n = 1; n <= 200;) {
      const last = Math.min(200, n + Math.floor(random() * 12))
      batches.push(batch(Math.max(1, n - Math.floor(random() * 5)), last))
      if (random() < 0.2) batches.push(batch(n, last))
      n = last + 1
    }
    const { seen, sequence } = recorded()
    for (const one of shuffled(batches, random)) sequence.push(one)
    assert.deepEqual(seen, upTo(200), `seed ${seed}`)
    assert.equal(sequence.missing(), false)
  }
})

test("what is held is bounded; what was dropped is missing until it comes again", () => {
  const { seen, sequence } = recorded({ hold: 10 })
  sequence.push(batch(5, 12))
  sequence.push(batch(13, 20))
  assert.equal(sequence.held, 8)
  sequence.push(batch(1, 4))
  assert.deepEqual(seen, upTo(12))
  assert.equal(sequence.missing(), true)
  sequence.push(batch(1, 20, { whole: true }))
  assert.deepEqual(seen, upTo(20))
  assert.equal(sequence.missing(), false)
})

test("a batch with a hole is taken up to the hole; the truth is taken as it is", () => {
  const { seen, sequence } = recorded()
  const holed = { first: 1, last: 4, events: [{ seq: 1 }, { seq: 2 }, { seq: 4 }] }
  sequence.push(holed)
  assert.deepEqual(seen, [1, 2])
  assert.equal(sequence.missing(), true)
  sequence.push({ ...holed, whole: true })
  assert.deepEqual(seen, [1, 2, 4])
  assert.equal(sequence.last, 4)
  assert.equal(sequence.missing(), false)
})

test("starts after a known number, and ignores nonsense", () => {
  const { seen, sequence } = recorded({ after: 10 })
  sequence.push(batch(8, 12))
  sequence.push({ first: NaN, last: 20, events: [] })
  sequence.push({ first: 20, last: 13, events: [] })
  sequence.push({ first: 13, last: 14, events: [null, { seq: "13" }, { seq: 13 }, { seq: 14 }] })
  assert.deepEqual(seen, [11, 12, 13, 14])
})
