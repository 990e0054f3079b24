/** Which live objects nobody wants any more, and what the guards say about deleting them. */
import { PART_OF_LABEL } from '../config/names.ts';
import type { Approval } from '../model/approval.ts';
import type { Change, SkipReason } from '../model/change.ts';
import { type KubeObject, refOf } from '../model/kube-object.ts';
import { readObjectPolicy } from '../model/object-policy/read-object-policy.ts';
import type { ObjectPolicy } from '../model/object-policy.ts';
import { formatRef, type RefKey } from '../model/object-ref.ts';
import type { Parent, ParentSettings } from './apply-set.ts';
import { type DeletionRefusal, isApproved } from './guards/deletion-refusal.ts';
import { refuseEmptyRender } from './guards/empty-render.ts';
import { refuseProtectedKinds } from './guards/protected-kinds.ts';
import { refuseBeyondPruneLimit } from './guards/prune-limit.ts';
import { refuseBeyondRemovalLimit } from './guards/removal-limit.ts';
import { waveOf } from './order.ts';
import type { PlanInput, PreparedApplication } from './plan-input.ts';
import { provablyOurs } from './prune.ts';
import { isSuspended } from './suspended.ts';

export interface PlannedPrunes {
  /** `prune`, or `skip` with the reason why an unwanted object stays. */
  readonly changes: readonly Change[];
  readonly refusals: readonly DeletionRefusal[];
  /** Those of before that still concern something unwanted, and those of now. */
  readonly approvals: readonly Approval[];
}

/** Returns the deletions as if no guard had refused, and the refusals that nobody approved. */
export function planPrunes(input: PlanInput): PlannedPrunes {
  const wanted = new Set<RefKey>();
  for (const { objects } of input.applications) for (const { ref } of objects) wanted.add(formatRef(ref));
  const liveByApplication = groupLive(input);
  const plannedByName = new Map(input.applications.map((planned) => [planned.application.name, planned]));

  const changes: Change[] = [];
  const judge = judgeBy(input);
  const removed = removedApplications(input, plannedByName);
  judge.first([removalRefusal(input, removed)]);
  for (const parent of input.parents) {
    const present = liveByApplication.get(parent.application) ?? [];
    const planned = plannedByName.get(parent.application);
    const unwanted = present.filter((live) => !wanted.has(formatRef(refOf(live))));
    const own = unwanted.map((live) => decidePrune(live, parent, planned, input));
    changes.push(...own);
    // The first that nobody approved: what follows concerns the same objects.
    judge.first(guardsOf(input, { parent, planned, present: present.length, own }));
  }
  const unwanted = new Set([...removed, ...changes.flatMap(({ live }) => live?.metadata.uid ?? [])]);
  return { changes, refusals: judge.refusals, approvals: judge.approvalsOf(unwanted) };
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
  const { policy } = readObjectPolicy(live);
  const base = { ref, application: parent.application, wave: waveOf(live, policy), live };
  const reason = reasonToStay({ live, policy, parent, planned }, input);
  return reason ? { op: 'skip', ...base, reason } : { op: 'prune', ...base, uid: live.metadata.uid ?? '' };
}

interface Unwanted {
  readonly live: KubeObject;
  readonly policy: ObjectPolicy;
  readonly parent: Parent;
  readonly planned: PreparedApplication | undefined;
}

function reasonToStay({ live, policy, parent, planned }: Unwanted, input: PlanInput): SkipReason | undefined {
  if (live.metadata.deletionTimestamp !== undefined) return 'terminating';
  if (planned?.application.suspend || isSuspended(parent.application, input.suspensions)) return 'suspended';
  if (policy.prune === 'no' || !settingsOf(parent, planned).prune) return 'protected';
  const isUnavailable = (input.unavailable ?? []).includes(parent.application);
  return !input.complete || isUnavailable || planned?.application.heldBack ? 'held-back' : undefined;
}

interface Judged {
  readonly parent: Parent;
  readonly planned: PreparedApplication | undefined;
  /** How many objects of the application are in the cluster. */
  readonly present: number;
  readonly own: readonly Change[];
}

function guardsOf(
  { cluster = 'cluster' }: PlanInput,
  { parent, planned, present, own }: Judged,
): readonly (DeletionRefusal | undefined)[] {
  const pruned = own.flatMap((change) => (change.op === 'prune' ? [change] : []));
  if (pruned.length === 0) return [];
  const deletes = pruned.map(({ uid }) => uid);
  const { allowDeletionOf } = settingsOf(parent, planned);
  const about = { name: parent.application, cluster, deletes, present };
  const protectedKinds = refuseProtectedKinds({ name: parent.application, cluster, allowDeletionOf, pruned });
  if (planned === undefined) return [protectedKinds];
  const { allowEmpty, pruneLimit } = planned.application.sync;
  const wanted = planned.objects.length;
  return [
    wanted === 0
      ? refuseEmptyRender({ ...about, allowEmpty, wanted })
      : refuseBeyondPruneLimit({ ...about, limit: pruneLimit }),
    protectedKinds,
  ];
}

/** Returns what gathers refusals, and the approvals that lift them. */
function judgeBy({ approvals = [], approving = [] }: PlanInput) {
  const refusals: DeletionRefusal[] = [];
  const given: Approval[] = [];
  const isLifted = (refusal: DeletionRefusal): boolean => {
    if (isApproved(refusal, [...approvals, ...given])) return true;
    const { guard, application, digest, deletes } = refusal;
    const now = approving.find((one) => one.digest === digest && one.application === application);
    if (now !== undefined) given.push({ ...now, guard, covers: deletes });
    return now !== undefined;
  };
  return {
    refusals,
    first(candidates: readonly (DeletionRefusal | undefined)[]): void {
      const refusal = candidates.find((one) => one !== undefined && !isLifted(one));
      if (refusal) refusals.push(refusal);
    },
    /** An approval ends with what it was for: nothing of it is in the cluster unwanted any more. */
    approvalsOf: (unwanted: ReadonlySet<string>): readonly Approval[] =>
      [...approvals, ...given].filter(({ covers }) => covers.some((one) => unwanted.has(one))),
  };
}

function removedApplications(
  input: PlanInput,
  plannedByName: ReadonlyMap<string, PreparedApplication>,
): readonly string[] {
  const unavailable = new Set(input.unavailable);
  return input.parents
    .map(({ application }) => application)
    .filter((name) => !plannedByName.has(name) && !unavailable.has(name));
}

function removalRefusal({ parents, cluster = 'cluster' }: PlanInput, removed: readonly string[]) {
  return refuseBeyondRemovalLimit({ name: cluster, present: parents.map(({ application }) => application), removed });
}

/** What is declared, or, where the declaration is gone, what was declared when it was last applied. */
function settingsOf(parent: Parent, planned: PreparedApplication | undefined): ParentSettings {
  return planned ? { ...planned.application.sync, dependsOn: planned.application.dependsOn } : parent.settings;
}
