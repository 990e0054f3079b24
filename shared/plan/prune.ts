/**
 * Prune only what is provably ours: labels are copied by controllers and by people (an EndpointSlice inherits its
 * Service's, `kubectl get -o yaml | kubectl create` takes all), so a label alone proves nothing. Design.md section 6.
 */
import { FLEET_LABEL, PART_OF_LABEL } from '../config/names.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { formatGroupKind, groupOf } from '../model/object-ref.ts';
import type { Parent } from './apply-set.ts';
import type { FieldPath } from './field-path.ts';
import { applyEntryOf, covers } from './fields-v1.ts';

/** Why an object is not provably ours. */
export type NotOurs =
  | 'other-fleet'
  | 'no-parent'
  | 'kind-not-in-parent'
  | 'label-not-owned'
  | 'has-controller'
  | 'no-uid';

const PART_OF_PATH: FieldPath = ['metadata', 'labels', PART_OF_LABEL].map((name) => ({ element: 'field', name }));

/** Returns `true`, or the reason why not. `parent` is the one whose id the object's `part-of` label names. */
export function provablyOurs(
  live: KubeObject,
  claim: { readonly fleet: string; readonly fieldManager: string; readonly parent: Parent | undefined },
): true | NotOurs {
  const { labels, ownerReferences, uid } = live.metadata;
  if (labels?.[FLEET_LABEL] !== claim.fleet) return 'other-fleet';
  if (!claim.parent || labels[PART_OF_LABEL] !== claim.parent.id) return 'no-parent';
  const kind = formatGroupKind({ group: groupOf(live.apiVersion), kind: live.kind });
  if (!claim.parent.kinds.some((known) => formatGroupKind(known) === kind)) return 'kind-not-in-parent';
  const entry = applyEntryOf(live, claim.fieldManager);
  if (!entry?.fieldsV1 || !covers(entry.fieldsV1, PART_OF_PATH)) return 'label-not-owned';
  if (ownerReferences?.some(({ controller }) => controller === true)) return 'has-controller';
  return uid === undefined ? 'no-uid' : true;
}
