/**
 * `npm run soak [-- --count 500] [--seed N] [--path P] [--no-shrink]`: as many random sequences as asked for, of a
 * fresh seed. Prints the seed first, and where a sequence fails the shortest that still does and what plays it again. A fresh seed each time, because finding what nobody
 * thought of is what it is for; test/e2e/model.test.ts has fixed ones.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { openClusterLab } from '../ownership/lab.ts';
import { playSequence } from './play.ts';
import { sequences } from './steps.ts';

const { values } = parseArgs({
  allowNegative: true,
  options: {
    count: { type: 'string', default: '500' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    path: { type: 'string' },
    shrink: { type: 'boolean', default: true },
  },
});
const seed = Number(values.seed);
const count = Number(values.count);

process.stdout.write(`soak: ${count} sequences of seed ${seed}\n`);
const lab = await openClusterLab();
const startedMs = performance.now();
let played = 0;
const property = fc.asyncProperty(sequences, async (steps) => {
  await playSequence(lab, steps);
  played += 1;
  if (played % 50 === 0) process.stdout.write(`soak: ${played} of ${count}, ${pace()}\n`);
});
const found = await fc.check(property, {
  seed,
  numRuns: count,
  endOnFailure: !values.shrink,
  ...(values.path && { path: values.path }),
});
if (found.failed) {
  const steps = (found.counterexample?.[0] ?? []).map((step) => `  ${JSON.stringify(step)}`);
  process.stdout.write(`${[`soak: failed after ${found.numRuns} sequences:`, ...steps].join('\n')}\n`);
  process.stdout.write(`${String(found.errorInstance)}\n`);
  process.stdout.write(`again: npm run soak -- --seed ${seed} --path ${found.counterexamplePath}\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(`soak: ${count} sequences of seed ${seed} hold, ${pace()}\n`);
}
await lab.close();

function pace(): string {
  return `${((performance.now() - startedMs) / 1_000 / Math.max(1, played)).toFixed(2)} s each`;
}
