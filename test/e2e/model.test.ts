/**
 * Random sequences of commits, neighbours' edits, crashes, losses and jumps of the clock, each judged by a model that
 * knows nothing of the engine. Seeds are fixed here, so that a change is blamed for what it broke and not for what a
 * fresh seed happened to find; `npm run soak` takes fresh ones.
 */
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { playSequence } from './model/play.ts';
import { sequences } from './model/steps.ts';
import { type ClusterLab, openClusterLab } from './ownership/lab.ts';

const SEEDS = [1, 2, 3];
const SEQUENCES_A_SEED = 10;

describe('whatever happens in whatever order', () => {
  let lab: ClusterLab;
  before(async () => {
    lab = await openClusterLab();
  });
  after(() => lab.close());

  for (const seed of SEEDS) {
    it(`settles at what Git says and harms nobody, ${SEQUENCES_A_SEED} sequences of seed ${seed}`, async () => {
      const property = fc.asyncProperty(sequences, (steps) => playSequence(lab, steps));
      await fc.assert(property, { seed, numRuns: SEQUENCES_A_SEED });
    });
  }
});
