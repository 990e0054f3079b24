import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../../model/kube-object.ts';
import { refOf } from '../../model/kube-object.ts';
import type { Applied } from './apply-object.ts';
import { isEstablished } from './custom-kinds.ts';
import type { RunContext } from './run-context.ts';
import { pathOf, servedKindsOf } from './served-kinds.ts';

const FIRST_PAUSE_MS = 50;
const WAIT_MS = 10_000;

/**
 * Waits until the CRDs among `applied` serve their kinds and reads discovery again; returns `applied` with what became
 * of them. A CRD is established within a second; one that is not after ten leaves its custom resources to fail as
 * unknown kinds and to be tried again.
 */
export async function awaitEstablishedCrds(run: RunContext, applied: readonly Applied[]): Promise<readonly Applied[]> {
  if (!applied.some(isNewCrd)) return applied;
  const awaited = await Promise.all(
    applied.map(async (one) => {
      const live = isNewCrd(one) && one.live ? await awaitEstablished(run, one.live) : undefined;
      return live === undefined ? one : { ...one, live };
    }),
  );
  run.served = servedKindsOf(await run.connection.discover({ fresh: true }));
  return awaited;
}

function isNewCrd({ change, outcome }: Applied): boolean {
  const isWritten = outcome.result === 'created' || outcome.result === 'configured';
  return change.ref.kind === 'CustomResourceDefinition' && isWritten;
}

/** Returns the CRD as it was last read. */
async function awaitEstablished(run: RunContext, crd: KubeObject): Promise<KubeObject> {
  const path = pathOf(run.served, crd);
  let object = crd;
  for (let pauseMs = FIRST_PAUSE_MS, waitedMs = 0; waitedMs < WAIT_MS; waitedMs += pauseMs, pauseMs *= 2) {
    if (path === undefined || isEstablished(object.status)) return object;
    await sleep(pauseMs);
    const result = await run.connection.get(path, refOf(crd));
    if (!result.ok) return object;
    object = result.value;
  }
  return object;
}
