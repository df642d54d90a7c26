// What one pass of a program on Node notes, in memory: written only when the process ends, so that reporting adds no turn.
// libuv counts its turns and the time it waited; Node shows both (uvMetricsInfo, idleTime) without adding anything to the loop.
import { writeSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { callSite } from "../sdk/emitter.mjs";

/** Seconds that a loop with nothing left to call may go on waiting before this lab ends it. */
export const PATIENCE = 0.25;

const PLACES = ["timers", "os", "pool", "ready"];
/** Where Node calls a resource of this type from; what is not named here is called while the loop polls. */
const PHASES = { Timeout: "timers", Immediate: "check", TickObject: "next ticks", PROMISE: "promises" };
const WAKERS = { timers: "timer", check: "none", close: "none", main: "none", "next ticks": "none", promises: "none" };

const now = () => process.hrtime.bigint();

export class Diary {
  order = [];
  /** Why the pass ends, where it does not end by itself. */
  ending = "";
  #params;
  #zero;
  #left;
  #lines = [];
  #pending = new Map();
  #held = "";
  /** When the last callback was over: there the next turn begins, as far as JavaScript can see. */
  #last;
  #idle = 0;
  #turn = -1;
  #count = -1;
  #type = "main";
  #noting = 0n;

  constructor(params) {
    this.#params = params;
    this.#left = params.blocks.filter((block) => block.do !== "server").length;
  }

  get done() {
    return this.#left === 0;
  }

  /** The blocks in the callback of one, or of the program itself. */
  inside(letter) {
    return this.#params.blocks.filter((block) => block.inside === letter);
  }

  /** The pass begins. The hook tells which kind of resource each callback belongs to. */
  begin(createHook) {
    if (this.#params.told) this.#watch(createHook);
    this.#zero = this.#last = now();
    if (this.#params.told) this.#turns("main");
  }

  #watch(createHook) {
    for (let warm = 0; warm < 5; warm += 1) callSite(held().length + performance.nodeTiming.uvMetricsInfo.loopCount);
    const types = new Map();
    createHook({
      init: (id, type) => { types.set(id, type); },
      before: (id) => { this.#type = types.get(id) ?? this.#type; },
      after: () => { this.#type = "other"; },
    }).enable();
  }

  asked(block) {
    if (!this.#params.told) return;
    const t = now();
    this.#note("queued", t, { id: block.id, name: block.name, kind: block.work, lane: "waiting", at: callSite(3) });
    this.#pending.set(block.id, block.waits);
    this.#noting += now() - t;
  }

  /** Around the callback of a block. */
  calling(block, call) {
    this.order.push(block.id);
    this.#left -= 1;
    if (!this.#params.told) return call();
    const t = now();
    const phase = this.#phase(block);
    this.#turns(phase, block);
    this.#pending.delete(block.id);
    this.#note("begin", t, { id: block.id, name: block.name, kind: block.work, lane: phase, turn: this.#turn });
    this.#noting += now() - t;
    call();
    this.#last = now();
    this.#note("end", this.#last, { id: block.id });
    this.#held = held();
  }

  #phase(block) {
    if (this.#type === "main") return "main";
    if (block.do === "close") return "close"; // called by libuv when the handle has gone; its type is the socket's
    return PHASES[this.#type] ?? "poll";
  }

  /** A callback in a turn that was not seen before: what was pending is what is pending still. */
  #turns(phase, block) {
    const { loopCount } = performance.nodeTiming.uvMetricsInfo;
    if (loopCount === this.#count) return;
    const idle = performance.nodeTiming.idleTime / 1000;
    const woke = phase === "poll" ? block.waits : WAKERS[phase];
    const pending = Object.fromEntries(PLACES.map((place) => [place, [...this.#pending].filter(([, at]) => at === place).map(([id]) => id)]));
    this.#turn += 1;
    this.#note("turn", this.#last, {
      n: this.#turn, ...pending, held: this.#held, limit: null, waited: idle - this.#idle,
      woke: woke === "timer" && idle === this.#idle ? "none" : woke, count: loopCount, unseen: Math.max(0, loopCount - this.#count - 1),
    });
    [this.#count, this.#idle] = [loopCount, idle];
  }

  #note(e, stamp, fields) {
    this.#lines.push({ e, t: Number(stamp - this.#zero) / 1e9, ...fields });
  }

  /** The last turn, which finds nothing (or only a server) to wait for, and everything that was noted. */
  write() {
    if (!this.#params.told) return print({ order: this.order });
    const left = [...this.#pending.keys()];
    const idle = performance.nodeTiming.idleTime / 1000;
    this.#note("turn", this.#last, {
      n: this.#turn + 1, timers: [], pool: [], ready: [], os: left, held: held(), limit: null, waited: idle - this.#idle, woke: "none",
      end: this.ending || "empty",
    });
    for (const line of this.#lines) print(line);
    print({ e: "sample", t: Number(now() - this.#zero) / 1e9, series: "instrument", value: Number(this.#noting) / 1e9, unit: "s", when: "after", events: this.#lines.length });
  }
}

/** What keeps the loop alive, in Node's own words: "Timeout, FSReqCallback ×2". */
function held() {
  const counts = new Map();
  for (const name of process.getActiveResourcesInfo()) if (!name.endsWith("Wrap") || name.startsWith("TCP")) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, times]) => (times > 1 ? `${name} ×${times}` : name)).join(", ");
}

function print(line) {
  let rest = Buffer.from(`${JSON.stringify(line)}\n`);
  while (rest.length > 0) rest = rest.subarray(writeSync(1, rest));
}
