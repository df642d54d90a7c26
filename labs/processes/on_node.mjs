// A web app on Node's `cluster` module: a primary that holds workers, and what the workers serve. One file, both real.
// Node's own primary starts nobody again. This one does, and it obeys the signals that gunicorn's master knows.
import cluster from "node:cluster";
import { pbkdf2Sync } from "node:crypto";
import { readSync, writeSync } from "node:fs";
import { createServer, get } from "node:http";
import { clock } from "../sdk/together.mjs";

const { PROCESSES_WORKERS, PROCESSES_NEWS, PROCESSES_BROKEN, PROCESSES_PORT, PROCESSES_SLOW } = process.env;

// --- the primary: it hands each connection to a worker, in turn --------------------------------------------------------
class Primary {
  #wanted = Number(PROCESSES_WORKERS);
  #workers = new Set(); // in the order in which they were forked
  #old = []; // whom a reload has still to replace
  #replaced = null; // whom it is replacing now

  start() {
    for (let n = 0; n < this.#wanted; n += 1) this.#fork();
    process.on("SIGHUP", () => this.#reload());
    process.on("SIGTTIN", () => { this.#wanted += 1; this.#fork(); });
    process.on("SIGTTOU", () => this.#oneFewer());
    process.on("SIGTERM", () => this.#end());
    process.stdin.resume().on("end", () => this.#end()); // the manager has ended
  }

  #staying() {
    return [...this.#workers].filter((worker) => !worker.leaving);
  }

  #fork() {
    const worker = cluster.fork({ BROKEN: newCodeIsBroken() ? "yes" : "" });
    this.#workers.add(worker);
    tell("born", worker);
    worker.once("listening", () => { worker.serves = true; tell("ready", worker); });
    worker.on("message", ({ what }) => tell(what, worker));
    worker.once("exit", (code, signal) => this.#ended(worker, code !== 0 && !signal));
    return worker;
  }

  /** As gunicorn's master, it keeps the last one. */
  #oneFewer() {
    if (this.#wanted <= 1) return;
    this.#wanted -= 1;
    this.#retire(this.#staying().find((worker) => worker !== this.#replaced));
  }

  /** It gets no new connection, answers what it has taken, and ends. */
  #retire(worker) {
    if (!worker) return;
    worker.leaving = true;
    worker.disconnect();
  }

  /** Who was ended is replaced. Who failed to start is left to the manager: it waits before it says SIGTTIN. */
  #ended(worker, failed) {
    this.#workers.delete(worker);
    const missing = this.#staying().length < this.#wanted;
    if (worker.serves || worker.leaving || !failed) {
      tell("gone", worker);
      if (missing) this.#fork();
      return;
    }
    [this.#old, this.#replaced] = [[], null]; // a reload goes no further: whom it has not replaced yet stays
    if (missing) this.#wanted -= 1;
    tell(missing ? "failed" : "kept", worker);
  }

  #reload() {
    this.#old = this.#staying().filter((worker) => worker !== this.#replaced);
    if (!this.#replaced) this.#replaceNext();
  }

  /** One after the other: the old one goes when the new one serves. */
  #replaceNext() {
    const old = this.#replaced = this.#old.shift() ?? null;
    if (!old) return;
    if (!this.#staying().includes(old)) return this.#replaceNext(); // it went by itself
    const next = this.#fork();
    next.once("listening", () => {
      if (!this.#workers.has(old)) return this.#replaceNext();
      old.once("exit", () => this.#replaceNext());
      this.#retire(old);
    });
    next.once("exit", (code, signal) => {
      if (next.serves || !signal || this.#replaced !== old) return;
      this.#old.unshift(old); // somebody killed it before it served: another one comes
      this.#replaceNext();
    });
  }

  #end() {
    for (const worker of this.#workers) worker.process.kill("SIGKILL");
    process.exit();
  }
}

function tell(what, worker) {
  writeSync(Number(PROCESSES_NEWS), JSON.stringify({ what, pid: worker.process.pid, t: clock() }) + "\n");
}

function newCodeIsBroken() {
  const flag = Buffer.alloc(1);
  return readSync(Number(PROCESSES_BROKEN), flag, 0, 1, 0) === 1 && flag.toString() === "1";
}

// --- what the workers serve --------------------------------------------------------------------------------------------
const LEAK_BYTES = 256 * 1024;
const LEAK_MOST = 600; // pieces of that size: a lab must not take the machine down
const kept = [];
let leaking = false;

function serve() {
  if (process.env.BROKEN) throw new Error("made to crash on start");
  process.on("SIGTERM", () => cluster.worker.disconnect()); // answers what it has taken, then ends
  process.on("SIGUSR2", () => { leaking = true; process.send({ what: "leaking" }); });
  createServer((request, response) => answer(response).catch(() => response.writeHead(502).end()))
    .listen({ host: "127.0.0.1", port: Number(PROCESSES_PORT), backlog: 2048 });
}

/** Compute a little, then wait for something slow that is not this process. */
async function answer(response) {
  const digest = pbkdf2Sync("a", "b", 2000, 32, "sha256");
  await askElsewhere();
  if (leaking && kept.length < LEAK_MOST) kept.push(Buffer.alloc(LEAK_BYTES, 1));
  const body = digest.toString("hex");
  response.writeHead(200, { "Content-Length": body.length, "X-Worker": process.pid }).end(body);
}

function askElsewhere() {
  return new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port: PROCESSES_SLOW, agent: false }, (slow) => slow.resume().on("end", resolve)).on("error", reject);
  });
}

if (cluster.isPrimary) new Primary().start();
else serve();
