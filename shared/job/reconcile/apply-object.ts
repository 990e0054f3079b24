import type { Change } from '../../model/change.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { formatRef } from '../../model/object-ref.ts';
import type { Outcome } from '../../model/outcome.ts';
import type { Problem } from '../../model/problem.ts';
import type { ObjectRecord } from '../../model/record.ts';
import type { SyncPolicy } from '../../model/sync-policy.ts';
import { adoptionPatch, type ClaimOperation, reclaimPatch, versionPatch } from '../../plan/claim-patch.ts';
import { type ConflictDecision, decideForce, isFieldConflict } from '../../plan/conflict.ts';
import { formerMarks, releaseIn } from '../../plan/former-marks.ts';
import { hideSecrets } from '../../plan/hide-secrets.ts';
import { immutableFieldOf } from '../../plan/immutable-field.ts';
import { syncOfObject } from '../../plan/object-sync.ts';
import type { PreparedObject } from '../../plan/prepare.ts';
import { problemOfRefusal } from '../../plan/refusal.ts';
import { repairOfDrift, repairOfRefusal } from '../../plan/repair.ts';
import type { ApiRefusal, ApiResult, ObjectRequests, ResourcePath } from '../ports.ts';
import { putReleaseAside } from './helm-releases.ts';
import { removeForReplacement } from './replace-object.ts';
import type { RunContext } from './run-context.ts';
import { pathOf, preferredPathOf } from './served-kinds.ts';

export type Application = Extract<Change, { op: 'create' | 'update' }>;

export interface Applied {
  readonly change: Change;
  readonly outcome: Outcome;
  /** The object as the API server has it after the request. */
  readonly live?: KubeObject;
}

/** What Git and the record say about an object, for the case that the first request is refused. */
export interface ApplyContext {
  readonly prepared: PreparedObject;
  readonly sync: SyncPolicy;
  readonly record: ObjectRecord | undefined;
}

/** What of a run applying needs. */
export type ApplyingRun = Pick<RunContext, 'connection' | 'fieldManager' | 'served' | 'releases'>;

/** A run as one application sees it: its requests name it. */
interface OwnRun extends Omit<ApplyingRun, 'connection'> {
  readonly connection: ObjectRequests;
}

const REPAIR_TRIES = 5;

type Answer = ApiResult<{ readonly object: KubeObject; readonly created: boolean }>;

/** Applies one object: without force first, with force only where every conflicting field was ours. */
export async function applyObject(of: ApplyingRun, change: Application, context: ApplyContext): Promise<Applied> {
  const run: OwnRun = { ...of, connection: of.connection.for(change.application) };
  const path = pathOf(run.served, change.desired);
  if (path === undefined) return failed(change, kindUnknown(run, change));
  const { drift } = change;
  const { fieldManager } = run;
  const { policy } = context.prepared;
  const sync = syncOfObject(context.sync, policy);
  const adopt = policy.apply === 'merge' ? [] : sync.adopt;
  const adoption = (live: KubeObject) => ({ adopt, marks: formerMarks(live, adopt, context.prepared.object) });
  const reclaim = (live: KubeObject) => reclaimPatch(live, context.record, fieldManager);
  const adopting = (live: KubeObject) => adoptionPatch(live, adoption(live), fieldManager);
  const ahead = await troubleAhead(run, path, change, { ...context, sync, takesOver: [reclaim, adopting] });
  if (ahead && 'code' in ahead) return failed(change, ahead);
  if (ahead) return refusedOrReplaced(run, path, change, { prepared: context.prepared, refusal: ahead });
  // Ownership first: what was ours is ours again, and what is adopted becomes ours, so that dropped fields go.
  await repair(run, path, change, (live) => versionPatch(live, path.kind.versions));
  await repair(run, path, change, reclaim);
  const release = change.live && releaseIn(adoption(change.live).marks, change.live);
  const aside = release && (await putReleaseAside(of, release, change.application));
  if (aside && 'problem' in aside) return failed(change, aside.problem);
  await repair(run, path, change, adopting);
  if (drift) await repair(run, path, change, (live) => repairOfDrift(drift, live, fieldManager));
  const first = await send(run, path, change.desired, false);
  if (first.ok) return applied(change, first, aside?.note);
  const answer = await settle(run, path, change, { ...context, sync, refusal: first.refusal });
  if ('problem' in answer) return failed(change, answer.problem);
  if (answer.ok) return applied(change, answer, aside?.note);
  return refusedOrReplaced(run, path, change, { prepared: context.prepared, refusal: answer.refusal });
}

/** Where a field cannot be changed Git may ask for a new object; any other refusal is told. */
function refusedOrReplaced(
  run: OwnRun,
  path: ResourcePath,
  change: Application,
  { prepared, refusal }: { readonly prepared: PreparedObject; readonly refusal: ApiRefusal },
): Promise<Applied> | Applied {
  const isReplaced = prepared.policy.replace && immutableFieldOf(refusal) !== undefined;
  return isReplaced ? replace(run, path, change, prepared) : refused(change, refusal);
}

/** A field cannot be changed, and Git asks for a new object then. */
async function replace(
  run: OwnRun,
  path: ResourcePath,
  change: Application,
  prepared: PreparedObject,
): Promise<Applied> {
  const { connection, fieldManager } = run;
  const { desired } = change;
  const removal = await removeForReplacement({ connection, path, prepared, desired, fieldManager });
  switch (removal.is) {
    case 'refused':
      return failed(change, removal.problem);
    case 'going': {
      const { ref, application, wave } = change;
      const reason = 'is replaced: the new one is made when the old one is gone';
      return { change, live: removal.live, outcome: { ref, application, wave, result: 'skipped', reason } };
    }
    case 'gone': {
      // As rendered: what was left to others on the old object goes with it.
      const answer = await send(run, path, prepared.object, false);
      return answer.ok ? applied(change, answer) : refused(change, answer.refusal);
    }
  }
}

function refused(change: Application, refusal: ApiRefusal): Applied {
  const hidden = hideSecrets(refusal, [change.desired, change.live]);
  return failed(change, problemOfRefusal(change.ref, 'apply', hidden));
}

/** Deals with a refusal that a second request may mend. */
async function settle(
  run: OwnRun,
  path: ResourcePath,
  change: Application,
  context: ApplyContext & { readonly refusal: ApiRefusal },
): Promise<Answer | { readonly problem: Problem }> {
  const { refusal } = context;
  if (isFieldConflict(refusal)) {
    const decision = await decideConflict(run, path, change, context);
    if (decision.act === 'report') return { problem: decision.problem };
    const forced = await send(run, path, change.desired, true);
    return forced.ok ? forced : mend(run, path, change, forced.refusal);
  }
  if (refusal.status === 409) return send(run, path, change.desired, false);
  return mend(run, path, change, refusal);
}

async function decideConflict(
  run: OwnRun,
  path: ResourcePath,
  change: Application,
  { record, ...question }: ApplyContext & { readonly refusal: ApiRefusal },
): Promise<ConflictDecision> {
  const live = await run.connection.get(path, change.ref);
  return decideForce({
    ...question,
    live: live.ok ? live.value : change.live,
    claimed: record?.fields,
    fieldManager: run.fieldManager,
  });
}

/**
 * Taking over changes an object before the apply does. Where the apply will end in a conflict, or at a field that cannot
 * be changed, nothing of that is done: what others made stays as they left it, and is never taken for ours and deleted to
 * be made anew. Costs a request, and only where something is taken over.
 */
async function troubleAhead(
  run: OwnRun,
  path: ResourcePath,
  change: Application,
  context: ApplyContext & { readonly takesOver: readonly ((live: KubeObject) => readonly ClaimOperation[])[] },
): Promise<Problem | ApiRefusal | undefined> {
  const { live, desired } = change;
  if (live === undefined || context.takesOver.every((operationsFor) => operationsFor(live).length === 0)) return;
  const attempt = (force: boolean) =>
    run.connection.apply(path, desired, { fieldManager: run.fieldManager, force, dryRun: true });
  let tried = await attempt(false);
  if (!tried.ok && isFieldConflict(tried.refusal)) {
    const decision = await decideConflict(run, path, change, { ...context, refusal: tried.refusal });
    if (decision.act === 'report') return decision.problem;
    tried = await attempt(true);
  }
  return !tried.ok && immutableFieldOf(tried.refusal) ? tried.refusal : undefined;
}

/** A healing apply may be invalid together with what others added; then that has to go with it. */
async function mend(run: OwnRun, path: ResourcePath, change: Application, refusal: ApiRefusal): Promise<Answer> {
  const { drift, desired } = change;
  if (drift === undefined) return { ok: false, refusal };
  const operationsFor = (live: KubeObject) => repairOfRefusal(refusal, { drift, desired, live }, run.fieldManager);
  const isMended = await repair(run, path, change, operationsFor);
  return isMended ? send(run, path, desired, true) : { ok: false, refusal };
}

/** Patches what stands in the way of an apply; false: nothing does. A controller may write between read and patch. */
async function repair(
  run: OwnRun,
  path: ResourcePath,
  change: Application,
  operationsFor: (live: KubeObject) => readonly ClaimOperation[],
): Promise<boolean> {
  // Most drift needs no repair: what was read before tells so without a request.
  if (change.live === undefined || operationsFor(change.live).length === 0) return false;
  for (let tries = 0; tries < REPAIR_TRIES; tries++) {
    const live = await run.connection.get(path, change.ref);
    const operations = live.ok ? operationsFor(live.value) : [];
    if (operations.length === 0) return false;
    const patched = await run.connection.patch(path, change.ref, operations, { fieldManager: run.fieldManager });
    if (patched.ok || patched.refusal.status !== 409) return patched.ok;
  }
  return false;
}

function send(run: OwnRun, path: ResourcePath, object: KubeObject, force: boolean): Promise<Answer> {
  return run.connection.apply(path, object, { fieldManager: run.fieldManager, force });
}

function applied(change: Application, answer: Extract<Answer, { ok: true }>, note?: string): Applied {
  const { object, created } = answer.value;
  const isUnchanged = change.live?.metadata.resourceVersion === object.metadata.resourceVersion;
  const { ref, application, wave } = change;
  const result = created ? 'created' : isUnchanged ? 'unchanged' : 'configured';
  const healed = change.drift !== undefined && result !== 'unchanged';
  const warnings = note === undefined ? answer.warnings : [...answer.warnings, note];
  return { change, live: object, outcome: { ref, application, wave, result, healed, warnings } };
}

export function failed(change: Change, problem: Problem): Applied {
  const { ref, application, wave } = change;
  const live = change.live === undefined ? {} : { live: change.live };
  return { change, ...live, outcome: { ref, application, wave, result: 'failed', problem } };
}

function kindUnknown({ served }: OwnRun, { ref, desired }: Application): Problem {
  const wrong = `the cluster does not serve ${ref.kind} in ${desired.apiVersion}`;
  const preferred = preferredPathOf(served, ref)?.version;
  const remedy =
    preferred === undefined
      ? 'correct apiVersion or kind, or declare the CustomResourceDefinition in this application or in one that it depends on'
      : `write apiVersion: ${ref.group === '' ? preferred : `${ref.group}/${preferred}`}, which it serves`;
  return { code: 'KindUnknown', subject: formatRef(ref), act: 'apply', wrong, remedy };
}
