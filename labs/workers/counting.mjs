// The work: counting, in plain JavaScript. Nothing but a CPU is needed for it.

export const IN_A_ROUND = 10_000;

/** Count to ten thousand, `rounds` times. */
export function work(rounds) {
  let i = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (i = 0; i < IN_A_ROUND;) i += 1;
  }
  return i;
}
