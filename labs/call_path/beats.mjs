// A worker thread that only wants to be called again and again. It keeps its stamps and tells them at the end.
import { parentPort, workerData } from "node:worker_threads";

const stamps = [];
let due = process.hrtime.bigint();
let beating;

function beat() {
  const now = process.hrtime.bigint();
  stamps.push([now, now - due]);
  due = now + BigInt(workerData.milliseconds) * 1_000_000n;
  beating = setTimeout(beat, workerData.milliseconds);
}

parentPort.once("message", () => {
  clearTimeout(beating);
  parentPort.postMessage(stamps);
});
beat();
parentPort.postMessage("ready");
