/**
 * A Namespace takes everything in it along, and a CRD all its custom resources: neither goes while something of ours
 * stays in it, whatever the reason. Nobody can approve that; the objects have to go first, or their declaration.
 */
import type { Change } from '../../model/change.ts';
import { formatGroupKind, formatRef, type GroupKind, type ObjectRef } from '../../model/object-ref.ts';
import type { GuardRefusal } from './guard-refusal.ts';

type Prune = Extract<Change, { op: 'prune' }>;

/** Returns a refusal for each Namespace and CRD among `pruned` that holds one of `staying`. */
export function refuseNeededContainers(
  pruned: readonly Prune[],
  staying: readonly ObjectRef[],
  resourceOf: (kind: GroupKind) => string | undefined,
): readonly GuardRefusal[] {
  return pruned.flatMap((change): readonly GuardRefusal[] => {
    const { ref, application, uid } = change;
    const inside = staying.find((one) => holds(ref, one, resourceOf));
    if (inside === undefined) return [];
    const problem = {
      code: 'GuardRefused',
      subject: formatRef(ref),
      act: 'prune',
      wrong: `${formatRef(inside)} is in it and stays`,
      remedy: 'take that out of the repository too, or bring this back',
    } as const;
    return [{ guard: 'needed-container', application, problem, stopsPrunes: false, only: new Set([uid]) }];
  });
}

function holds(container: ObjectRef, ref: ObjectRef, resourceOf: (kind: GroupKind) => string | undefined): boolean {
  const kind = formatGroupKind(container);
  if (kind === 'Namespace') return ref.namespace === container.name;
  if (kind !== 'CustomResourceDefinition.apiextensions.k8s.io') return false;
  return container.name === `${resourceOf(ref)}.${ref.group}`;
}
