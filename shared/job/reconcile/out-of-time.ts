import { PlumblineError } from '../../errors.ts';
import type { Change } from '../../model/change.ts';
import type { Applied } from './apply-object.ts';
import { CUT_OFF, unlessCutOff } from './cut-off.ts';
import type { RunContext } from './run-context.ts';

/** Why an object was left to the next run, which comes at once. */
const OUT_OF_TIME = 'the run has used its time';

/**
 * Runs `act`; when the run's time is up, or the cluster stops answering, the object counts as left to the next run, so
 * that everything that was done is recorded and the next run has less to do.
 */
export async function inTime(
  run: Pick<RunContext, 'cutOff'>,
  change: Change,
  act: () => Promise<Applied>,
): Promise<Applied> {
  try {
    return await unlessCutOff(run, leftOver(change, CUT_OFF), act);
  } catch (error) {
    if (!(error instanceof PlumblineError) || error.code !== 'DeadlineNear') throw error;
    return leftOver(change, OUT_OF_TIME);
  }
}

/** Returns `change` as something that a later run has to do. */
export function leftOver(change: Change, reason: string): Applied {
  const { ref, application, wave } = change;
  const live = change.live === undefined ? {} : { live: change.live };
  return { change, ...live, outcome: { ref, application, wave, result: 'skipped', reason } };
}

/** Returns why a run left the object to a later one, if it did. */
export function whyLeftOver({ outcome }: Applied): string | undefined {
  if (outcome.result !== 'skipped') return undefined;
  return [OUT_OF_TIME, CUT_OFF].find((reason) => reason === outcome.reason);
}
