// When did a pool thread of Node really take a task? JavaScript cannot see it: a callback only tells when
// the loop heard of the end. Node's own trace (category node.threadpoolwork.sync) is written by the pool
// threads themselves, with their thread id and their CPU time. This reads it.
import { Session } from "node:inspector";

const CATEGORY = "node.threadpoolwork.sync";

export class ThreadpoolTrace {
  #session = new Session();
  #events = [];

  async begin() {
    this.#session.connect();
    this.#session.on("NodeTracing.dataCollected", ({ params }) => {
      for (const event of params.value) this.#events.push(event);
    });
    await this.#post("NodeTracing.start", { traceConfig: { includedCategories: [CATEGORY] } });
  }

  /**
   * Stop, and give back the work of the pool threads in the order in which it was taken:
   * [{ thread: OS thread id, name, begin, end: hrtime stamps in ns (bigint), cpu: seconds }]
   */
  async end() {
    const complete = new Promise((resolve) => {
      this.#session.once("NodeTracing.tracingComplete", resolve);
    });
    await this.#post("NodeTracing.stop");
    await complete;
    this.#session.disconnect();
    return pairs(this.#events.filter((event) => event.cat.includes(CATEGORY)));
  }

  #post(method, params) {
    return new Promise((resolve, reject) => {
      this.#session.post(method, params, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
  }
}

function pairs(events) {
  const open = new Map();
  const work = [];
  for (const event of events.toSorted((a, b) => a.ts - b.ts)) {
    if (event.ph === "B") open.set(event.tid, event);
    const begun = open.get(event.tid);
    if (event.ph !== "E" || begun === undefined) continue;
    open.delete(event.tid);
    work.push({
      thread: event.tid,
      name: event.name,
      begin: BigInt(begun.ts) * 1000n,
      end: BigInt(event.ts) * 1000n,
      cpu: (event.tts - begun.tts) / 1e6,
    });
  }
  return work.sort((a, b) => Number(a.begin - b.begin));
}
