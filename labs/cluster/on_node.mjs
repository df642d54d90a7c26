// A small web server. Node's `cluster` module forks workers that share one port; each worker is a process with a loop.
import cluster from "node:cluster";
import { pbkdf2, pbkdf2Sync } from "node:crypto";
import { createServer } from "node:http";
import { promisify } from "node:util";

const settings = JSON.parse(process.env.CLUSTER_SETTINGS);
const one = ["a", "b", settings.iterations, 512, "sha512"];
const hash = promisify(pbkdf2);
const clock = () => Number(process.hrtime.bigint()) / 1e9;
const sum = ({ user, system }) => (user + system) / 1e6;
// Seconds that a CPU has worked so far: for all threads but the loop's, of which only the pool's works, or for the loop's
const others = () => sum(process.cpuUsage()) - sum(process.threadCpuUsage());
const used = settings.where === "pool" ? others : () => sum(process.threadCpuUsage());
let last = [0, 0]; // both, when the pool's only thread (UV_THREADPOOL_SIZE is 1) was done with the hash before

async function hashSomewhere() {
  const asked = [clock(), used()];
  if (settings.where === "pool") await hash(...one); // the loop goes on
  else pbkdf2Sync(...one); // the loop waits
  const [begun, before] = asked.map((value, i) => Math.max(value, last[i]));
  last = [clock(), used()];
  return [begun, last[0], last[1] - before];
}

async function serve(request, response) {
  let begun, ended, cpu = 0;
  begun = ended = clock();
  if (request.url === "/") [begun, ended, cpu] = await hashSomewhere();
  response.writeHead(200, {
    "Content-Length": 3,
    "X-Worker": process.pid,
    "X-Begin": begun.toFixed(9),
    "X-End": ended.toFixed(9),
    "X-Cpu": cpu.toFixed(9),
  }).end("ok\n");
}

if (cluster.isPrimary) {
  for (let n = 0; n < settings.workers; n += 1) cluster.fork();
  const about = { node: process.versions.node, loop: `libuv ${process.versions.uv}` };
  cluster.on("listening", (worker, { port }) => console.log(JSON.stringify({ port, worker: worker.process.pid, about })));
  process.stdin.resume().on("end", () => { // the parent has ended
    for (const worker of Object.values(cluster.workers)) worker.process.kill("SIGKILL"); // a busy one hears nothing else
    process.exit();
  });
} else {
  createServer({ keepAliveTimeout: 75_000 }, serve).listen({ host: "127.0.0.1", port: 0, backlog: 512 });
}
