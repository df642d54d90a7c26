// The words of the page: parameters, waits, cites. No DOM.

import assert from "node:assert/strict"
import { test } from "node:test"
import { guessMax, guessOn } from "helpers/range"
import { answeredBy, serversApart } from "helpers/servers"
import { about, ago, briefly, capital, citesByPart, filled, guessWords, holds, idWords, leftWords, paramWords, queueWords, sizes, sliderWords, title } from "helpers/words"

const rule = (more) => ({ title: "Hashes", default: 5, ...more })
const lab = {
  params: {
    properties: {
      runtimes: { title: "Runtime", labels: { a: "A", b: "B" } },
      repeats: { title: "Repeats", default: 3, advanced: true },
      tasks: rule({}),
      pool: rule({ title: "Pool", titles: [{ when: { mode: "sweep" }, title: "Largest pool" }] }),
      mode: { title: "Mode", labels: { burst: "One burst", sweep: "Sweep" } },
      cold: { title: "Cold", type: "boolean" },
    },
  },
}

test("a question gets the values of the parameters, and keeps what it does not know", () => {
  assert.equal(filled("When is hash {tasks} done, {who}?", { tasks: 5 }), "When is hash 5 done, {who}?")
  assert.equal(filled("Among {largest}, {few}, {way}", { largest: "100000", few: 5000, way: "on" }), "Among 100,000, 5000, on")
})

test("a condition holds when every part of it does; none always holds", () => {
  assert.equal(holds(null, {}), true)
  assert.equal(holds({}, { mode: "burst" }), true)
  assert.equal(holds({ mode: "burst", tasks: 2 }, { mode: "burst", tasks: 2 }), true)
  assert.equal(holds({ mode: "burst", tasks: 2 }, { mode: "burst", tasks: 3 }), false)
})

test("parameters in the lab's order, common ones last, usual advanced ones left out", () => {
  const params = { repeats: 3, runtimes: ["a", "b"], mode: "burst", tasks: 8, pool: 2, cold: true }
  assert.equal(paramWords(lab, params), "Hashes 8, Pool 2, One burst, Cold: on, A + B")
  assert.equal(paramWords(lab, { ...params, repeats: 9 }), "Hashes 8, Pool 2, One burst, Cold: on, A + B, Repeats 9")
  assert.equal(paramWords(lab, params, ["pool", "repeats"]), "Pool 2, Repeats 3")
  assert.equal(paramWords(lab, { tasks: 1 }), "Hashes 1")
})

test("a parameter that means nothing beside the others is not said", () => {
  const rules = { mode: { labels: { one: "One", many: "Many" } }, share: { title: "Share", when: { mode: "many" } } }
  const lab = /** @type {any} */ ({ params: { properties: rules } })
  assert.equal(paramWords(lab, { mode: "one", share: 3 }), "One")
  assert.equal(paramWords(lab, { mode: "many", share: 3 }, ["share"]), "Share 3")
  assert.equal(paramWords(lab, { mode: "one", share: 3 }, ["share"]), "")
  assert.equal(paramWords(lab, { share: 3 }), "Share 3")
})

test("the title of a parameter may depend on another", () => {
  assert.equal(title(lab.params.properties.pool, "pool", { mode: "sweep" }), "Largest pool")
  assert.equal(title(lab.params.properties.pool, "pool", { mode: "burst" }), "Pool")
  assert.equal(title({}, "pool", {}), "pool")
})

test("a number that means something of its own is said as what it means", () => {
  const rule = { title: "Workers", words: { 0: "auto" } }
  const lab = /** @type {any} */ ({ params: { properties: { workers: rule } } })
  assert.equal(paramWords(lab, { workers: 0 }), "Workers auto")
  assert.equal(paramWords(lab, { workers: 2 }), "Workers 2")
  assert.equal(sliderWords(rule, "workers", { workers: 0 }), "Workers: auto")
  assert.equal(sliderWords(rule, "workers", { workers: 2 }), "Workers")
})

test("waiting in words", () => {
  assert.equal(queueWords(2, 15.2), "2 ahead, about 15 s")
  assert.equal(queueWords(2, null), "2 ahead")
  assert.equal(queueWords(0, 3), "Next in line")
  assert.equal(queueWords(null, null), "Next in line")
  assert.deepEqual([0.2, 89, 90, 600, null].map(about), ["about 1 s", "about 89 s", "about 2 min", "about 10 min", ""])
})

test("cited spans: rows of numbers, few and many", () => {
  assert.equal(idWords(["1", "2", "3", "4"]), "1 to 4")
  assert.equal(idWords(["5"]), "5")
  assert.equal(idWords(["1", "2"]), "1 and 2")
  assert.equal(idWords(["1", "3", "7"]), "1, 3 and 7")
  assert.equal(idWords(["1", "3", "7", "9", "12"]), "1, 3, 7 and 2 more")
  assert.equal(idWords(["a", "b", "c"]), "a, b and c")
  assert.equal(idWords([]), "")
})

test("cites of one part stand together", () => {
  const cites = [{ part: "p", id: "1" }, { part: "q", id: "1" }, { part: "p", id: "2" }]
  assert.deepEqual(citesByPart(cites), [{ part: "p", ids: ["1", "2"] }, { part: "q", ids: ["1"] }])
})

test("a guess in words", () => {
  assert.equal(guessWords({ kind: "bar", value: 2 }, "hashes"), "2.00 hashes")
  assert.equal(guessWords({ kind: "curve", points: [[1, 5]] }, "hashes"), "as drawn")
  assert.equal(guessWords(null, "hashes"), "")
})

test("a sweep asks for each size up to twelve, then for some, and always for the largest", () => {
  assert.deepEqual(sizes(3), [1, 2, 3])
  assert.equal(sizes(12).length, 12)
  assert.deepEqual(sizes(20), [1, 2, 3, 4, 6, 8, 12, 16, 20])
})

test("how long ago", () => {
  const now = Date.parse("2026-03-04T12:00:00Z")
  assert.equal(ago("2026-03-04T11:59:50Z", now), "just now")
  assert.equal(ago("2026-03-04T11:40:00Z", now), "20 min ago")
  assert.match(ago("2026-01-04T11:40:00Z", now), /4/)
})

test("a capital letter", () => {
  assert.equal(capital("hash 5"), "Hash 5")
  assert.equal(capital(""), "")
})

test("the scale of a guess reaches as far as the lab says, else one unit for each task", () => {
  assert.equal(guessMax({ max: "tasks * latency / 1000" }, { tasks: 12, latency: "200" }), 2.5)
  assert.equal(guessMax({ max: 30 }, {}), 30)
  assert.equal(guessMax({ max: "hashes" }, { hashes: 7 }), 8)
  assert.equal(guessMax({ max: "none * tasks" }, { tasks: 9 }), 10)
  assert.equal(guessMax({}, { tasks: 2 }), 4)
  assert.equal(guessMax(null, {}), 4)
})

test("which servers answered: once when all runs agree, else run by run, and nothing for a lab without servers", () => {
  const run = (name, ...servers) => ({ name, host: { servers: servers.length ? servers : undefined } })
  const valkey = { name: "Valkey", version: "9.1.2" }
  const embedded = { name: "SecantusDB", version: "0.7", engine: "wiredTiger" }
  assert.equal(answeredBy([run("Run 1")]), "")
  assert.equal(answeredBy([run("Run 1", valkey, embedded), run("Run 2", valkey, embedded)]), "Answered by Valkey 9.1.2 and SecantusDB 0.7 (wiredTiger)")
  assert.equal(answeredBy([run("Run 1", embedded), run("Run 2", { name: "MongoDB", version: "8", engine: "wiredTiger" })]),
    "Run 1: answered by SecantusDB 0.7 (wiredTiger)\nRun 2: answered by MongoDB 8 (wiredTiger)")
  assert.equal(answeredBy([run("Run 1"), { name: "Run 2", host: { servers: "rubbish" } }]), "")
  const mongod = { name: "MongoDB", version: "6.0.5" }
  assert.deepEqual(serversApart([run("A", valkey, embedded), run("B", valkey, embedded)]), [])
  assert.deepEqual(serversApart([run("A", valkey, embedded), run("B", valkey, mongod)]), ["SecantusDB", "MongoDB"])
  assert.deepEqual(serversApart([run("A", mongod), run("B", { ...mongod, version: "8.0" })]), ["MongoDB 6.0.5", "MongoDB 8.0"])
  assert.deepEqual(serversApart([run("A"), run("B", mongod), { name: "C", host: { servers: "rubbish" } }]), ["", "MongoDB", ""])
})

test("a guess stands on a chart of what was asked about", () => {
  const lab = { predictions: [{ kind: "bar", unit: "ms", when: { mode: "lookup" } }] }
  const run = { params: { mode: "lookup" }, prediction: { kind: "bar", value: 20 } }
  assert.equal(guessOn({ kind: "curve", unit: "ms", result: "one look-up" }, lab, run), run.prediction)
  assert.equal(guessOn({ kind: "curve", unit: "KiB", result: "index size" }, lab, run), null)
})

test("a guess is for charts that count what it counts", () => {
  const guess = { kind: "bar", value: 50 }
  const run = /** @type {any} */ ({ params: {}, prediction: guess })
  const lab = (unit) => /** @type {any} */ ({ predictions: [{ when: null, unit }] })
  const chart = (unit) => /** @type {any} */ ({ unit })
  assert.equal(guessOn(chart("%"), lab("%"), run), guess)
  assert.equal(guessOn(chart("s"), lab("%"), run), null)
  assert.equal(guessOn(chart("%"), lab("s"), run), null)
  assert.equal(guessOn(chart("s"), lab("ways"), run), null)
  assert.equal(guessOn(chart("hashes"), lab("hashes"), run), guess)
  const order = /** @type {any} */ ({ predictions: [{ kind: "order", when: null, unit: "" }] })
  assert.equal(guessOn(chart("runs"), order, run), guess)
})

test("time left, and what a program is that takes longer than its time", () => {
  const words = [[12.4, 0], [0.5, 0], [0, 1.9], [0, 2.1], [7, 30]].map(([left, over]) => leftWords({ e: "progress", t: 0, left, over }))
  assert.deepEqual(words, ["about 12 s left", "Nearly done", "Nearly done", "Taking longer than expected", "about 7 s left"])
  assert.equal(leftWords(null), "")
})

test("a short time is told in milliseconds", () => {
  assert.deepEqual([0.00013, 0.0098, 0.25, 3].map(briefly), ["0.13 ms", "9.80 ms", "0.25 s", "3.00 s"])
})
