/** Small streams of events for tests, and the state of a model as plain data. */

/** A random number generator with a seed (mulberry32): the same numbers on every machine. */
export function dice(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

export function shuffled(items, random) {
  const out = [...items]
  for (let i = out.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j], out[i]]
  }
  return out
}

/** The events of one part: `tasks` hashes of one second each on `pool` threads. */
export function partEvents({ part = "gevent-1", runtime = "gevent", repeat = 1, tasks = 5, pool = 4, late = false } = {}) {
  const events = [
    { e: "part", t: 0.3, part, state: "begin", runtime, label: runtime, repeat, params: { tasks, pool }, cold: repeat === 1 },
    { e: "host", t: 0.001, part, cpus: 2, pool, loop: "libuv" },
    { e: "sample", t: 0.7, part, series: "unit", value: 0.5, unit: "s", when: "before" },
  ]
  const spans = []
  for (let id = 1; id <= tasks; id += 1) {
    const wave = Math.floor((id - 1) / pool)
    const lane = `thread ${((id - 1) % pool) + 1}`
    events.push({ e: "queued", t: id / 10_000, part, id: String(id), lane: "waiting", name: `hash ${id}`, kind: "cpu", at: "on.py:31" })
    spans.push({ e: "begin", t: wave + id / 1000, part, id: String(id), lane, name: `hash ${id}`, kind: "cpu", at: "on.py:24" })
    spans.push({ e: "end", t: wave + 1 + id / 2000, part, id: String(id), cpu: 0.4 })
  }
  events.push(...(late ? spans : spans.sort((a, b) => a.t - b.t)))
  events.push({ e: "log", t: 2, part, text: `done ${part}`, stream: "stdout" })
  events.push({ e: "mark", t: 1.5, part, text: "half", severity: "info" })
  events.push({ e: "sample", t: 2.6, part, series: "unit", value: 0.52, unit: "s", when: "after" })
  events.push({ e: "part", t: 3.1, part, state: "end", seconds: 2.8 })
  return events
}

/** A whole run with numbered events. */
export function runEvents(parts = [{}, { part: "node-1", runtime: "node", late: true }, { part: "gevent-2", repeat: 2 }]) {
  const events = [
    { e: "run", t: 0, state: "started", lab: "hashing", title: "Hashing burst", version: 1, params: { runtimes: ["gevent", "node"], tasks: 5, pool: 4 } },
    { e: "host", t: 0.1, cpus: 2, load: [0.1, 0.1, 0.1] },
    { e: "progress", t: 0.2, done: 0, of: parts.length, left: 9, text: "" },
    ...parts.flatMap((part) => partEvents(part)),
    { e: "result", t: 9, name: "total", value: 2.1, unit: "s", n: 2, spread: [2, 2.2], values: [2, 2.2], runtime: "gevent", label: "gevent" },
    { e: "result", t: 9, name: "total", value: 1.1, unit: "s", n: 2, spread: [1, 1.2], values: [1, 1.2], runtime: "node", label: "Node.js" },
    { e: "trust", t: 9, level: "steady", text: "Steady", unit: 0.51 },
    { e: "finding", t: 9, role: "finding", id: "width", verdict: "yes", headline: "4 wide", text: "…", cites: [] },
    { e: "finding", t: 9, role: "caption", chart: "timeline", text: "Four ran at once." },
    { e: "finding", t: 9, role: "answer", question: "full", answer: "cpus", text: "…" },
    { e: "run", t: 9.1, state: "finished" },
  ]
  return events.map((event, index) => ({ ...event, seq: index + 1 }))
}

/** What a model knows, as plain data that can be compared. */
export function plain(model) {
  const parts = [...model.parts.values()].map((part) => ({
    id: part.id, runtime: part.runtime, label: part.label, repeat: part.repeat, params: part.params, cold: part.cold,
    state: part.state, seconds: part.seconds, host: part.host, end: part.end, begun: part.begun, unit: part.unit,
    lanes: part.lanes(), marks: part.marks.items, markCount: part.marks.count,
    samples: [...part.samples].map(([name, s]) => [name, s.t.slice(s.start), s.v.slice(s.start), s.count]).sort(),
  }))
  const { state, reason, lab, title, params, host, trust, progress, results, findings, logs, logCount, unit, seq, version } = model
  return {
    parts, state, reason, lab, title, params, host, trust, progress, results, findings, logs, logCount, unit, seq, version,
    answers: [...model.answers], captions: [...model.captions], table: model.spanTable(),
  }
}
