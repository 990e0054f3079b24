/** Whether an object may be deleted to be made anew, which is done where an immutable field must change and Git says so. */
import { PART_OF_LABEL } from '../config/names.ts';
import { isJsonObject } from '../model/json.ts';
import { jsonOf } from '../model/kube-json.ts';
import type { KubeObject } from '../model/kube-object.ts';
import type { Propagation } from '../model/object-policy.ts';
import { formatRef, type ObjectRef } from '../model/object-ref.ts';
import type { Problem } from '../model/problem.ts';
import { applyEntryOf, covers } from './fields-v1.ts';
import { isNeverReplaced } from './immutable-field.ts';

/** Kinds that own Pods. Their old Pods go first: two of one StatefulSet or Job at once would share what they work on. */
const OWNERS_OF_PODS = new Set(['apps', 'batch']);

/** Returns why `live` is not deleted to be made anew; undefined: it may be. */
export function refuseReplacement(ref: ObjectRef, live: KubeObject, fieldManager: string): Problem | undefined {
  const problem = (wrong: string, remedy: string): Problem => ({
    code: 'ImmutableField',
    subject: formatRef(ref),
    act: 'replace',
    wrong,
    remedy,
  });
  if (isNeverReplaced(ref)) {
    return problem(
      `a ${ref.kind} is never deleted to be made anew: all that is in it would go too`,
      'keep the value of the field that cannot be changed',
    );
  }
  const owned = applyEntryOf(live, fieldManager)?.fieldsV1 ?? {};
  const label = ['metadata', 'labels', PART_OF_LABEL].map((name) => ({ element: 'field', name }) as const);
  if (!covers(owned, label)) {
    return problem(
      'it was not made by this fleet, so it is not deleted',
      'bring it in with the values that it has first, or delete it yourself',
    );
  }
  return ref.kind === 'StatefulSet' && ref.group === 'apps' && takesClaimsAlong(live)
    ? problem(
        'its volume claims would be deleted with it (persistentVolumeClaimRetentionPolicy.whenDeleted is Delete)',
        'commit whenDeleted: Retain first; that can be changed at any time',
      )
    : undefined;
}

/** Returns how the old object is deleted where its policy does not say. */
export function propagationOfReplacement({ group }: ObjectRef): Propagation {
  return OWNERS_OF_PODS.has(group) ? 'foreground' : 'background';
}

/** The controller writes owners into the claims some time after the policy was changed: until then both count. */
function takesClaimsAlong(live: KubeObject): boolean {
  const { spec, status } = jsonOf(live);
  const retention = isJsonObject(spec) ? spec.persistentVolumeClaimRetentionPolicy : undefined;
  const isSettled = isJsonObject(status) && status.observedGeneration === live.metadata.generation;
  return !isSettled || (isJsonObject(retention) && retention.whenDeleted === 'Delete');
}
