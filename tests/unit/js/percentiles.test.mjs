import assert from "node:assert/strict"
import { test } from "node:test"
import { curveLines } from "models/curve_lines"
import { distributions, namedShares, percentile, shareOf, shareWords, stretched } from "models/percentiles"
import { RunModel } from "models/run"

function run(samples, { labels = ["gunicorn"], series = "/fast" } = {}) {
  const model = new RunModel()
  let seq = 0
  const tell = (event) => model.apply({ seq: (seq += 1), t: seq / 10, ...event }, 0)
  labels.forEach((label, i) => {
    tell({ e: "part", part: `p${i}`, state: "begin", runtime: label, label, repeat: 1, params: {} })
    for (const value of samples) tell({ e: "sample", part: `p${i}`, series, value, unit: "s" })
  })
  return model
}

test("values of all repeats, sorted, one distribution for each series and server", () => {
  const [one, ...more] = distributions([run([0.3, 0.1, 0.2])], ["/fast", "/"])
  assert.deepEqual([one.name, one.values, more.length], ["/fast", [0.1, 0.2, 0.3], 0])
  const two = distributions([run([1], { labels: ["gunicorn", "Node.js"] })], ["/fast"])
  assert.deepEqual(two.map(({ name }) => name), ["gunicorn, /fast", "Node.js, /fast"])
  assert.deepEqual(distributions([new RunModel()], ["/fast"]), [])
})

test("a percentile has a name when ten values lie beyond it", () => {
  assert.deepEqual(namedShares(3), [0, 0.5])
  assert.deepEqual(namedShares(100), [0, 0.5, 0.9])
  assert.ok(!namedShares(999).includes(0.99))
  assert.ok(namedShares(1000).includes(0.99))
  const values = Array.from({ length: 1000 }, (_, i) => i + 1)
  assert.deepEqual([0.5, 0.9, 0.99, 0.999].map((share) => percentile(values, share)), [500, 900, 990, null])
  assert.equal(percentile(values.slice(0, 99), 0.9), null)
  assert.equal(percentile([], 0.5), null)
})

test("the axis is stretched towards 100 %, and every value has its place on it", () => {
  assert.equal(stretched(0), 0)
  assert.equal(Math.round(stretched(0.99) * 1e9) / 1e9, 2)
  assert.equal(shareOf(0, 1), 0.5)
  assert.ok(Number.isFinite(stretched(shareOf(99_999, 100_000))))
  assert.deepEqual([0.5, 0.999].map(shareWords), ["50 %", "99.9 %"])
})

test("a curve of results by name has the ideal that was asked for, or none", () => {
  const model = new RunModel()
  const events = [1, 2, 4].map((x) => ({ e: "result", name: "throughput", unit: "requests/s", runtime: "node", label: "Node.js", x, value: 90 * x, values: [90 * x], n: 1, spread: [1, 1] }))
  events.forEach((event, i) => model.apply({ ...event, t: 1, seq: i + 1 }, 0))
  const wish = { unit: "requests/s", x: "workers", result: "throughput" }
  const [line, ideal] = curveLines([model], { ...wish, ideal: "rising" })
  assert.deepEqual(line.middle, [[1, 90], [2, 180], [4, 360]])
  assert.deepEqual(ideal.middle.at(-1), [4, 360])
  assert.deepEqual(curveLines([model], { ...wish, ideal: null }).length, 1)
  assert.deepEqual(curveLines([model], wish)[1].middle.at(-1), [4, 22.5])
})
