// One hash through Node.js: a promise, crypto.pbkdf2, its binding, libuv's thread pool, and OpenSSL inside the program.
import { pbkdf2, pbkdf2Sync } from "node:crypto";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { start } from "../sdk/emitter.mjs";
import { BYTES, DIGEST, PASSWORD, SALT, framesOf, work } from "./hash.mjs";

const BEAT = 4;
const [BUDGET, MOST_TURNS, FEWEST_TURNS] = [0.06, 120, 3];

const { params, emit } = start();
const promised = promisify(pbkdf2);
const awaited = (n) => promised(PASSWORD, SALT, n, BYTES, DIGEST);
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

function timed(call, n) {
  const begun = process.hrtime.bigint();
  call(n);
  return Number(process.hrtime.bigint() - begun) / 1e9;
}

async function timedAwait(call, n) {
  const begun = process.hrtime.bigint();
  await call(n);
  return Number(process.hrtime.bigint() - begun) / 1e9;
}

/** A callback that stamps by itself: no promise is part of what is measured. */
function timedCallback(n) {
  return new Promise((done) => {
    const begun = process.hrtime.bigint();
    pbkdf2(PASSWORD, SALT, n, BYTES, DIGEST, () => done(Number(process.hrtime.bigint() - begun) / 1e9));
  });
}

const ENTRIES = [["promise", (n) => timedAwait(awaited, n)], ["callback", timedCallback], ["direct", (n) => timed(work, n)]];

async function layers() {
  const { node, uv, v8, openssl } = process.versions;
  const shared = process.report.getReport().sharedObjects ?? [];
  const library = shared.find((file) => file.includes("libcrypto"));
  const inside = process.config.variables.node_shared_openssl ? null : `${process.execPath} (built in)`;
  const asynchronous = await framesOf((digest) => promised(PASSWORD, SALT, 1, BYTES, digest));
  const synchronous = await framesOf((digest) => pbkdf2Sync(PASSWORD, SALT, 1, BYTES, digest));
  const [where = null] = /node:internal\/crypto\/\w+/.exec(synchronous.join(" ")) ?? [];
  return [
    { id: "promise", function: "await promisify(pbkdf2)", file: "node:internal/util", version: `Node.js ${node}, V8 ${v8}`,
      own: { of: "promise", less: "callback" }, act: "await", note: "Makes a promise of the callback.", seen: asynchronous },
    { id: "js", function: "crypto.pbkdf2", file: where, version: `Node.js ${node}`, own: null, act: "await", seen: synchronous,
      note: "JavaScript of Node. It checks the arguments and makes a job. Node lets no program call the binding below it, so its share is in the one of the binding." },
    { id: "binding", function: "PBKDF2Job", file: `${process.execPath} (built in)`, version: `Node.js ${node}`,
      own: { of: "direct" }, act: "direct",
      note: "C++ of Node. Measured through crypto.pbkdf2Sync, which runs the job where it is called: with the JavaScript above it, and OpenSSL's set-up below." },
    { id: "pool", function: "uv_queue_work", file: process.config.variables.node_shared_libuv ? null : `${process.execPath} (built in)`,
      version: `libuv ${uv}`, own: { of: "callback", less: "direct" }, act: "await",
      note: "libuv's threads. What crypto.pbkdf2 costs more than crypto.pbkdf2Sync: going to a thread, and the loop's turn with the callback." },
    { id: "openssl", function: "PKCS5_PBKDF2_HMAC", file: library ?? inside, version: `OpenSSL ${openssl}`, own: null, act: null,
      note: "Named by OpenSSL's documentation, not seen: Node has no way to call it by itself. Its set-up is in the binding's share." },
    { id: "loop", function: "HMAC-SHA512 × n", file: library ?? inside, version: `OpenSSL ${openssl}`, own: { slope: true }, act: null,
      note: "The only layer that grows with the iterations: its share is the slope of the fit." },
  ];
}

let beating;

function heartbeat() {
  const due = process.hrtime.bigint() + BigInt(BEAT) * 1_000_000n;
  beating = setTimeout(() => {
    emit.sample("event loop", Math.max(0, Number(process.hrtime.bigint() - due) / 1e9));
    heartbeat();
  }, BEAT);
}

async function act(id, name, lane, call) {
  emit.emit("begin", { id, name, kind: "cpu", lane });
  await call(params.hold.node);
  emit.emit("end", { id });
  await sleep(1000 * params.quiet);
}

/** The same long hash twice, while the loop and another thread want to be called every 4 ms. */
async function whoCanMove() {
  const other = new Worker(new URL("beats.mjs", import.meta.url), { workerData: { milliseconds: BEAT } });
  await once(other, "message");
  heartbeat();
  await sleep(1000 * params.quiet);
  await act("await", "awaited", "pool thread", awaited);
  await act("direct", "on the loop", "event loop", work);
  clearTimeout(beating);
  other.postMessage("tell");
  const [stamps] = await once(other, "message");
  for (const [at, late] of stamps) {
    emit.emit("sample", { series: "another thread", value: Math.max(0, Number(late) / 1e9), unit: "s" }, emit.since(at));
  }
  await other.terminate();
}

/** Every layer in turn, call by call, so that all of them share the machine's moods. */
async function grow() {
  for (const n of params.sizes) {
    const took = { promise: [], callback: [], direct: [] };
    const seconds = Math.min(timed(work, n), timed(work, n), timed(work, n));
    const turns = Math.min(MOST_TURNS, Math.max(FEWEST_TURNS, Math.floor(BUDGET / (ENTRIES.length * seconds))));
    emit.emit("begin", { id: `${n} iterations`, name: `${n}`, kind: "cpu", lane: "every layer in turn" });
    for (let turn = 0; turn < turns; turn += 1) {
      // another one first each time: what came just before leaves its traces
      for (let at = 0; at < ENTRIES.length; at += 1) {
        const [entry, call] = ENTRIES[(turn + at) % ENTRIES.length];
        took[entry].push(await call(n));
      }
    }
    emit.emit("end", { id: `${n} iterations` });
    for (const [entry, seconds] of Object.entries(took)) emit.sample("call", median(seconds), "s", { entry, n, of: seconds.length });
  }
}

emit.host({ node: process.versions.node, loop: `libuv ${process.versions.uv}`, gil: null });
emit.host({ node: process.versions.node, loop: `libuv ${process.versions.uv}`, gil: null, layers: await layers() });
emit.sample("unit", timed(work, params.hold.node), "s", { when: "before" });
await awaited(1);
await timedCallback(1);
emit.zero();
await whoCanMove();
await grow();
emit.sample("unit", timed(work, params.hold.node), "s", { when: "after" });
emit.close();
