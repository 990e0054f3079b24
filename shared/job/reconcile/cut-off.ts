/**
 * A cluster that stops answering in the middle of a run: what was done is recorded all the same, so that it is not done
 * again, and the rest is left to a later run. It is not asked anything more by this one, for each question may take
 * half a minute to fail.
 */
import { isOwnFault, PlumblineError } from '../../errors.ts';
import type { RunContext } from './run-context.ts';

type CutOff = Pick<RunContext, 'cutOff'>;

/** Why an object was left to a later run. */
export const CUT_OFF = 'the cluster stopped answering';

const FAULTS: readonly string[] = ['ClusterUnreachable', 'CredentialsExpired', 'Throttled'];

/** Returns what `act` returns; `otherwise` when the cluster does not answer, or did not before. */
export async function unlessCutOff<T>(run: CutOff, otherwise: T, act: () => Promise<T>): Promise<T> {
  if (run.cutOff !== undefined) return otherwise;
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof PlumblineError) || isOwnFault(error) || !FAULTS.includes(error.code)) throw error;
    run.cutOff ??= error;
    return otherwise;
  }
}
