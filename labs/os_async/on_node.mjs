// Requests, slow reads or hashes, all asked for at the same moment on Node.
import { pbkdf2 } from "node:crypto";
import { constants, openSync, read as fsRead } from "node:fs";
import { get as httpGet } from "node:http";
import { promisify } from "node:util";
import { callSite, start } from "../sdk/emitter.mjs";
import { slowServer } from "../sdk/slow.mjs";
import { ThreadpoolTrace } from "../sdk/threadpool.mjs";

const { params, emit } = start();
const { kind, tasks } = params;
const now = () => process.hrtime.bigint();
const pbkdf2Async = promisify(pbkdf2);
const readAsync = promisify(fsRead);

const get = () => new Promise((resolve, reject) => {
  httpGet({ host: "127.0.0.1", port: slow.port, agent: false }, (answer) => answer.resume().on("end", resolve)).on("error", reject);
});
const read = (n) => readAsync(files[n - 1], Buffer.alloc(1), 0, 1, null);
const hash = () => pbkdf2Async("a", "b", params.iterations, 512, "sha512");

// What JavaScript sees of a request and of a read is the same: when it asked, and when it was told of the end.
async function seen(n, name, kind, work, at = callSite()) {
  emit.emit("begin", { id: String(n), lane: name, name, kind, at });
  await work(n);
  emit.emit("end", { id: String(n) });
}

async function ask(n) {
  if (kind === "requests") return seen(n, `request ${n}`, "net", get);
  if (kind === "reads") return seen(n, `read ${n}`, "fs", read);
  emit.queued(String(n), `hash ${n}`, "cpu");
  return hash();
}

// The same work once, with nothing beside it and nothing reported meanwhile.
async function alone(when) {
  const begun = now();
  await { requests: get, reads: read, hashes: hash }[kind](1);
  emit.sample(kind === "hashes" ? "unit" : "alone", Number(now() - begun) / 1e9, "s", { when });
}

// Hashes alone are told by the pool's threads themselves, in Node's trace: in the order in which they were queued.
async function tellHashes(trace) {
  const lanes = new Map();
  for (const [index, work] of (await trace.end()).entries()) {
    const id = String(index + 1);
    if (!lanes.has(work.thread)) lanes.set(work.thread, `thread ${lanes.size + 1}`);
    emit.emit("begin", { id, lane: lanes.get(work.thread), name: `hash ${id}`, kind: "cpu" }, emit.since(work.begin));
    emit.emit("end", { id, cpu: work.cpu }, emit.since(work.end));
  }
}

emit.host({ node: process.versions.node, loop: `libuv ${process.versions.uv}`, pool: Number(process.env.UV_THREADPOOL_SIZE) });
const slow = await slowServer(params.server, params.latency, kind === "reads" ? tasks : 0);
const files = slow.files.map((path) => openSync(path, constants.O_RDONLY | constants.O_NOCTTY));
await alone("before");

const trace = kind === "hashes" ? new ThreadpoolTrace() : null;
await trace?.begin();
emit.zero();
const cpu = process.cpuUsage();
await Promise.all(Array.from({ length: tasks }, (_, n) => ask(n + 1)));
const total = emit.since();
const { user, system } = process.cpuUsage(cpu);
if (trace) await tellHashes(trace);

emit.sample("total seen by the loop", total);
emit.sample("CPU time", (user + system) / 1e6);
await alone("after");
await slow.close();
emit.close();
