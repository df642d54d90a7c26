// A small HTTP server on Node.js. `/` works for a while, `/fast` answers at once. Who keeps whom waiting?
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { clock, startTogether } from "../sdk/together.mjs";
import { Helper } from "../sdk/workers.mjs";
import { work } from "./work.mjs";

const BEAT = 0.02;

const { params, emit } = startTogether();
const { work: kind, slices } = params;
const rounds = params.rounds.node;
const elsewhere = new URL("elsewhere.mjs", import.meta.url);
let zero = 0;
let beating;

/** Work on this thread, as a bar on the lane of the loop. */
function here(id, name, rounds) {
  const cpu = process.threadCpuUsage();
  emit.emit("begin", { id, name, kind: "cpu", lane: "loop" });
  work(rounds, kind);
  const { user, system } = process.threadCpuUsage(cpu);
  emit.emit("end", { id, cpu: (user + system) / 1e6 });
}

function onTheLoop() {
  here("work loop", "work on the loop", rounds);
}

async function inSlices() {
  for (let n = 1; n <= slices; n += 1) {
    here(`slice ${n}`, `slice ${n}`, Math.floor(rounds / slices));
    await setImmediate(); // whoever is ready gets a turn
  }
}

async function inAThread() {
  emit.queued("work thread", "work in a thread");
  await thread.run({ zero, rounds, kind, way: "thread", lane: "thread 1" });
}

async function inAProcess() {
  emit.queued("work process", "work in a process");
  await child.run({ zero, rounds, kind, way: "process", lane: "process 1" });
}

const WAYS = { loop: onTheLoop, slices: inSlices, thread: inAThread, process: inAProcess };

async function answer(path, query, taken) {
  if (path === "/") {
    emit.emit("mark", { text: `/ begins (${query})`, severity: "warn" });
    await WAYS[query]();
    emit.emit("mark", { text: `/ ends (${query})` });
  } else if (path === "/begin") {
    zero = taken + Number(query);
    emit.zeroAt(zero);
    heartbeat();
  }
}

/** The loop lag: how late a timer is that wants to be called every 20 ms. */
function heartbeat() {
  const due = clock() + BEAT;
  beating = setTimeout(() => {
    emit.sample("loop lag", Math.max(0, clock() - due));
    heartbeat();
  }, 1000 * BEAT);
}

function timed() {
  const begun = clock();
  work(rounds, kind);
  return clock() - begun;
}

emit.host({ node: process.versions.node, loop: `libuv ${process.versions.uv}` });
const [thread, child] = [new Helper("thread", elsewhere), new Helper("process", elsewhere)];
await Promise.all([thread.ready, child.ready]);
emit.sample("unit", timed(), "s", { when: "before" });

const server = createServer(async (request, response) => {
  const taken = clock();
  const [path, query] = request.url.split("?");
  await answer(path, query, taken);
  response.writeHead(200, { "X-Taken": taken.toFixed(9) }).end("ok\n");
});
await once(server.listen({ host: "127.0.0.1", port: 0, backlog: 512 }), "listening");

const prober = spawn(
  params.python,
  ["-P", fileURLToPath(new URL("prober.py", import.meta.url)), JSON.stringify({ ...params, port: server.address().port })],
  { stdio: ["pipe", "inherit", "inherit"] },
);
const [code] = await once(prober, "exit");
if (code !== 0) throw new Error("the prober failed");
clearTimeout(beating);
server.close();

emit.sample("unit", timed(), "s", { when: "after" });
await Promise.all([thread.close(), child.close()]);
emit.close();
