import assert from "node:assert/strict"
import { test } from "node:test"
import { noRows } from "helpers/key_row"
import { causeWords } from "models/key_causes"
import { finding, fitting } from "models/key_filter"
import { Keys } from "models/keys"
import { duration, left, lifeWords, LINGER } from "models/key_life"
import { below, nested, pathOf, plain } from "models/key_object"
import { flat, parentOf, placeOf, tree } from "models/key_tree"

const facts = (name, expires = null) => ({ id: name, name, type: "string", size: 10, encoding: "raw", expires })
const page = (names, more = {}) => ({ rows: names.map((name) => facts(name)), cursor: "0", looked: 10, total: names.length, now: 1000, ...more })
const news = (changed, more = {}) => ({ changed, stale: null, total: 1, now: 2000, events: 1, ...more })
const change = (name, cause, row = undefined) => ({ id: name, name, cause, by: cause, times: 1, misses: cause === "keymiss" ? 1 : 0, row })

test("pages and changes merge by id, whatever the order", () => {
  const keys = new Keys()
  keys.hear(news([change("b", "new", facts("b"))]), 0)
  keys.addPage(page(["a", "b"]), 0)
  assert.deepEqual(keys.sorted().map((row) => [row.name, row.cause]), [["a", ""], ["b", "new"]])
  assert.equal(keys.offset, 1000)
})

test("a key that goes stays for a moment with its cause, then is forgotten", () => {
  const keys = new Keys()
  keys.addPage(page(["a"]), 0)
  keys.hear(news([change("a", "expired")]), 0)
  const [row] = keys.sorted()
  assert.equal(row.gone, true)
  assert.equal(keys.sweep(2000 + LINGER), false)
  assert.equal(keys.sweep(2001 + LINGER), true)
  assert.equal(keys.rows.size, 0)
})

test("a hash goes with its last field, and stays no longer than that", () => {
  const keys = new Keys()
  keys.addPage({ ...page([]), rows: [{ ...facts("a"), type: "hash" }] }, 0)
  assert.equal(lifeWords(keys.sorted()[0], 2000), "stays while it has fields")
  assert.equal(lifeWords(facts("text"), 2000), "stays")
  keys.hear(news([change("a", "hexpired_last")]), 0)
  assert.deepEqual(keys.sorted().map((row) => [row.gone, causeWords(row.cause)]), [[true, "expired: its last field"]])
})

test("a key that comes back while it lingers is there", () => {
  const keys = new Keys()
  keys.addPage(page(["a"]), 0)
  keys.hear(news([change("a", "del"), change("a", "new", facts("a"))]), 0)
  assert.equal(keys.sorted()[0].gone, false)
})

test("reading anew drops what is not found again, but not what came meanwhile", () => {
  const keys = new Keys()
  keys.addPage(page(["a", "b"]), 0)
  keys.restart()
  keys.addPage(page(["a"], { cursor: "7" }), 0)
  keys.hear(news([change("c", "new", facts("c"))]), 0)
  assert.equal(keys.reading.done, false)
  keys.addPage(page([]), 0)
  assert.deepEqual(keys.sorted().map((row) => row.name), ["a", "c"])
})

test("misses are counted for keys that are shown, and make none", () => {
  const keys = new Keys()
  keys.addPage(page(["a"]), 0)
  keys.hear(news([change("a", "keymiss"), change("z", "keymiss")]), 0)
  assert.deepEqual(keys.sorted().map((row) => [row.name, row.misses]), [["a", 1]])
})

test("a key that was missed is gone, and stays so when it is missed again", () => {
  const keys = new Keys()
  keys.addPage({ ...page([]), rows: [facts("a"), facts("b"), facts("over", 1500)] }, 0)
  keys.hear(news([change("a", "keymiss"), change("b", "del"), change("over", "keymiss")]), 0)
  keys.hear(news([change("b", "keymiss")], { now: 3000 }), 0)
  assert.deepEqual(keys.sorted().map((row) => [row.name, row.gone, row.cause, row.at]), [["a", true, "keymiss", 2000], ["b", true, "del", 2000], ["over", false, "keymiss", 2000]])
})

test("patterns choose the keys of a lab", () => {
  assert.ok(fitting(["lab:qc:*"])("lab:qc:a"))
  assert.ok(!fitting(["lab:qc:*"])("lab:other"))
  assert.ok(!fitting(["lab.qc:?"])("labXqc:a"))
  const keys = new Keys(["lab:qc:*"])
  keys.addPage(page(["lab:qc:1", "lab:x"]), 0)
  assert.equal(keys.rows.size, 1)
})

test("a ring empties from when the expiry was first seen, and a new expiry fills it", () => {
  const keys = new Keys()
  keys.addPage({ ...page([]), rows: [facts("a", 3000)] }, 0)
  const [row] = keys.sorted()
  assert.equal(left(row, 2000), 0.5)
  assert.equal(left(row, 9000), 0)
  assert.equal(lifeWords(row, 2000), "dies in 1.0 s")
  assert.equal(lifeWords(row, 3001), "expired, not yet reclaimed")
  keys.hear(news([change("a", "expire", facts("a", 6000))]), 0)
  assert.equal(left(keys.sorted()[0], 2000), 1)
  assert.equal(duration(90_000), "90 s")
  keys.hear(news([change("a", "incrby")], { now: 4000 }), 0)
  assert.equal(left(keys.sorted()[0], 4000), 0.5, "a change without facts is no new deadline")
})

test("a ring is as empty as it was when its row comes again, as after a filter", () => {
  const keys = new Keys()
  keys.addPage({ ...page([]), rows: [facts("a", 3000), facts("b", 3000), facts("c", 3000)] }, 0)
  const filtered = new Keys([], keys.lives)
  filtered.addPage({ ...page([]), rows: [facts("a", 3000), facts("b", 4000)], now: 2000 }, 0)
  assert.deepEqual(filtered.sorted().map((row) => left(row, 2000)), [0.5, 1], "another deadline is another ring")
  filtered.restart()
  filtered.addPage(page([], { now: 2100 }), 0)
  filtered.addPage({ ...page([]), rows: [facts("a", 3000)], now: 2500 }, 0)
  assert.equal(left(filtered.sorted()[0], 2500), 0.25)
  filtered.hear(news([change("a", "del"), change("a", "new", facts("a", 9000))], { now: 3000 }), 0)
  assert.equal(left(filtered.sorted()[0], 3000), 1)
})

test("an empty list beside a lab is told in words that hold before a run and after it", () => {
  assert.match(noRows("", ["lab:my:*"], false), /^None of the lab's keys is there now\./)
  assert.match(noRows("", [], false), /^No keys yet\./)
  assert.match(noRows("", ["lab:my:*"], true), /at that moment/)
  assert.match(noRows("x", ["lab:my:*"], false), /filter/)
})

test("a tree by colons: branches, levels, places; closed branches hide what is inside", () => {
  const keys = new Keys()
  keys.addPage(page(["lab:a", "lab:qc:1", "lab:qc:2"]), 0)
  const rows = keys.sorted()
  assert.deepEqual(tree(rows, new Set()).map((line) => [line.label, line.level, line.place, line.size, line.count]), [
    ["lab:", 1, 1, 1, 3], ["a", 2, 1, 2, 1], ["qc:", 2, 2, 2, 2], ["1", 3, 1, 2, 1], ["2", 3, 2, 2, 1],
  ])
  assert.equal(tree(rows, new Set(["lab:qc:"])).length, 3)
  assert.equal(flat(rows).length, 3)
})

test("a line without a parent stays where it is; one that goes leaves its place to the next", () => {
  const keys = new Keys()
  keys.addPage(page(["lab:a", "lab:b", "lab:d"]), 0)
  const lines = flat(keys.sorted())
  assert.equal(parentOf(lines, 2), 2)
  assert.equal(parentOf(tree(keys.sorted(), new Set()), 3), 0)
  assert.deepEqual(["lab:b", "lab:c", "lab:e"].map((path) => placeOf(lines, { id: path, path })), [1, 2, 2])
})

const hash = (fields, more = {}) => ({ kind: "hash", next: null, length: Object.keys(fields).length,
  items: Object.entries(fields).map(([name, text]) => ({ name, text, size: text.length, cut: false })), ...more })
const asJson = (value) => JSON.parse(JSON.stringify(value))

test("a filter is bytes, as on the server: any escape of it, any case of its digits, ranges both ways", () => {
  const found = (filter) => ["lab:A", "lab:bx", "lab:\\n", "lab:\\xff", "lab:\\xffabc", "lab:ñ", "lab:\\u202e"].filter(finding(filter))
  assert.deepEqual(found('"lab:\\xFF"'), ["lab:\\xff", "lab:\\xffabc"])
  assert.deepEqual(found('"lab:\\xff*c"'), ["lab:\\xffabc"])
  assert.deepEqual(found('"lab:\\x41"'), ["lab:A"])
  assert.deepEqual(found("lab:?"), ["lab:A", "lab:\\n", "lab:\\xff"])
  assert.deepEqual(found("lab:??"), ["lab:bx", "lab:ñ"])
  assert.deepEqual(found("lab:[z-a]x"), ["lab:bx"])
  assert.deepEqual(found("lab:[^a-z]"), ["lab:A", "lab:\\n", "lab:\\xff"])
  assert.deepEqual(found("\u202e"), ["lab:\\u202e"])
  assert.deepEqual(found("lab:["), [])
  assert.equal(finding(`lab:${"*a".repeat(200)}*b`)(`lab:${"a".repeat(500)}`), false)
})

test("known rows hear their changes, whatever is looked for", () => {
  const keys = new Keys()
  keys.addPage(page(["lab:a"]), 0)
  keys.hear(news([change("lab:a", "del"), change("lab:b", "new", facts("lab:b"))]), 0, () => false)
  assert.deepEqual(keys.sorted().map((row) => [row.name, row.gone]), [["lab:a", true]])
})

test("a hash and the hashes below it are one object", () => {
  const keys = new Keys()
  keys.addPage(page(["u:1", "u:1:home", "u:1:home:town", "u:10", "u:1:"]), 0)
  assert.deepEqual(below(keys.rows.values(), "u:1").map((row) => row.name), ["u:1:home", "u:1:home:town"])
  assert.deepEqual(pathOf("u:1", "u:1:home:town"), ["home", "town"])
  const whole = nested([
    { path: ["home", "town"], value: plain(hash({ name: "London" })) },
    { path: [], value: plain(hash({ name: "Ada" })) },
    { path: ["home"], value: plain(hash({ street: "St James" })) },
    { path: ["tags"], value: plain({ kind: "set", next: null, length: 2, items: [{ text: "a" }, { text: "b" }] }) },
  ])
  assert.deepEqual(asJson(whole), { name: "Ada", home: { street: "St James", town: { name: "London" } }, tags: ["a", "b"] })
})

test("a field and a key of the same name are both there, and no name is special", () => {
  const whole = nested([
    { path: [], value: plain(hash({ home: "a text", __proto__x: "1" })) },
    { path: ["home"], value: plain(hash({ town: "London" })) },
    { path: ["__proto__"], value: plain(hash({ polluted: "yes" })) },
  ])
  assert.deepEqual(Object.keys(whole), ["home", "__proto__x", ":home", "__proto__"])
  assert.equal(whole.home, "a text")
  assert.equal(whole[":home"].town, "London")
  assert.equal({}.polluted, undefined)
})

test("an object says what of it was not read", () => {
  assert.deepEqual(asJson(plain(hash({ a: "1" }, { length: 1001, next: "7" }))), { a: "1", "…": "1,000 more" })
  assert.equal(plain({ kind: "string", text: "abc", next: "3", length: 9 }), "abc…")
  assert.deepEqual(plain({ kind: "list", items: [{ text: "x" }], next: "1", length: 3 }), ["x", "… 2 more"])
})

test("a filter finds among live keys what the server would find", () => {
  const found = (filter) => ["lab:a", "lab:ab", "lab:b:a", "lab:\\\\", "lab:\\xff", "lab:[x]"].filter(finding(filter))
  assert.deepEqual(found("lab:a"), ["lab:a", "lab:ab"])
  assert.deepEqual(found(":b:"), ["lab:b:a"])
  assert.deepEqual(found("lab:*:a"), ["lab:b:a"])
  assert.deepEqual(found("lab:[^b]"), ["lab:a", "lab:\\\\", "lab:\\xff"])
  assert.deepEqual(found("lab:\\[x]"), ["lab:[x]"])
  assert.deepEqual(found("\\"), ["lab:\\\\"])
  assert.deepEqual(found('"lab:\\xff"'), ["lab:\\xff"])
  assert.equal(found("").length, 6)
})

test("what is in view and not there any more goes, unless something is still to be said of it", () => {
  const keys = new Keys()
  keys.addPage({ ...page([]), rows: [facts("here"), facts("gone"), facts("over", 1500)] }, 0)
  keys.hear(news([change("young", "new", facts("young"))], { now: 9000 }), 0)
  keys.addFacts([facts("here")], 2000, ["here", "gone", "over", "young"], 0)
  assert.deepEqual(keys.sorted().map((row) => row.id), ["here", "over", "young"])
})

test("a key whose making nobody heard is back when a page has it, and an older page does not bring it back", () => {
  const keys = new Keys()
  keys.addPage(page(["a", "b"]), 0)
  keys.hear(news([change("a", "del"), change("b", "del")], { now: 2000 }), 0)
  keys.restart()
  keys.addPage(page(["b"], { now: 1999, cursor: "7" }), 0)
  keys.addPage(page(["a"], { now: 2500 }), 0)
  assert.deepEqual(keys.sorted().map((row) => [row.name, row.gone]), [["a", false], ["b", true]])
  keys.addFacts([], 2400, ["a"], 0)
  assert.equal(keys.rows.has("a"), true)
  keys.sweep(2001 + LINGER)
  assert.deepEqual(keys.sorted().map((row) => row.name), ["a"])
})
