/** Kills functions at points of their run that chance has chosen, push after push. */
import assert from 'node:assert/strict';
import { startChance } from './chance.ts';
import { arrive, type FaultStack, recover } from './fault-stack.ts';
import { countSteps, watchSteps } from './steps.ts';

export interface Killing {
  /** Whose processes are killed. */
  readonly functions: readonly string[];
  readonly points: number;
  readonly say: (line: string) => void;
}

/** So many in a row hit what one push has woken, the first in a whole run, the others in what tries again. */
const IN_A_ROW = 4;

/**
 * Kills at `points` points in all, each at a step that every step of a whole run is as likely to be as any other; after
 * each push that was hit, everything has to come right again.
 */
export async function killAtPoints(stack: FaultStack, { functions, points, say }: Killing): Promise<void> {
  const chance = startChance();
  say(`FAULT_SEED=${chance.seed}`);
  const steps = await stepsOfWholeRun(stack);
  const hit: string[] = [];
  for (let pushes = 0; hit.length < points; pushes += 1) {
    assert(pushes < points, `only ${hit.length} kills in ${pushes} pushes`);
    const before = hit.length;
    const waiting = new Map(
      functions.map((name) => {
        const count = steps.get(name) ?? 0;
        assert(count > 0, `${name} took no step`);
        return [name, Array.from({ length: IN_A_ROW }, () => chance.below(count))];
      }),
    );
    const passed = new Map<string, number>();
    const end = watchSteps(stack, (name, step) => {
      const at = waiting.get(name)?.[0];
      const count = passed.get(name) ?? 0;
      passed.set(name, count + 1);
      if (at !== count || hit.length >= points || stack.aws.function(name).kill() === 0) return;
      waiting.get(name)?.shift();
      passed.set(name, 0);
      hit.push(`${name} at step ${at}: ${step}`);
    });
    await stack.fleet.push();
    await recover(stack).catch((error: unknown) => {
      throw new Error(`killed\n${hit.slice(before).join('\n')}`, { cause: error });
    });
    end();
  }
  say(`${hit.length} kills in ${stack.fleet.number} pushes; steps of a whole run: ${[...steps].join(' ')}`);
}

async function stepsOfWholeRun(stack: FaultStack): Promise<ReadonlyMap<string, number>> {
  const stop = countSteps(stack);
  await arrive(stack, await stack.fleet.push());
  return stop();
}
