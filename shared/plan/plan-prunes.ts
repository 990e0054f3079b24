/** Which live objects nobody wants any more, and what the guards say about deleting them. */
import { PART_OF_LABEL, PRUNE_ANNOTATION } from '../config/names.ts';
import type { Change, SkipReason } from '../model/change.ts';
import { type KubeObject, refOf } from '../model/kube-object.ts';
import { formatRef, type RefKey } from '../model/object-ref.ts';
import type { Parent, ParentSettings } from './apply-set.ts';
import { refuseEmptyRender } from './guards/empty-render.ts';
import type { GuardRefusal } from './guards/guard-refusal.ts';
import { refuseProtectedKinds } from './guards/protected-kinds.ts';
import { refuseBeyondPruneLimit } from './guards/prune-limit.ts';
import { refuseBeyondRemovalLimit } from './guards/removal-limit.ts';
import { waveOf } from './order.ts';
import type { PlanInput, PreparedApplication } from './plan-input.ts';
import { provablyOurs } from './prune.ts';

export interface PlannedPrunes {
  /** `prune`, or `skip` with the reason why an unwanted object stays. */
  readonly changes: readonly Change[];
  readonly refusals: readonly GuardRefusal[];
}

/** Returns the deletions as if no guard had refused, and the refusals. */
export function planPrunes(input: PlanInput): PlannedPrunes {
  const wanted = new Set<RefKey>();
  for (const { objects } of input.applications) for (const { ref } of objects) wanted.add(formatRef(ref));
  const liveByApplication = groupLive(input);
  const plannedByName = new Map(input.applications.map((planned) => [planned.application.name, planned]));

  const changes: Change[] = [];
  const refusals: GuardRefusal[] = [];
  for (const parent of input.parents) {
    const present = liveByApplication.get(parent.application) ?? [];
    const planned = plannedByName.get(parent.application);
    const unwanted = present.filter((live) => !wanted.has(formatRef(refOf(live))));
    const own = unwanted.map((live) => decidePrune(live, parent, planned, input));
    changes.push(...own);
    refusals.push(...guardsOf(parent, planned, present.length, own));
  }
  return { changes, refusals: [...removalRefusals(input, plannedByName), ...refusals] };
}

/** Objects that are provably ours, by application. */
function groupLive(input: PlanInput): ReadonlyMap<string, readonly KubeObject[]> {
  const parentById = new Map(input.parents.map((parent) => [parent.id, parent]));
  const groups = new Map<string, KubeObject[]>();
  for (const live of input.live.values()) {
    const partOf = live.metadata.labels?.[PART_OF_LABEL];
    const parent = partOf === undefined ? undefined : parentById.get(partOf);
    if (!parent || provablyOurs(live, { ...input, parent }) !== true) continue;
    const group = groups.get(parent.application);
    if (group) group.push(live);
    else groups.set(parent.application, [live]);
  }
  return groups;
}

function decidePrune(
  live: KubeObject,
  parent: Parent,
  planned: PreparedApplication | undefined,
  input: PlanInput,
): Change {
  const ref = refOf(live);
  const base = { ref, application: parent.application, wave: waveOf(live) ?? 0, live };
  const reason = reasonToStay(live, parent, planned, input);
  return reason ? { op: 'skip', ...base, reason } : { op: 'prune', ...base, uid: live.metadata.uid ?? '' };
}

function reasonToStay(
  live: KubeObject,
  parent: Parent,
  planned: PreparedApplication | undefined,
  input: PlanInput,
): SkipReason | undefined {
  const { deletionTimestamp, annotations } = live.metadata;
  if (deletionTimestamp !== undefined) return 'terminating';
  if (planned?.application.suspend || (input.suspensions ?? []).includes(parent.application)) return 'suspended';
  if (annotations?.[PRUNE_ANNOTATION] === 'false' || !settingsOf(parent, planned).prune) return 'protected';
  const isUnavailable = (input.unavailable ?? []).includes(parent.application);
  return !input.complete || isUnavailable || planned?.application.heldBack ? 'held-back' : undefined;
}

function guardsOf(
  parent: Parent,
  planned: PreparedApplication | undefined,
  present: number,
  own: readonly Change[],
): readonly GuardRefusal[] {
  const pruned = own.filter(({ op }) => op === 'prune').map(({ ref }) => ref);
  if (pruned.length === 0) return [];
  const name = parent.application;
  const { allowDeletionOf } = settingsOf(parent, planned);
  const sync = planned?.application.sync;
  const refusals = [
    planned &&
      refuseEmptyRender({ name, allowEmpty: sync?.allowEmpty ?? false, wanted: planned.objects.length, present }),
    planned &&
      !(planned.objects.length === 0 && sync?.allowEmpty) &&
      refuseBeyondPruneLimit({ name, limit: sync?.pruneLimit ?? '50%', pruned: pruned.length, present }),
    refuseProtectedKinds({ name, allowDeletionOf, pruned }),
  ];
  return refusals.flatMap((refusal) => refusal || []).slice(0, 1);
}

function removalRefusals(
  input: PlanInput,
  plannedByName: ReadonlyMap<string, PreparedApplication>,
): readonly GuardRefusal[] {
  const present = input.parents.map(({ application }) => application);
  const unavailable = new Set(input.unavailable);
  const removed = present.filter((name) => !plannedByName.has(name) && !unavailable.has(name));
  const refusal = refuseBeyondRemovalLimit({ name: input.cluster ?? 'cluster', present, removed });
  return refusal ? [refusal] : [];
}

/** What is declared, or, where the declaration is gone, what was declared when it was last applied. */
function settingsOf(parent: Parent, planned: PreparedApplication | undefined): ParentSettings {
  return planned ? { ...planned.application.sync, dependsOn: planned.application.dependsOn } : parent.settings;
}
