/** Reads the cluster and plans: what `plan` shows and what a run brings in are the same. */
import { fieldManagerOf } from '../../config/names.ts';
import type { Instruction } from '../../model/instruction.ts';
import { formatGroupKind, formatRef, type RefKey } from '../../model/object-ref.ts';
import type { Problem } from '../../model/problem.ts';
import type { ClusterRecord } from '../../model/record.ts';
import type { Anchor } from '../../plan/anchor.ts';
import { planCluster } from '../../plan/compare.ts';
import { approvedBy, followInstructions, retriesAsked } from '../../plan/follow-instructions.ts';
import { partHooks } from '../../plan/hooks/prepared-hook.ts';
import { dueForTrueCompare } from '../../plan/metadata-only.ts';
import type { ClusterPlan, PlanInput, PreparedApplication } from '../../plan/plan-input.ts';
import { type PreparedObject, prepareApplication, scopesDefinedIn } from '../../plan/prepare.ts';
import { isMetadataOnly } from '../../plan/stamp.ts';
import { askedUnderNewNames, type Successors, successorsOf, underNewNames } from '../../plan/successors.ts';
import type { BlobStore, ClusterConnection } from '../ports.ts';
import type { LoadedState } from './load-desired.ts';
import { lookBeforeCreate } from './look-before-create.ts';
import { type ObservedCluster, observeCluster, unseenKindsOf } from './observe-cluster.ts';
import { readRecord } from './record-results.ts';
import { refuseChanges } from './refuse-changes.ts';
import { servedKindsOf } from './served-kinds.ts';

export interface PlannedRun {
  readonly observed: ObservedCluster;
  readonly applications: readonly PreparedApplication[];
  readonly prepared: ReadonlyMap<RefKey, PreparedObject>;
  readonly record: ClusterRecord | undefined;
  readonly plan: ClusterPlan;
  /** Why kinds that only former objects are of could not be looked at; the application is undefined when it is gone. */
  readonly unseen: readonly { readonly application: string | undefined; readonly problem: Problem }[];
  /** False: something is still rendered, failed or lost, so nothing is pruned. */
  readonly complete: boolean;
  /** What people have told, in the anchor's words, with what they ask for now. */
  readonly told: Told;
  readonly successors: Successors;
}

export type Told = Pick<Anchor, 'suspensions' | 'approvals'>;

export interface PlanRunInput {
  readonly fleet: string;
  readonly loaded: LoadedState;
  readonly recordKey: string | undefined;
  /** When Secrets and CRDs were last compared, and now. */
  readonly window: { readonly lastMs: number | undefined; readonly nowMs: number };
  readonly concurrency: number;
  /** What people ask for now. Default: nothing. */
  readonly asked?: readonly Instruction[];
  /** Plans as if the planner had counted and let go every application that is declared no longer. Default: false. */
  readonly countsAllRemovals?: boolean;
}

/** Plans against the present of the cluster; nothing is written. `stage` is told where the time goes. */
export async function planRun(
  connection: ClusterConnection,
  blobs: BlobStore,
  input: PlanRunInput,
  stage: (name: string) => void = () => {},
): Promise<PlannedRun> {
  const { fleet, loaded, asked = [] } = input;
  const served = servedKindsOf(await connection.discover());
  const defined = scopesDefinedIn(loaded.applications.flatMap(({ objects }) => objects.map(({ object }) => object)));
  const applications = loaded.applications.map(({ application, objects }) => ({
    application,
    ...partHooks(
      prepareApplication({
        fleet,
        application,
        objects,
        isNamespaced: (kind) => served.get(formatGroupKind(kind))?.namespaced ?? defined.get(formatGroupKind(kind)),
        digestOf: (text) => blobs.digest(text),
      }),
    ),
  }));
  const prepared = new Map(
    applications.flatMap(({ objects }) => objects.map((object) => [formatRef(object.ref), object])),
  );
  const ofHooks = applications.flatMap(({ hooks }) => hooks.map((hook) => hook.prepared.object));
  const observed = await observeCluster(connection, fleet, [
    ...[...prepared.values()].map(({ object }) => object),
    ...ofHooks,
  ]);
  stage('observe');
  const record = await readRecord(blobs, input.recordKey, observed.uid);
  const complete = isComplete(loaded);
  const successors = successorsOf([...loaded.desired.applications, ...loaded.desired.unavailable]);
  const before = underNewNames(observed.anchor?.anchor ?? { suspensions: [], approvals: [] }, successors);
  const askedNow = askedUnderNewNames(asked, successors);
  const suspensions = followInstructions(before.suspensions, askedNow);
  const { unavailable, removes = [], removalHold, removalLimit } = loaded.desired;
  const planInput: PlanInput = {
    fleet,
    cluster: loaded.desired.cluster.metadata.name,
    fieldManager: fieldManagerOf(fleet),
    applications,
    unavailable: [...unavailable.flatMap(({ name, formerNames = [] }) => [name, ...formerNames]), ...loaded.lost],
    ...(!input.countsAllRemovals && { removes }),
    ...(removalHold && { removalHold }),
    ...(removalLimit !== undefined && { removalLimit }),
    live: observed.live,
    parents: observed.parents,
    record,
    crdOf: (kind) => observed.crds.get(formatGroupKind(kind)),
    resourceOf: (kind) => observed.served.get(formatGroupKind(kind))?.resource,
    servedVersions: (kind) => observed.served.get(formatGroupKind(kind))?.versions ?? [],
    complete,
    suspensions: suspensions.map(({ name }) => name),
    approvals: before.approvals,
    approving: approvedBy(askedNow),
    retries: retriesAsked(askedNow),
    nowMs: input.window.nowMs,
    metadataOnlyDue: dueForTrueCompare(metadataOnlyKeys(prepared), input.window),
  };
  const plan = await planAgainstStrangers(connection, planInput, { observed, concurrency: input.concurrency });
  stage('plan');
  const unseen = unseenFormerKinds(observed, applications);
  const told = { suspensions, approvals: plan.approvals };
  return {
    observed,
    applications,
    prepared,
    record,
    unseen,
    complete,
    told,
    successors,
    plan: withoutUnreadable(plan, observed),
  };
}

function isComplete({ desired, lost }: LoadedState): boolean {
  const heldBack = desired.applications.some((application) => application.heldBack !== undefined);
  return !heldBack && desired.unavailable.length === 0 && lost.length === 0;
}

function metadataOnlyKeys(prepared: ReadonlyMap<RefKey, PreparedObject>): readonly RefKey[] {
  return [...prepared].filter(([, { ref }]) => isMetadataOnly(ref)).map(([key]) => key);
}

/** What is to be created may exist without our label; then it is planned for as what it is. */
async function planAgainstStrangers(
  connection: ClusterConnection,
  input: PlanInput,
  { observed, concurrency }: { readonly observed: ObservedCluster; readonly concurrency: number },
): Promise<ClusterPlan> {
  const plan = planCluster(input);
  const creations = plan.changes.flatMap((change) => (change.op === 'create' ? [change] : []));
  const strangers = await lookBeforeCreate(connection, observed.served, creations, concurrency);
  return strangers.size === 0 ? plan : planCluster({ ...input, strangers });
}

/** What is wanted of an unreadable kind says so at each object; what nobody wants any more has no such place. */
function unseenFormerKinds(
  observed: ObservedCluster,
  applications: readonly PreparedApplication[],
): PlannedRun['unseen'] {
  const declared = new Set(applications.map(({ application }) => application.name));
  const wanted = new Set(applications.flatMap(({ objects }) => objects.map(({ ref }) => formatGroupKind(ref))));
  return observed.parents.flatMap((parent) => {
    const application = declared.has(parent.application) ? parent.application : undefined;
    return unseenKindsOf(parent, observed).flatMap((kind) => {
      const problem = observed.unreadable.get(formatGroupKind(kind));
      return problem === undefined || wanted.has(formatGroupKind(kind)) ? [] : [{ application, problem }];
    });
  });
}

/** Objects of a kind that could not be listed are neither applied nor deleted: nobody knows what is there. */
function withoutUnreadable(plan: ClusterPlan, { unreadable }: ObservedCluster): ClusterPlan {
  if (unreadable.size === 0) return plan;
  return refuseChanges(plan, ({ ref }) => {
    const problem = unreadable.get(formatGroupKind(ref));
    return problem && { ...problem, subject: formatRef(ref) };
  });
}
