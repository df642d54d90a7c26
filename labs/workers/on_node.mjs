// Counting on Node's main thread, on worker threads and in child processes. How is the event loop meanwhile?
import { setTimeout as sleep } from "node:timers/promises";
import { clock, startTogether } from "../sdk/together.mjs";
import { Helper } from "../sdk/workers.mjs";
import { IN_A_ROUND, work } from "./counting.mjs";

const BEAT = 0.02;

const { params, emit } = startTogether();
const rounds = params.rounds.node;
const elsewhere = new URL("elsewhere.mjs", import.meta.url);
let zero = 0;
let beating;

function onTheLoop({ id, name }) {
  const cpu = process.threadCpuUsage();
  emit.emit("begin", { id, name, kind: "cpu", lane: "loop" });
  work(rounds);
  const { user, system } = process.threadCpuUsage(cpu);
  emit.emit("end", { id, cpu: (user + system) / 1e6 });
}

/** Every worker takes a count, and another one when it has answered, until none is left. */
async function besideTheLoop(way, helper, number, waiting) {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { id, name, asked } = next;
    emit.emit("sample", { series: "post", value: 1000 * (clock() - asked), unit: "ms", id });
    const ended = await helper.run({ zero, rounds, about: { id, name, kind: "cpu", lane: `worker ${number}` } });
    emit.emit("sample", { series: "onmessage", value: 1000 * (clock() - ended), unit: "ms", id });
  }
}

/** All the counts in one way, on fresh workers that have been started before. */
async function countAll(way) {
  const helpers = way === "loop" ? [] : Array.from({ length: params.workers }, () => new Helper(way, elsewhere));
  await Promise.all(helpers.map((helper) => helper.ready));
  if (zero === 0) {
    zero = clock() + params.quiet;
    emit.zeroAt(zero);
    heartbeat();
  }
  await sleep(1000 * params.quiet);
  emit.emit("mark", { text: `begins (${way})` });
  const waiting = Array.from({ length: params.tasks }, (_, index) => ask(way, index + 1));
  if (way === "loop") waiting.forEach(onTheLoop);
  else await Promise.all(helpers.map((helper, index) => besideTheLoop(way, helper, index + 1, waiting)));
  emit.emit("mark", { text: `ends (${way})` });
  await Promise.all(helpers.map((helper) => helper.close()));
}

function ask(way, n) {
  const [id, name] = [`${way} ${n}`, `${way} (${n})`];
  emit.queued(id, name);
  return { id, name, asked: clock() };
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
  work(rounds);
  return clock() - begun;
}

emit.host({ node: process.versions.node, loop: `libuv ${process.versions.uv}`, counts_to: rounds * IN_A_ROUND });
emit.sample("unit", timed(), "s", { when: "before" });
for (const way of params.ways) await countAll(way);
await sleep(1000 * params.quiet);
clearTimeout(beating);
emit.sample("unit", timed(), "s", { when: "after" });
emit.close();
