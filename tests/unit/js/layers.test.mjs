import assert from "node:assert/strict"
import { test } from "node:test"
import { heldWords, shareReason, shareWords, shortFile } from "helpers/layer_words"
import { segments, stacksOf } from "models/layers"
import { RunModel } from "models/run"

const RUNTIMES = [{ key: "asyncio", label: "asyncio" }, { key: "node", label: "Node.js" }]
const LAYERS = [
  { id: "await", function: "await", own: { of: "await" }, act: "await", file: "/usr/lib/threads.py", seen: ["run (a.py:1)"] },
  { id: "hashlib", function: "hashlib", own: { same: true }, act: "direct" },
  { id: "binding", function: "<b>binding</b>", own: { of: "direct" }, act: "direct" },
  { id: "openssl", function: "openssl", own: null, act: null },
  { id: "loop", function: "loop", own: { slope: true }, act: "kept" },
]

/** @param {object[]} events @param {string} state */
function run(events, state = "finished") {
  const model = new RunModel()
  const all = [
    { e: "run", t: 0, state: "started", params: { runtimes: ["asyncio"] } },
    { e: "part", t: 0, part: "a", state: "begin", runtime: "asyncio", label: "asyncio", repeat: 1 },
    { e: "host", t: 0, part: "a", layers: LAYERS },
    ...events, ...(state === "finished" ? [{ e: "run", t: 9, state }] : []),
  ]
  all.forEach((event, index) => model.apply({ seq: index + 1, ...event }, 0))
  return model
}

const share = (/** @type {string} */ layer, /** @type {number} */ value, told = true) =>
  ({ e: "result", t: 9, name: "share of one call", layer, runtime: "asyncio", value, spread: [value - 1, value + 1], told })

test("each layer says what can be said of it", () => {
  const [stack] = stacksOf([run([share("await", 60), share("binding", -1, false), share("loop", 40)])], RUNTIMES)
  assert.deepEqual(stack.layers.map(({ telling }) => telling), ["share", "same", "unclear", "unknown", "share"])
  assert.deepEqual(stack.layers.map(shareWords), ["60 %", "nothing", "cannot tell", "unknown", "40 %"])
  assert.match(shareReason(stack.layers[2]), /less than these repeats can tell/)
})

test("while it runs, nothing is unknown that is being measured", () => {
  const [stack] = stacksOf([run([], "running")], RUNTIMES)
  assert.deepEqual(stack.layers.map(({ telling }) => telling), ["measuring", "same", "measuring", "unknown", "measuring"])
  assert.deepEqual(stack.layers.map(({ loop }) => loop), ["measuring", "measuring", "measuring", "unknown", "measuring"])
})

test("who was held is told by the act of the layer, and by nothing else", () => {
  const silent = (/** @type {string} */ act, /** @type {string} */ whose, /** @type {string} */ state) =>
    ({ e: "result", t: 9, name: "longest silence", runtime: "asyncio", act, whose, state, value: 99 })
  const [stack] = stacksOf([run([silent("direct", "event loop", "held"), silent("direct", "another thread", "free"), silent("kept", "event loop", "odd")])], RUNTIMES)
  assert.deepEqual(heldWords(stack.layers[2]), ["loop held", "other threads free"])
  assert.deepEqual(heldWords(stack.layers[4]), ["loop cannot tell", "other threads unknown"])
  assert.deepEqual(heldWords(stack.layers[3]), ["loop unknown", "other threads unknown"])
})

test("the bar is full, begins with the innermost layer, and leaves out what cannot be drawn", () => {
  const [stack] = stacksOf([run([share("await", 30), share("binding", -2, false), share("loop", 20)])], RUNTIMES)
  const found = segments(stack)
  assert.deepEqual(found.map(({ layer }) => layer.id), ["loop", "await"])
  assert.deepEqual(found.map(({ from, width }) => [from, width]), [[0, 40], [40, 60]])
  assert.deepEqual(segments({ ...stack, layers: [] }), [])
})

test("a runtime whose turn has not come has its place; broken facts do no harm", () => {
  const model = new RunModel()
  model.apply({ seq: 1, e: "run", t: 0, state: "started", params: { runtimes: ["node", "asyncio"] } }, 0)
  model.apply({ seq: 2, e: "part", t: 0, part: "a", state: "begin", runtime: "asyncio", label: "asyncio", repeat: 1 }, 0)
  model.apply({ seq: 3, e: "host", t: 0, part: "a", layers: [null, 3, { id: 7, own: "x", seen: 1 }] }, 0)
  const [node, asyncio] = stacksOf([model], RUNTIMES)
  assert.deepEqual([node.title, node.layers], ["Node.js", []])
  assert.equal(asyncio.layers.length, 3)
})

test("files are short where there is no room", () => {
  assert.equal(shortFile("/usr/lib/libcrypto.so.3"), "libcrypto.so.3")
  assert.equal(shortFile("node:internal/util"), "node:internal/util".split("/").at(-1))
})
