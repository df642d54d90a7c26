// Several processes or threads of one run that report on one stdout, in one time: see together.py.
// Emitter writes each line with one write, so lines of up to 4 KiB never mix.
import { Emitter } from "./emitter.mjs";

/** The machine's clock in seconds, the same one in every process (Python: `time.perf_counter`). */
export function clock() {
  return Number(process.hrtime.bigint()) / 1e9;
}

/** Parameters of this program (JSON in its first argument) and an emitter that shares stdout with other processes. */
export function startTogether() {
  return { params: JSON.parse(process.argv[2] ?? "{}"), emit: new SharedEmitter() };
}

/** An emitter whose zero can be any moment, also one to come. */
export class SharedEmitter extends Emitter {
  #lead = 0;

  /** t = 0 is at this reading of `clock`; before it t is negative. */
  zeroAt(stamp) {
    this.zero();
    this.#lead = stamp - clock();
  }

  since(stamp = process.hrtime.bigint()) {
    return super.since(stamp) - this.#lead;
  }
}
