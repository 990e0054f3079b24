import type { Lease } from '../model/work-item.ts';
import type { StateStore, WorkKey } from './ports.ts';

/** When to try again what our own state, queue or blobs let down. */
const TRY_AGAIN_MS = 5_000;

/**
 * Lets go of the lease of a run that cannot go on, so that its key is due soon and not minutes later, when the lease is
 * over. Never throws: the error that ended the run is the one to tell.
 */
export async function giveUpLease(state: Pick<StateStore, 'handOver'>, key: WorkKey, lease: Lease): Promise<void> {
  await state.handOver(key, lease, { nextTryInMs: TRY_AGAIN_MS }).catch(() => undefined);
}
