// The counting on a worker thread or in a child process, which reports by itself. Answers when it ended.
import { SharedEmitter, clock } from "../sdk/together.mjs";
import { serve } from "../sdk/workers.mjs";
import { work } from "./counting.mjs";

const emit = new SharedEmitter();

serve(({ zero, rounds, about }) => {
  emit.zeroAt(zero);
  const cpu = process.threadCpuUsage();
  emit.emit("begin", about);
  work(rounds);
  const ended = clock();
  const { user, system } = process.threadCpuUsage(cpu);
  emit.emit("end", { id: about.id, cpu: (user + system) / 1e6 }, ended - zero);
  return ended;
});
