import { setTimeout as sleep } from 'node:timers/promises';
import { isJsonObject } from '../../model/json.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { refOf } from '../../model/kube-object.ts';
import type { Applied } from './apply-object.ts';
import type { RunContext } from './run-context.ts';
import { pathOf, servedKindsOf } from './served-kinds.ts';

const FIRST_PAUSE_MS = 50;
const WAIT_MS = 10_000;

/**
 * Waits until the CRDs among `applied` serve their kinds and reads discovery again. A CRD is established within a
 * second; one that is not after ten leaves its custom resources to fail as unknown kinds and to be tried again.
 */
export async function awaitEstablishedCrds(run: RunContext, applied: readonly Applied[]): Promise<void> {
  const crds = applied.filter(({ change, outcome }) => isCrd(change.ref.kind, outcome.result));
  if (crds.length === 0) return;
  await Promise.all(crds.map(({ live }) => live && awaitEstablished(run, live)));
  run.served = servedKindsOf(await run.connection.discover({ fresh: true }));
}

function isCrd(kind: string, result: string): boolean {
  return kind === 'CustomResourceDefinition' && (result === 'created' || result === 'configured');
}

async function awaitEstablished(run: RunContext, crd: KubeObject): Promise<void> {
  const path = pathOf(run.served, crd);
  let object: KubeObject | undefined = crd;
  for (let pauseMs = FIRST_PAUSE_MS, waitedMs = 0; waitedMs < WAIT_MS; waitedMs += pauseMs, pauseMs *= 2) {
    if (path === undefined || object === undefined || isEstablished(object)) return;
    await sleep(pauseMs);
    const result = await run.connection.get(path, refOf(crd));
    object = result.ok ? result.value : undefined;
  }
}

function isEstablished(crd: KubeObject): boolean {
  const status = crd.status;
  const conditions = isJsonObject(status) ? status.conditions : undefined;
  return (
    Array.isArray(conditions) &&
    conditions.some((c) => isJsonObject(c) && c.type === 'Established' && c.status === 'True')
  );
}
