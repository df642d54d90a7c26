// One request, one file read and some hashes, asked for in this order at the same moment on Node.
import { pbkdf2 } from "node:crypto";
import { open } from "node:fs/promises";
import { get as httpGet } from "node:http";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { callSite, start } from "../sdk/emitter.mjs";
import { slowServer } from "../sdk/slow.mjs";
import { ThreadpoolTrace } from "../sdk/threadpool.mjs";

const { params, emit } = start();
const now = () => Number(process.hrtime.bigint()) / 1e9;
const pbkdf2Async = promisify(pbkdf2);
const FILE = fileURLToPath(import.meta.url);

const get = () => new Promise((resolve, reject) => {
  httpGet({ host: "127.0.0.1", port: slow.port, agent: false }, (answer) => answer.resume().on("end", resolve)).on("error", reject);
});

async function request() {
  emit.emit("begin", { id: "request", lane: "request 1", name: "request", kind: "net", at: callSite(2) });
  await get();
  emit.emit("end", { id: "request" });
}

// Each hop is one task of the pool. JavaScript sees when it asked and when it was told of the end, and not when a thread
// took the task. So all of that time is shown as waiting; the work itself is far below a millisecond.
async function hop(name, call) {
  emit.queued(name, name, "fs");
  const result = await call();
  const told = emit.since();
  emit.emit("begin", { id: name, lane: "file", name, kind: "fs", seen: "told" }, told);
  emit.emit("end", { id: name }, told);
  return result;
}

const bare = (name, call) => call();

async function readFile(hop) {
  const file = await hop("open", () => open(FILE));
  const { size } = await hop("stat", () => file.stat());
  await hop("read", () => file.read(Buffer.alloc(size), 0, size, 0));
  await hop("close", () => file.close());
}

const oneHash = () => pbkdf2Async("a", "b", params.iterations, 512, "sha512");

function hash(n) {
  emit.queued(`hash ${n}`, `hash ${n}`, "cpu");
  return oneHash();
}

// Each of the three with nothing beside it and nothing reported meanwhile.
async function alone(when) {
  const begun = now();
  await get();
  const asked = now();
  await readFile(bare);
  const read = now();
  await oneHash();
  emit.sample("unit", now() - read, "s", { when });
  emit.sample("request alone", asked - begun, "s", { when });
  emit.sample("file alone", read - asked, "s", { when });
}

// Hashes are told by the pool's threads themselves, in Node's trace: in the order in which they were queued.
async function tellHashes(trace) {
  const lanes = new Map();
  for (const [index, work] of (await trace.end()).entries()) {
    const name = `hash ${index + 1}`;
    if (!lanes.has(work.thread)) lanes.set(work.thread, `thread ${lanes.size + 1}`);
    emit.emit("begin", { id: name, lane: lanes.get(work.thread), name, kind: "cpu" }, emit.since(work.begin));
    emit.emit("end", { id: name, cpu: work.cpu }, emit.since(work.end));
  }
}

emit.host({ node: process.versions.node, loop: `libuv ${process.versions.uv}`, pool: Number(process.env.UV_THREADPOOL_SIZE) });
const slow = await slowServer(params.server, params.latency);
await alone("before");

const trace = new ThreadpoolTrace();
await trace.begin();
emit.zero();
const hashes = Array.from({ length: params.hashes }, (_, n) => n + 1);
await Promise.all([request(), readFile(hop), ...hashes.map(hash)]);
const total = emit.since();
await tellHashes(trace);

emit.sample("total seen by the loop", total);
await alone("after");
await slow.close();
emit.close();
