// Starts slow_server.py for a Node program. It ends when this process closes its input, or ends, however it ends.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** { port, files, close } of a server that answers after `latency` seconds, with `files` files as slow. */
export async function slowServer(command, latency, files = 0) {
  const [program, ...options] = command;
  const server = spawn(program, [...options, JSON.stringify({ latency, files })], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => server.once("close", resolve));
  const line = await Promise.race([
    new Promise((resolve) => createInterface({ input: server.stdout }).once("line", resolve)),
    ended.then(() => { throw new Error("the slow server did not start"); }),
  ]);
  const close = () => {
    server.stdin.end();
    return ended;
  };
  return { ...JSON.parse(line), close };
}
