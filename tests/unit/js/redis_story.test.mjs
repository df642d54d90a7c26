import assert from "node:assert/strict"
import { test } from "node:test"
import { chainsOf, isOpen, reachOf, stopsOf } from "models/chains"
import { hitRatio } from "models/key_counts"
import { digestOf, queryWords } from "models/query_words"
import { RunModel } from "models/run"

const FIND = 'find lab.posts filter {"user": "ada"} #0123456789abcdef0123'
const told = (more, part = "python-on-1") => ({ e: "redis", t: 1, part, commands: [], left: 0, keys: [["lab:qc:ada", "ada"]], counts: [], steps: [], lost: 0, ...more })
const span = (id, name, begin, end) => [
  { e: "begin", t: begin, part: "python-on-1", id, lane: "reader 1", name, kind: "other" }, { e: "end", t: end, part: "python-on-1", id }]

function fed(...events) {
  const model = new RunModel()
  events.forEach((event, index) => model.apply({ ...event, seq: index + 1 }))
  return model
}

const chains = (...steps) => chainsOf(fed(...span("w1", "write", 1, 1.2), told({ steps })).parts.get("python-on-1"))

test("commands are kept in order, the oldest go, all are counted", () => {
  const commands = (from) => Array.from({ length: 32 }, (_, n) => [0, 100 + n, 5, `GET lab:${from + n}`])
  const model = fed(...Array.from({ length: 20 }, (_, n) => told({ commands: commands(32 * n), left: 10 })))
  assert.equal(model.commands.count, 20 * 42)
  assert.equal(model.commands.items.length, 400)
  assert.deepEqual(model.commands.items.at(-1), { part: "python-on-1", line: "GET lab:639", micros: 131, size: 5 })
  assert.deepEqual(model.commands.items[0].line, "GET lab:240")
})

test("counts of a key and of its queries add up over events and parts", () => {
  const model = fed(
    told({ counts: [[0, FIND, { hit: 3, miss: 1 }]] }), told({ counts: [[0, FIND, { hit: 2 }], [0, "count lab.posts #x", { miss: 1, fill: 1 }]] }, "python-ttl-1"),
    told({ counts: [[0, "", { clear: 4 }]], lost: 7 }),
  )
  const key = model.counts.keys.get("lab:qc:ada")
  assert.equal(key.owner, "ada")
  assert.deepEqual(key.sums, { hit: 5, miss: 2, fill: 1, clear: 4 })
  assert.deepEqual(key.queries.get(FIND), { hit: 5, miss: 1 })
  assert.equal(model.counts.lost, 7)
  assert.equal(hitRatio(key.sums), 5 / 7)
  assert.equal(hitRatio({ clear: 1 }), null)
})

test("keys and queries beyond the limits are counted as lost, and memory stays bounded", () => {
  const many = Array.from({ length: 400 }, (_, n) => told({ keys: Array.from({ length: 8 }, (_, k) => [`lab:${n}-${k}`, ""]), counts: Array.from({ length: 8 }, (_, k) => [k, `q${n}`, { hit: 1 }]) }))
  const model = fed(...many)
  assert.equal(model.counts.keys.size, 2000)
  assert.equal(model.counts.lost, 1200)
})

test("broken events change nothing and throw nothing", () => {
  const model = fed(
    told({ commands: "x", keys: 5, counts: [[0, "f", { hit: 1 }]], steps: [[0, 0, "miss"]] }), told({ commands: [[1], null, [0, 1, 2, 3]], counts: [null, [9, "", {}], [0, 5, { hit: "many" }]], steps: [["x", 0, "miss"], 4] }),
    { e: "redis", t: 1, part: "python-on-1" }, { e: "redis", part: "python-on-1" }, { e: "redis", t: 1 },
  )
  assert.equal(model.commands.count, 0)
  assert.equal(model.counts.keys.get("lab:qc:ada").sums.hit, 0)
  assert.deepEqual(model.parts.get("python-on-1").steps.items, [])
})

test("a write, its clear, the miss and the refill are one chain", () => {
  const [chain, ...more] = chains([0.5, 0, "miss", "a"], [0.6, 0, "fill", "a"], [1.1, 0, "clear", ""], [1.3, 0, "miss", "a"], [1.35, 0, "miss", "a"], [1.4, 0, "fill", "a"])
  assert.deepEqual(more, [])
  assert.deepEqual([chain.cause, chain.key, chain.write, chain.gone, chain.miss, chain.fill, chain.misses], ["write", "lab:qc:ada", 1, 1.1, 1.3, 1.4, 2])
  assert.deepEqual(reachOf(chain), { from: 1, to: 1.4 })
  assert.deepEqual(stopsOf(chain).map(({ what, after }) => [what, Math.round(after)]), [["write", 0], ["gone", 100], ["miss", 300], ["fill", 400]])
})

test("an answer that was read before the write is refused, not a refill", () => {
  const [chain] = chains([1.0, 0, "miss", "a"], [1.1, 0, "clear", ""], [1.15, 0, "stale-refused", "a"], [1.3, 0, "miss", "a"], [1.4, 0, "fill", "a"])
  assert.deepEqual([chain.refused, chain.miss, chain.fill], [1, 1.3, 1.4])
})

test("a chain that is cleared again before its refill ends there", () => {
  const found = chains([1.05, 0, "clear", ""], [1.1, 0, "miss", "a"], [1.15, 0, "clear", ""], [1.16, 0, "stale-refused", "a"], [1.3, 0, "miss", "a"], [1.4, 0, "fill", "a"])
  assert.deepEqual(found.map(({ gone, miss, fill, again }) => [gone, miss, fill, again]), [[1.05, 1.1, null, 1.15], [1.15, 1.3, 1.4, null]])
  assert.deepEqual(found.map((chain) => [isOpen(chain), reachOf(chain).to]), [[false, 1.15], [false, 1.4]])
  assert.deepEqual(stopsOf(found[0]).map(({ name }) => name), ["write", "key deleted", "miss", "deleted again"])
})

test("a fill that is told after the clear that took it away does not make the next miss an expiry", () => {
  const found = chains([1.0, 0, "miss", "a"], [1.1, 0, "clear", ""], [1.11, 0, "fill", "a"], [1.3, 0, "miss", "a"], [1.4, 0, "fill", "a"])
  assert.deepEqual(found.map(({ cause, miss, fill }) => [cause, miss, fill]), [["write", 1.3, 1.4]])
})

test("what was filled, never cleared and then missed had expired", () => {
  const found = chains([0.1, 0, "miss", "a"], [0.2, 0, "fill", "a"], [0.25, 0, "miss", "b"], [0.3, 0, "fill", "b"], [0.9, 0, "miss", "a"], [0.95, 0, "fill", "a"])
  assert.deepEqual(found.map(({ cause, gone, miss, fill }) => [cause, gone, miss, fill]), [["expiry", null, 0.9, 0.95]])
})

test("a write that nobody reads after, and a refill to come, stay open; a bare clear is none", () => {
  assert.deepEqual(chains([1.1, 0, "clear", ""]).map(({ miss, fill }) => [miss, fill]), [[null, null]])
  assert.deepEqual(chains([1.1, 0, "clear", ""], [1.3, 0, "miss", "a"]).map(({ fill }) => fill), [null])
  assert.deepEqual(chains([3, 0, "clear", ""]), [])
  assert.deepEqual(chains([3, 0, "clear", ""], [3.1, 0, "miss", "a"]).map(({ cause }) => cause), ["clear"])
})

test("steps that come late are put in order by their time", () => {
  const model = fed(...span("w1", "write", 1, 1.2), told({ steps: [[1.3, 0, "miss", "a"], [1.4, 0, "fill", "a"]] }), told({ steps: [[1.1, 0, "clear", ""]] }))
  const [chain] = chainsOf(model.parts.get("python-on-1"))
  assert.deepEqual([chain.write, chain.gone, chain.miss, chain.fill], [1, 1.1, 1.3, 1.4])
})

test("a query is said as people say it", () => {
  assert.equal(queryWords(FIND), "find in lab.posts, where user is “ada”")
  assert.equal(queryWords('find lab.posts filter {"_id": {"$oid": "65"}} sort {"at": -1, "n": 1} limit 10 #0123456789abcdef0123'),
    "find in lab.posts, where _id is 65, sorted by at, last first, then n, the first 10")
  assert.equal(queryWords('count lab.posts filter {"a b": "c } filter {\\" d"} #0123456789abcdef0123'), 'count in lab.posts, where a b is “c } filter {" d”')
  assert.equal(queryWords('find lab.posts filter {"$or": [{"a": 1}]} #0123456789abcdef0123'), 'find in lab.posts, where {"$or": [{"a": 1}]}')
  assert.equal(queryWords("find lab.posts #0123456789abcdef0123"), "find in lab.posts")
  assert.equal(queryWords("anything"), "anything")
  assert.equal(queryWords("find lab.posts filter #00"), "find in lab.posts, where #00")
  assert.equal(queryWords(""), "")
  assert.equal(digestOf(FIND), "0123456789abcdef0123")
  assert.equal(digestOf("greeting"), "greeting")
})
