// A small web server. Node's `cluster` module forks workers that share one port; each worker is a process with a loop.
import cluster from "node:cluster";
import { pbkdf2, pbkdf2Sync } from "node:crypto";
import { createServer } from "node:http";
import { promisify } from "node:util";

const settings = JSON.parse(process.env.CLUSTER_SETTINGS);
const one = ["a", "b", settings.iterations, 512, "sha512"];
const hash = promisify(pbkdf2);
const clock = () => Number(process.hrtime.bigint()) / 1e9;
let last = 0; // when the pool's only thread (UV_THREADPOOL_SIZE is 1) was done with the hash before

async function hashSomewhere() {
  const asked = clock();
  if (settings.where === "pool") await hash(...one); // the loop goes on
  else pbkdf2Sync(...one); // the loop waits
  const begun = Math.max(asked, last);
  last = clock();
  return [begun, last];
}

async function serve(request, response) {
  let begun, ended;
  begun = ended = clock();
  if (request.url === "/") [begun, ended] = await hashSomewhere();
  response.writeHead(200, {
    "Content-Length": 3,
    "X-Worker": process.pid,
    "X-Begin": begun.toFixed(9),
    "X-End": ended.toFixed(9),
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
