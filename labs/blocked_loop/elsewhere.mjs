// The work on a worker thread or in a child process, which reports by itself when it begins and ends.
import { SharedEmitter } from "../sdk/together.mjs";
import { serve } from "../sdk/workers.mjs";
import { work } from "./work.mjs";

const emit = new SharedEmitter();

serve(({ zero, rounds, kind, way, lane }) => {
  emit.zeroAt(zero);
  const cpu = process.threadCpuUsage();
  emit.emit("begin", { id: `work ${way}`, name: `work in a ${way}`, kind: "cpu", lane });
  work(rounds, kind);
  const { user, system } = process.threadCpuUsage(cpu);
  emit.emit("end", { id: `work ${way}`, cpu: (user + system) / 1e6 });
});
