// How a Node program hears what the learner does to it: see listen.py. Reading does not keep the program alive.
import { createInterface } from "node:readline";

/** Call `act({ n, action, params })` for each line on stdin. Give `n` back in the `mark` that says it is done. */
export function listen(act) {
  createInterface({ input: process.stdin }).on("line", (line) => act(JSON.parse(line)));
  process.stdin.unref?.();
}
