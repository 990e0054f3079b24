/** Which live objects nobody wants any more, and what the guards say about deleting them. */
import type { Approval } from '../model/approval.ts';
import type { Change } from '../model/change.ts';
import { formatRef, type RefKey } from '../model/object-ref.ts';
import { decidePrune, isCounted, type Unwanted } from './decide-prune.ts';
import { refuseUnconfirmed } from './guards/confirm.ts';
import { type DeletionRefusal, isApproved } from './guards/deletion-refusal.ts';
import { refuseEmptyRender } from './guards/empty-render.ts';
import { refuseHeldRemovals } from './guards/fleet-removal-limit.ts';
import type { GuardRefusal } from './guards/guard-refusal.ts';
import { refuseNeededContainers } from './guards/needed-container.ts';
import { refuseProtectedKinds } from './guards/protected-kinds.ts';
import { refuseBeyondPruneLimit } from './guards/prune-limit.ts';
import { refuseBeyondRemovalLimit } from './guards/removal-limit.ts';
import { type Holder, type Holding, holdingsOf } from './holdings.ts';
import { declaredObjectsOf } from './hooks/prepared-hook.ts';
import type { PlanInput } from './plan-input.ts';
import { successorsOf } from './successors.ts';

export interface PlannedPrunes {
  /** `prune`, or `skip` with the reason why an unwanted object stays. */
  readonly changes: readonly Change[];
  readonly refusals: readonly GuardRefusal[];
  /** Those of before that still concern something unwanted, and those of now. */
  readonly approvals: readonly Approval[];
  /** Which parent every object is of that is provably ours. */
  readonly holders: ReadonlyMap<RefKey, Holder>;
  /** Applications that nobody has counted as removed yet. */
  readonly uncounted: readonly string[];
}

/** Returns the deletions as if no guard had refused, and the refusals that nobody approved. */
export function planPrunes(input: PlanInput): PlannedPrunes {
  const wanted = new Set<RefKey>();
  for (const { objects, hooks = [] } of input.applications)
    for (const { ref } of [...objects, ...declaredObjectsOf(hooks)]) wanted.add(formatRef(ref));
  const holdings = holdingsOf(input, successorsOf(input.applications.map(({ application }) => application)));
  const removed = removedApplications(input, holdings);

  const judge = judgeBy(input);
  const judged = holdings.map((holding): Judged => {
    const unwanted = [...holding.present].filter(([key]) => !wanted.has(key));
    return { holding, own: unwanted.map(([, live]) => decidePrune(live, holding, input)) };
  });
  const going = judged.filter(({ holding, own }) => removed.includes(holding.application) && own.some(isGoing));
  judgeRemovals(input, judge, { holdings, going: going.map(({ holding }) => holding.application) });
  for (const one of judged) judgeDeletions(input, judge, one);
  const changes = judged.flatMap(({ own }) => own.map(({ change }) => change));
  const unwanted = new Set([...removed, ...changes.flatMap(({ live }) => live?.metadata.uid ?? [])]);
  return {
    changes,
    refusals: [...judge.refusals, ...containerRefusals(input, changes, judge.refusals)],
    approvals: judge.approvalsOf(unwanted),
    holders: new Map(holdings.flatMap(({ holders }) => [...holders])),
    uncounted: removed.filter((name) => !isCounted(name, input)),
  };
}

interface Judged {
  readonly holding: Holding;
  readonly own: readonly Unwanted[];
}

type Judge = ReturnType<typeof judgeBy>;

/** Of a removed application something is deleted or let go, now or since a run before. */
function isGoing({ change }: Unwanted): boolean {
  return change.op === 'prune' || (change.op === 'skip' && change.reason === 'terminating');
}

function judgeRemovals(
  { cluster = 'cluster', removalHold, removalLimit }: PlanInput,
  judge: Judge,
  { holdings, going }: { readonly holdings: readonly Holding[]; readonly going: readonly string[] },
): void {
  const present = holdings.map(({ application }) => application);
  const limit = removalLimit === undefined ? {} : { limit: removalLimit };
  judge.first([refuseBeyondRemovalLimit({ name: cluster, present, removed: going, ...limit })]);
  judge.first([refuseHeldRemovals(cluster, removalHold, going)]);
}

function judgeDeletions(input: PlanInput, judge: Judge, { holding, own }: Judged): void {
  const { cluster = 'cluster' } = input;
  const { application: name, planned, settings, present } = holding;
  // What is let go stays: nothing is lost that a guard would have to save.
  const pruned = own.flatMap(({ change, asksToConfirm }) =>
    change.op === 'prune' && !change.letsGo ? [{ ...change, asksToConfirm }] : [],
  );
  if (pruned.length === 0) return;
  const { allowDeletionOf } = settings;
  const about = { name, cluster, deletes: pruned.map(({ uid }) => uid), present: present.size };
  const wanted = planned?.objects.length ?? 0;
  // The first that nobody approved: what follows concerns the same objects.
  judge.first([
    planned && wanted === 0
      ? refuseEmptyRender({ ...about, allowEmpty: planned.application.sync.allowEmpty, wanted })
      : planned && refuseBeyondPruneLimit({ ...about, limit: planned.application.sync.pruneLimit }),
    refuseProtectedKinds({ name, cluster, allowDeletionOf, pruned }),
  ]);
  const asking = pruned.filter(({ asksToConfirm }) => asksToConfirm);
  const unconfirmed = asking.filter(({ uid }) => !judge.isConfirmed(name, uid));
  judge.first([refuseUnconfirmed({ name, cluster, unconfirmed })]);
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
    isConfirmed: (name: string, uid: string): boolean =>
      approvals.some(
        ({ guard, application, covers }) => guard === 'confirm' && application === name && covers.includes(uid),
      ),
    /** An approval ends with what it was for: nothing of it is in the cluster unwanted any more. */
    approvalsOf: (unwanted: ReadonlySet<string>): readonly Approval[] =>
      [...approvals, ...given].filter(({ covers }) => covers.some((one) => unwanted.has(one))),
  };
}

/** Returns those that have a parent in the cluster and are declared no longer, under no name. */
function removedApplications({ unavailable = [] }: PlanInput, holdings: readonly Holding[]): readonly string[] {
  return holdings
    .filter(({ planned, application }) => planned === undefined && !unavailable.includes(application))
    .map(({ application }) => application);
}

/** Everything of ours that is wanted, or that stays although nobody wants it, keeps its Namespace and its CRD. */
function containerRefusals(
  input: PlanInput,
  changes: readonly Change[],
  refusals: readonly GuardRefusal[],
): readonly GuardRefusal[] {
  const only = refusals.flatMap((refusal) => [...(refusal.only ?? [])]);
  const stays = (change: Change) =>
    change.op === 'prune' ? change.letsGo || only.includes(change.uid) : change.op !== 'skip' || !isEnding(change);
  const pruned = changes.flatMap((change) => (change.op === 'prune' && !stays(change) ? [change] : []));
  const wanted = input.applications.flatMap(({ objects }) => objects.map(({ ref }) => ref));
  const staying = [...wanted, ...changes.filter(stays).map(({ ref }) => ref)];
  return refuseNeededContainers(pruned, staying, input.resourceOf ?? (() => undefined));
}

function isEnding(change: Change): boolean {
  return change.op === 'skip' && change.reason === 'terminating';
}
