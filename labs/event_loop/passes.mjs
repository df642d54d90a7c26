// One watched pass of a program on Node, whose lines go out as they are, and many quiet ones, whose orders are counted.
import { spawn } from "node:child_process";
import { start } from "../sdk/emitter.mjs";
import { slowServer } from "../sdk/slow.mjs";

export async function passes(file, params) {
  const { emit } = start();
  emit.host({ node: process.versions.node, loop: `libuv ${process.versions.uv}`, pool: params.pool });
  const slow = await slowServer(params.server, params.latency);
  const settings = { ...params, port: slow.port };
  await pass(file, { ...settings, told: false });
  process.stdout.write(await pass(file, { ...settings, told: true }));
  const counted = new Map();
  for (let n = 0; n < params.runs; n += 1) {
    const { order } = JSON.parse(await pass(file, { ...settings, told: false }));
    const key = JSON.stringify(order);
    counted.set(key, (counted.get(key) ?? 0) + 1);
  }
  for (const [order, times] of counted) emit.sample("order", times, "runs", { when: "after", order: JSON.parse(order) });
  await slow.close();
  emit.close();
}

/** A process from start to end; what it printed. It ends with this one, if this one is asked to end. */
function pass(file, settings) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, JSON.stringify(settings)], { stdio: ["ignore", "pipe", "inherit"] });
    const stop = () => { child.kill("SIGKILL"); process.exit(143); };
    process.once("SIGTERM", stop);
    const pieces = [];
    child.stdout.on("data", (piece) => pieces.push(piece));
    child.once("error", reject);
    child.once("close", (code) => {
      process.off("SIGTERM", stop);
      if (code === 0) resolve(Buffer.concat(pieces).toString());
      else reject(new Error(`a pass ended with code ${code}`));
    });
  });
}
