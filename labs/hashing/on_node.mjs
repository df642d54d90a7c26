// A burst of hashes on libuv's thread pool, asked for by crypto.pbkdf2.
import { pbkdf2 } from "node:crypto";
import { promisify } from "node:util";
import { start } from "../sdk/emitter.mjs";
import { ThreadpoolTrace } from "../sdk/threadpool.mjs";

const { params, emit } = start();
const hash = promisify(pbkdf2);
const oneHash = () => hash("a", "b", params.iterations, 512, "sha512");

async function timedAlone() {
  const begun = process.hrtime.bigint();
  await oneHash();
  return Number(process.hrtime.bigint() - begun) / 1e9;
}

async function ask(n) {
  emit.queued(n, `hash ${n}`);
  await oneHash();
}

emit.host({ node: process.versions.node, loop: `libuv ${process.versions.uv}`, pool: Number(process.env.UV_THREADPOOL_SIZE) });
emit.sample("unit", await timedAlone(), "s", { when: "before" });

const trace = new ThreadpoolTrace();
await trace.begin();
emit.zero();
const cpu = process.cpuUsage();
const asked = Array.from({ length: params.tasks }, (_, n) => ask(String(n + 1)));
await Promise.all(asked);
const total = emit.since();
const { user, system } = process.cpuUsage(cpu);

// The pool takes tasks in the order they were queued, so the n-th piece of work is hash n.
const lanes = new Map();
for (const [index, work] of (await trace.end()).entries()) {
  const id = String(index + 1);
  if (!lanes.has(work.thread)) lanes.set(work.thread, `thread ${lanes.size + 1}`);
  emit.emit("begin", { id, lane: lanes.get(work.thread), name: `hash ${id}`, kind: "cpu" }, emit.since(work.begin));
  emit.emit("end", { id, cpu: work.cpu }, emit.since(work.end));
}

emit.sample("total seen by the loop", total);
emit.sample("CPU time", (user + system) / 1e6);
emit.sample("unit", await timedAlone(), "s", { when: "after" });
emit.close();
