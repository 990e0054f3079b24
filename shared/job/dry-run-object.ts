/** What the API server says to one change of a plan, and what a run would make of that. Nothing is written. */
import type { Change } from '../model/change.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { formatRef, type RefKey } from '../model/object-ref.ts';
import type { Problem } from '../model/problem.ts';
import { type ConflictDecision, decideForce, isFieldConflict } from '../plan/conflict.ts';
import { hideSecrets } from '../plan/hide-secrets.ts';
import { immutableFieldOf } from '../plan/immutable-field.ts';
import { syncOfObject } from '../plan/object-sync.ts';
import type { PreparedObject } from '../plan/prepare.ts';
import { isDryRunUnsupported, problemOfRefusal } from '../plan/refusal.ts';
import { refuseReplacement } from '../plan/replacement.ts';
import { isMetadataOnly } from '../plan/stamp.ts';
import type { ApiRefusal, ObjectRequests, ResourcePath } from './ports.ts';
import type { PlannedRun } from './reconcile/plan-run.ts';
import { pathOf } from './reconcile/served-kinds.ts';

export interface DryRun {
  readonly key: RefKey;
  /** What the API server would make of it. */
  readonly object?: KubeObject;
  /** With content, where it was listed without. */
  readonly live?: KubeObject;
  readonly problem?: Problem;
  /** It would be deleted and made anew, because of this field. */
  readonly replaced?: string;
  /** What the API server warns of: versions that go, fields that do nothing. */
  readonly warnings: readonly string[];
}

export type Application = Extract<Change, { op: 'create' | 'update' }>;

interface Asking {
  readonly connection: ObjectRequests;
  readonly path: ResourcePath;
  readonly planned: PlannedRun;
  readonly fieldManager: string;
  readonly prepared: PreparedObject;
}

/** Returns undefined where nobody can say yet: the kind, or the namespace, comes with the same plan. */
export async function dryRunObject(
  connection: ObjectRequests,
  planned: PlannedRun,
  { fieldManager, change }: { readonly fieldManager: string; readonly change: Application },
): Promise<DryRun | undefined> {
  const path = pathOf(planned.observed.served, change.desired);
  const key = formatRef(change.ref);
  const prepared = planned.prepared.get(key);
  if (path === undefined || prepared === undefined) return undefined;
  const asking: Asking = { connection, path, planned, fieldManager, prepared };
  const options = { fieldManager, dryRun: true };
  const first = await connection.apply(path, change.desired, { ...options, force: false });
  const decision =
    first.ok || !isFieldConflict(first.refusal) ? undefined : await decideConflict(asking, change, first.refusal);
  if (decision?.act === 'report') return { key, problem: { ...decision.problem, act: 'plan' }, warnings: [] };
  const answer = decision ? await connection.apply(path, change.desired, { ...options, force: true }) : first;
  if (!answer.ok) return refusedDryRun(asking, change, answer.refusal);
  const isUnread = isMetadataOnly(change.ref) && change.op === 'update';
  const full = isUnread ? await connection.get(path, change.ref) : undefined;
  const { object } = answer.value;
  return { key, object, warnings: answer.warnings, ...(full?.ok && { live: full.value }) };
}

async function refusedDryRun(asking: Asking, change: Application, refusal: ApiRefusal): Promise<DryRun | undefined> {
  const { ref } = change;
  if (isForMissingNamespace(refusal.status, asking.planned, ref.namespace)) return undefined;
  const base = { key: formatRef(ref), warnings: [] };
  if (isDryRunUnsupported(refusal)) {
    return { ...base, warnings: [`shown as Git has it and not tried: ${refusal.message}`] };
  }
  const field = asking.prepared.policy.replace ? immutableFieldOf(refusal) : undefined;
  if (field === undefined) {
    return { ...base, problem: problemOfRefusal(ref, 'plan', hideSecrets(refusal, [change.desired, change.live])) };
  }
  const live = await asking.connection.get(asking.path, ref);
  const problem = live.ok ? refuseReplacement(ref, live.value, asking.fieldManager) : undefined;
  return problem ? { ...base, problem } : { ...base, replaced: field.field };
}

/** As the run would decide it, on the object with its content. */
async function decideConflict(
  { connection, path, planned, fieldManager, prepared }: Asking,
  change: Application,
  refusal: ApiRefusal,
): Promise<ConflictDecision | undefined> {
  const owner = planned.applications.find(({ application }) => application.name === change.application);
  if (owner === undefined) return undefined;
  const live = await connection.get(path, change.ref);
  return decideForce({
    prepared,
    refusal,
    live: live.ok ? live.value : change.live,
    claimed: planned.record?.objects.get(formatRef(change.ref))?.fields,
    sync: syncOfObject(owner.application.sync, prepared.policy),
    fieldManager,
  });
}

/** The namespace will be made before the object is applied. */
function isForMissingNamespace(status: number, { plan, prepared }: PlannedRun, namespace: string): boolean {
  if (status !== 404) return false;
  const made = plan.namespaces.some((missing) => missing.namespace === namespace);
  return made || prepared.has(formatRef({ group: '', kind: 'Namespace', namespace: '', name: namespace }));
}
