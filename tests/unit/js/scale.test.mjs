import assert from "node:assert/strict"
import { test } from "node:test"
import { axisWords, closeCeiling, decimals, niceCeiling, niceStep, unitScale } from "models/scale"

test("the scale speaks in units once the unit is known", () => {
  const hashes = unitScale(0.25, "hashes")
  assert.equal(hashes.shown(0.465), 1.86)
  assert.equal(hashes.seconds(2), 0.5)
  assert.equal(hashes.say(0.465), "1.86 hashes (0.47 s)")
  assert.equal(hashes.title, "in single hashes")
  const seconds = unitScale(null, "hashes")
  assert.equal(seconds.say(0.465), "0.47 s")
  assert.equal(seconds.title, "seconds")
  assert.equal(unitScale(0.25, "s").inUnits, false)
})

test("an axis says what it counts", () => {
  const cases = [["s", null, "seconds"], ["%", "hit ratio", "percent"], ["hashes", null, "in single hashes"], ["queries", "queries", "queries"]]
  for (const [unit, result, words] of cases) assert.equal(axisWords(unit, result), words)
})

test("numbers as people read them", () => {
  const cases = [[0, "0.00"], [0.0123, "0.012"], [0.47, "0.47"], [2.954, "2.95"], [12.34, "12.3"], [148.4, "148"], [1480.2, "1,480"], [-0.0001, "0.00"]]
  for (const [value, words] of cases) assert.equal(decimals(value), words)
})

test("axes end at round numbers", () => {
  const cases = [[0.93, 1], [1.01, 1.2], [2, 2], [3.1, 4], [7, 8], [8.2, 10], [130, 150], [0.021, 0.025], [0, 1], [NaN, 1]]
  for (const [value, end] of cases) assert.equal(niceCeiling(value), end)
  assert.equal(niceStep(4, 5), 1)
  assert.equal(niceStep(3, 7), 0.5)
  assert.equal(niceStep(64, 6), 20)
})

test("an axis that grows no more ends close above its values", () => {
  assert.deepEqual([6.3, 7.5, 8.3, 0.61, 2, 113].map(closeCeiling), [6.5, 7.5, 8.5, 0.65, 2, 120])
})
