import { PART_OF_LABEL } from '../../config/names.ts';
import type { Change } from '../../model/change.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { readObjectPolicy } from '../../model/object-policy/read-object-policy.ts';
import { provablyOurs } from '../../plan/prune.ts';
import { describeDeletion } from '../../plan/slow-deletion.ts';
import type { ApiResult, ObjectRequests, ResourcePath } from '../ports.ts';
import type { RunContext } from './run-context.ts';

const TRIES = 5;

/** It is gone or going, the API server refused, or it was left alone for a reason. */
type Deleted = ApiResult<undefined> | { readonly spared: string };

/**
 * Deletes an object as it was judged. One that changed since is judged again: its controller may only have written its
 * status, but someone may have taken or protected it, or made another under its name.
 */
export async function deleteUnchanged(
  run: RunContext,
  connection: ObjectRequests,
  path: ResourcePath,
  change: Extract<Change, { op: 'prune' }>,
): Promise<Deleted> {
  const { ref, uid, propagation = 'background' } = change;
  let judged = change.live;
  for (let tries = 0; tries < TRIES; tries++) {
    const { resourceVersion } = judged.metadata;
    const request = { uid, propagation, ...(resourceVersion !== undefined && { resourceVersion }) };
    const result = await connection.delete(path, ref, request);
    if (result.ok || result.refusal.status !== 409) return result;
    const now = await connection.get(path, ref, { metadataOnly: true });
    if (!now.ok) return now.refusal.status === 404 ? { ok: true, value: undefined, warnings: [] } : now;
    const spared = whySpared(run, judged, now.value);
    if (spared !== undefined) return { spared };
    judged = now.value;
  }
  return { spared: 'keeps changing; looked at again' };
}

/** Undefined: it is still provably ours, and says of its own deletion what it said. */
function whySpared(
  { fleet, fieldManager, observed }: RunContext,
  before: KubeObject,
  now: KubeObject,
): string | undefined {
  if (now.metadata.uid !== before.metadata.uid) return 'was made anew meanwhile; looked at again';
  if (now.metadata.deletionTimestamp !== undefined) return describeDeletion(now);
  const partOf = now.metadata.labels?.[PART_OF_LABEL];
  const parent = observed.parents.find(({ id }) => id === partOf);
  const isSame = before.metadata.labels?.[PART_OF_LABEL] === partOf;
  const [was, is] = [before, now].map((object) => readObjectPolicy(object).policy);
  const saysTheSame = was?.prune === is?.prune && was?.removal === is?.removal;
  const isOurs = isSame && provablyOurs(now, { fleet, fieldManager, parent }) === true;
  return isOurs && saysTheSame ? undefined : 'changed meanwhile; looked at again';
}
