// Work handed to somebody else: a worker thread, or a process of its own. Both run the same file and take one task at a time.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Worker, isMainThread, parentPort } from "node:worker_threads";

/** One worker. `way` is "thread" or "process"; `file` is the URL of a module that calls `serve`. */
export class Helper {
  #worker;
  #answer = null;
  #closing = false;
  /** A promise that is kept when the worker has started. */
  ready;

  constructor(way, file) {
    this.#worker = way === "thread" ? new Worker(file)
      : fork(fileURLToPath(file), [String(process.pid)], { serialization: "advanced" });
    this.ready = new Promise((resolve) => { this.#answer = resolve; });
    this.#worker.on("message", (message) => this.#answer(message));
    this.#worker.on("error", (error) => { throw error; });
    this.#worker.on("exit", (code) => { if (!this.#closing) throw new Error(`a worker ended with code ${code}`); });
  }

  /** Post a task; the promise keeps what the worker answers. */
  run(task) {
    return new Promise((resolve) => {
      this.#answer = resolve;
      if (this.#worker instanceof Worker) this.#worker.postMessage(task);
      else this.#worker.send(task);
    });
  }

  async close() {
    this.#closing = true;
    if (this.#worker instanceof Worker) await this.#worker.terminate();
    else this.#worker.disconnect();
  }
}

/** For the worker's module: answer every task with what `handle` gives back for it. */
export function serve(handle) {
  if (isMainThread) {
    endWithParent(Number(process.argv[2]));
    process.on("message", (task) => process.send(handle(task) ?? null));
    process.send("ready");
  } else {
    parentPort.on("message", (task) => parentPort.postMessage(handle(task)));
    parentPort.postMessage("ready");
  }
}

/** A process that computes hears nothing. So a thread of it looks whether the parent is still there. */
function endWithParent(parent) {
  process.on("disconnect", () => process.exit());
  const watch = `setInterval(() => process.ppid === ${parent} || process.kill(process.pid, "SIGKILL"), 100)`;
  new Worker(watch, { eval: true }).unref();
}
