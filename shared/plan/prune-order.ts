import type { Change } from '../model/change.ts';
import type { PlanWave } from './order.ts';

/** Returns the waves of deletions: what asks to go last comes after everything else, of all applications. */
export function orderLastOnes(
  changes: readonly Change[],
  order: (changes: readonly Change[]) => readonly PlanWave[],
): readonly PlanWave[] {
  const isLast = (change: Change) => change.op === 'prune' && change.last === true;
  return [...order(changes.filter((change) => !isLast(change))), ...order(changes.filter(isLast))];
}
