// What `/` does: so many rounds of work that need nothing but a CPU, wherever it is done.
import { pbkdf2Sync } from "node:crypto";

/** One round: count to ten thousand, or a thousand iterations of a hash in one call of node:crypto. */
export function work(rounds, kind) {
  if (kind === "hash") return pbkdf2Sync("a", "b", 1000 * rounds, 64, "sha512");
  let i = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (i = 0; i < 10_000;) i += 1;
  }
  return i;
}
