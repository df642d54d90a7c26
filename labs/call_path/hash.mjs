// The hash, and one that is never made: its complaint names the functions that a call goes through.
import { pbkdf2Sync } from "node:crypto";

export const [PASSWORD, SALT, BYTES, DIGEST] = ["a", "b", 64, "sha512"];

export function work(rounds) {
  return pbkdf2Sync(PASSWORD, SALT, rounds, BYTES, DIGEST);
}

/** Node's own functions between this file and the binding: "name (file:line)", outermost first. */
export async function framesOf(call) {
  try {
    await call("no such digest");
    return [];
  } catch (error) {
    const frames = error.stack.split("\n").slice(1).map((line) => line.trim().replace(/^at /, ""));
    return frames.filter((frame) => frame.includes("node:internal/crypto") || frame.includes("node:internal/util")).reverse();
  }
}
