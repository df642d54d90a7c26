// How a Node program reports what happens: the same vocabulary as emitter.py, one JSON object a line.
// Lines are written with one short synchronous write, so that reporting adds no turn to the event loop.
import { writeSync } from "node:fs";
import { basename } from "node:path";

/** Parameters of this program (JSON in its first argument) and the emitter on its stdout. */
export function start() {
  return { params: JSON.parse(process.argv[2] ?? "{}"), emit: new Emitter() };
}

export class Emitter {
  #zero = process.hrtime.bigint();

  /** From now on t counts from here. */
  zero() {
    this.#zero = process.hrtime.bigint();
  }

  /** Seconds since zero of a `process.hrtime.bigint()` stamp (now, if none is given). */
  since(stamp = process.hrtime.bigint()) {
    return Number(stamp - this.#zero) / 1e9;
  }

  /** Report any event of the vocabulary. */
  emit(e, fields = {}, t = this.since()) {
    writeAll(JSON.stringify({ e, t, ...fields }) + "\n");
  }

  host(facts) {
    this.emit("host", { pid: process.pid, ...facts });
  }

  /** A piece of work was asked for and waits from now on. */
  queued(id, name, kind = "cpu") {
    const t = this.since();
    this.emit("queued", { id, name, kind, lane: "waiting", at: callSite() }, t);
  }

  sample(series, value, unit = "s", more = {}) {
    this.emit("sample", { series, value, unit, ...more });
  }

  /** The last line of every program. */
  close() {
    this.emit("done");
  }
}

/** "file:line" of the line that called the emitter: the third frame of a fresh stack. */
export function callSite(depth = 3) {
  const frame = new Error().stack.split("\n")[depth] ?? "";
  const found = /([^/\\(]+):(\d+):\d+\)?$/.exec(frame);
  return found ? `${basename(found[1])}:${found[2]}` : undefined;
}

function writeAll(text) {
  let rest = Buffer.from(text);
  while (rest.length > 0) rest = rest.subarray(writeSync(1, rest));
}
