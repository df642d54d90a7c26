import assert from "node:assert/strict"
import { test } from "node:test"
import { axisTicks } from "charts/furniture"
import { lineNames } from "charts/line_names"
import { LineRange } from "charts/line_range"
import { dashOf, lineColours, symbolOf } from "charts/marks"
import { escaped } from "charts/plotly"
import { boxOf } from "charts/timeline_box"
import { guessOf, guessWords, reach } from "charts/timeline_figure"
import { groupsOf } from "charts/timeline_groups"
import { barWords, hoverWords, summary } from "charts/timeline_words"
import { Series } from "models/bounded"
import { RunModel } from "models/run"
import { runEvents } from "./streams.mjs"

function groups(options = {}, upTo = Infinity) {
  const run = new RunModel()
  for (const event of runEvents()) if (event.seq <= upTo) run.apply(event, 1000)
  return groupsOf([run].flat(), { unit: "hashes", repeat: null, now: 1000, labels: new Map([["node", "Node.js"]]), ...options })
}

test("a group for each runtime, each on the scale of its own unit", () => {
  const found = groups()
  assert.deepEqual(found.map(({ title, part }) => [title, part.id]), [["gevent", "gevent-1"], ["node", "node-1"]])
  assert.equal(found[0].scale.inUnits, true)
  assert.deepEqual(groups({ repeat: 2 }).map(({ part }) => part?.id), ["gevent-2", undefined])
})

test("a runtime whose turn has not come has its place already", () => {
  const found = groups({}, 6)
  assert.deepEqual(found.map(({ title, part }) => [title, part?.id ?? null]), [["gevent", "gevent-1"], ["Node.js", null]])
  assert.equal(found[1].layout.rows.length, 5)
})

test("the guess is drawn only on an axis that counts the same", () => {
  assert.equal(guessOf({ kind: "bar", value: 2 }, groups(), "hashes"), 2)
  for (const wrong of [null, undefined, {}, { kind: "bar", value: NaN }, { kind: "bar", value: "2" }, { kind: "curve", points: [] }]) {
    assert.equal(guessOf(wrong, groups(), "hashes"), null)
  }
  assert.equal(guessWords(2), "2.0")
  assert.equal(guessWords(2.25), "2.25")
  assert.ok(reach(groups(), 9) >= 9)
})

test("bars and hovers speak in words", () => {
  const [group] = groups()
  const waited = group.layout.bars.find((bar) => bar.state === "waited")
  assert.deepEqual(barWords(waited), ["5 waited for a thread", "5 waited", "5"])
  assert.deepEqual(barWords({ ...waited, span: { ...waited.span, name: "/fast 5", lane: "worker 2", begin: 1 } })[0], "5 waited for a worker")
  assert.deepEqual(barWords({ ...waited, state: "waiting", span: { ...waited.span, name: "/fast 5", lane: "waiting", begin: null } })[0], "5 waits")
  assert.match(hoverWords(waited, group).join(" "), /^hash 5 waited 1\.97 hashes \(1\.00 s\), ran 1\.96 on thread 1, had a CPU 40 % of that time, first run, cold$/)
  const first = group.layout.bars.find((bar) => bar.state === "ran")
  assert.deepEqual(barWords(first), ["1"])
  assert.match(summary(groups(), "Who ran when", "Your guess was 2.0"), /^Who ran when\. gevent: 5 pieces of work on 4 lanes, 1 had to wait, the last one done at 3\.93 hashes \(2\.00 s\)\. .* Your guess was 2\.0\.$/)
})

test("names from a program are text, not markup", () => {
  assert.equal(escaped("<img src=x onerror=alert(1)> & co"), "&lt;img src=x onerror=alert(1)&gt; &amp; co")
})

test("ticks are round, few, and where they belong", () => {
  const { values, ticks } = axisTicks(0, 4, { left: 90, width: 570, size: 14 })
  assert.deepEqual(values, [0, 1, 2, 3, 4])
  assert.deepEqual(ticks.map(({ at, text }) => [at, text]), [[90, "0"], [232.5, "1"], [375, "2"], [517.5, "3"], [660, "4"]])
  assert.deepEqual(axisTicks(0.7, 8.3, { left: 0, width: 300, size: 14, whole: true }).values, [2, 4, 6, 8])
  assert.deepEqual(axisTicks(1, 2, { left: 0, width: 500, size: 14 }).ticks.map(({ text }) => text), ["1.0", "1.2", "1.4", "1.6", "1.8", "2.0"])
})

test("the window of a line grows from zero, then scrolls, and ends with the whole run", () => {
  const data = new Series()
  const range = new LineRange()
  const named = [{ name: "lag", runtime: "", data }]
  const at = (t, live = true) => {
    data.add(t, t, t)
    return range.time(named, { live, window: 30 })
  }
  assert.deepEqual(at(0.5), { from: 0, to: 1 })
  assert.deepEqual(at(7), { from: 0, to: 8 })
  assert.deepEqual(at(29), { from: 0, to: 30 })
  assert.deepEqual(at(31.2), { from: 1.5, to: 31.5 })
  assert.deepEqual(at(40, false), { from: 0, to: 40 })
  assert.deepEqual(range.values(named, { live: true }), [0, 40])
  data.add(41, 130, 41)
  assert.deepEqual(range.values(named, { live: true }), [0, 150])
})

test("many groups in a given height: titles move closer, rows lose their names, and the last row is still inside", () => {
  globalThis.document = /** @type {any} */ ({ createElement: () => ({ getContext: () => null }) })
  const theme = { size: 28, font: "", mono: "" }
  const group = { title: "way", layout: { rows: [1, 2, 3, 4].map((n) => ({ label: `reader ${n}`, size: 1 })), bars: [], hidden: 0 } }
  const box = (count) => boxOf(Array.from({ length: count }, () => group), { theme, width: 1800, height: 640, guess: true })
  for (const count of [2, 6]) {
    const { places, top, height } = box(count)
    const { y, thick } = places.at(-1).at(-1)
    assert.ok(y + thick / 2 <= height)
    assert.ok(top + height <= 640)
  }
  assert.ok(box(2).names.some(({ text }) => text === "reader 4"))
  assert.deepEqual(new Set(box(6).names.map(({ text }) => text)), new Set(["way"]))
  delete globalThis.document
})

test("names of lines stand beside their ends while there is room, else whole in a key above the plot", () => {
  globalThis.document = /** @type {any} */ ({ createElement: () => ({ getContext: () => null }) })
  const theme = { size: 10, font: "" }
  const lines = ["Run 12, cleared by hand", "Run 13, cleared by hand", "ideal"].map((text) => ({ text, colour: "red", dash: "solid" }))
  const broad = lineNames(lines, { theme, width: 800, y: 8 })
  assert.deepEqual([broad.key, broad.above], [null, 0])
  assert.ok(broad.right > 23 * 6)
  assert.equal(broad.pieces, true)
  const apart = lineNames(lines.map((line, i) => ({ ...line, colour: `c${i}` })), { theme, width: 800, y: 8 })
  assert.equal(apart.pieces, false)
  assert.ok(broad.right >= apart.right + 22)
  const narrow = lineNames(lines, { theme, width: 320, y: 8 })
  assert.ok(narrow.right < 320 * 0.05)
  assert.deepEqual(narrow.key.map(({ text, x }) => [text, x]), [["Run 12, cleared by hand", 0], ["Run 13, cleared by hand", 0], ["ideal", 171]])
  assert.deepEqual(new Set(narrow.key.map(({ y }) => y)).size, 2)
  assert.ok(narrow.above >= narrow.key.at(-1).y - 8)
  for (const { text, x, most } of narrow.key) assert.ok(x + 22 + text.length * 6 <= 320 && x + most === 320)
  delete globalThis.document
})

test("workers are named with their process id where there is room, and always in words about one request", () => {
  globalThis.document = /** @type {any} */ ({ createElement: () => ({ getContext: () => null }) })
  const run = new RunModel()
  const part = "gunicorn-1"
  for (const event of [
    { e: "part", t: 0, part, state: "begin", runtime: "gunicorn", label: "gunicorn", repeat: 1 },
    { e: "host", t: 0, part, pids: { "worker 1": 4711 } },
    { e: "begin", t: 0, part, id: "/ 1", name: "/ 1", kind: "cpu", lane: "worker 1" },
    { e: "end", t: 1, part, id: "/ 1" },
  ]) run.apply(event, 1000)
  const shown = groupsOf([run], { unit: "s", repeat: null, now: 1000, labels: new Map() })
  const names = (width) => boxOf(shown, { theme: { size: 14, font: "", mono: "" }, width, height: 0, guess: false }).names.map(({ text }) => text)
  assert.deepEqual(names(900), ["worker 1 (pid 4711)"])
  assert.deepEqual(names(340), ["worker 1"])
  assert.equal(hoverWords(shown[0].layout.bars[0], shown[0])[0], "/ 1 ran 1.00 s on worker 1 (pid 4711)")
  delete globalThis.document
})

test("no two of two dozen lines of one runtime share colour and dashes, and the first look as ever", () => {
  const theme = { accent: "a", text: "t", kind: (kind) => kind, runtime: (runtime) => runtime }
  const colours = lineColours(theme, Array.from({ length: 24 }, () => "gunicorn"))
  assert.equal(new Set(colours.map((colour, i) => `${colour} ${dashOf(i)}`)).size, 24)
  assert.equal(new Set(colours.map((colour, i) => `${colour} ${symbolOf(i)}`)).size, 24)
  assert.deepEqual([0, 1, 2, 3, 4, 5].map(dashOf), ["solid", "8px,3px", "3px,3px", "10px,3px,3px,3px", "1px,3px", "14px,4px"])
})
