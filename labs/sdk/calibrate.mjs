// Prints how many seconds one round of `work(rounds, ...more)` takes in Node: see calibrate.py.
const [module, trialSeconds, trials, ...more] = JSON.parse(process.argv[2]);
const { work } = await import(module);

function timed(rounds) {
  const begun = process.hrtime.bigint();
  work(rounds, ...more);
  return Number(process.hrtime.bigint() - begun) / 1e9;
}

// The first trials also let the engine compile the loop.
let rounds = 1;
while (timed(rounds) < trialSeconds) rounds *= 2;
let best = Infinity;
for (let trial = 0; trial < trials; trial += 1) best = Math.min(best, timed(rounds));
console.log(best / rounds);
