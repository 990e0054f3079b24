import { PlumblineError } from '../../errors.ts';
import type { Change } from '../../model/change.ts';
import type { Applied } from './apply-object.ts';

/** Why an object was left to the next run, which comes at once. */
export const OUT_OF_TIME = 'the run has used its time';

/**
 * Runs `act`; when the run's time is up its object counts as left to the next run, so that everything that was done is
 * recorded and the next run has less to do.
 */
export async function inTime(change: Change, act: () => Promise<Applied>): Promise<Applied> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof PlumblineError) || error.code !== 'DeadlineNear') throw error;
    const { ref, application, wave } = change;
    const live = change.live === undefined ? {} : { live: change.live };
    return { change, ...live, outcome: { ref, application, wave, result: 'skipped', reason: OUT_OF_TIME } };
  }
}
