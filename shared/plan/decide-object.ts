import { APPLIED_ANNOTATION } from '../config/names.ts';
import type { Change, SkipReason } from '../model/change.ts';
import type { DesiredApplication } from '../model/desired-state.ts';
import type { Drift } from '../model/drift.ts';
import { type Heat, isResting } from '../model/heat.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { readObjectPolicy } from '../model/object-policy/read-object-policy.ts';
import type { Problem } from '../model/problem.ts';
import type { ObjectRecord } from '../model/record.ts';
import { driftOf } from './drift.ts';
import { foreignOwnerOf } from './foreign-owner.ts';
import { formerMarks } from './former-marks.ts';
import { withoutIgnored } from './leave-to-others.ts';
import { syncOfObject } from './object-sync.ts';
import type { PreparedObject } from './prepare.ts';
import { stampOf } from './stamp.ts';

export interface ObjectQuestion {
  readonly prepared: PreparedObject;
  readonly live: KubeObject | undefined;
  /** `live` was read without its content. */
  readonly isMetadata: boolean;
  readonly record: ObjectRecord | undefined;
  readonly crd: string | undefined;
  /** Its turn for a true compare. */
  readonly due: boolean;
  /** A held-back application still declares it. */
  readonly contested: boolean;
  /** What others added; taken away only under `sync.extra: remove`. */
  readonly extra: Drift | undefined;
}

export interface ObjectContext {
  readonly fleet: string;
  readonly fieldManager: string;
  readonly application: DesiredApplication;
  readonly applySetIds: ReadonlySet<string>;
  readonly suspended: boolean;
  /** Undefined: no healing waits. */
  readonly nowMs: number | undefined;
  /** A guard's no to the whole application. */
  readonly refusal: Problem | undefined;
}

/** Returns what is done about one wanted object. */
export function decideObject(question: ObjectQuestion, context: ObjectContext): Change {
  const { prepared, live } = question;
  const base = baseOf(prepared);
  if (prepared.problem) return { op: 'refuse', ...base, problem: prepared.problem, ...withLive(live) };
  if (context.suspended) return skip(question, 'suspended');
  if (prepared.policy.apply === 'ignore') return leftAlone(question);
  if (prepared.policy.apply === 'create-only' && live) return leftAlone(question);
  if (live && isUntouched(question, context)) return { op: 'keep', ...base, live };
  // A word that someone left on the object in the cluster counts as well: it is how a person stops all tools there.
  if (live && readObjectPolicy(live).policy.apply === 'ignore') return leftAlone(question);
  if (context.refusal) return { op: 'refuse', ...base, problem: context.refusal, ...withLive(live) };
  if (question.contested) return skip(question, 'held-back');
  const foreign = live && foreignOwnerOf(live, { ...context, adopt: context.application.sync.adopt });
  return foreign ? { op: 'refuse', ...base, problem: foreign, ...withLive(live) } : decideSuspect(question, context);
}

/** What was found without its content has no health that could be told. */
function leftAlone({ prepared, live, isMetadata }: ObjectQuestion): Change {
  return { op: 'skip', ...baseOf(prepared), reason: 'left-alone', ...(isMetadata ? {} : withLive(live)) };
}

/** Design.md section 5: the annotation, the stamp and the CRD are what they were after our last apply. */
function isUntouched(question: ObjectQuestion, context: ObjectContext): boolean {
  const { prepared, live, record, crd, due, extra } = question;
  const sync = syncOfObject(context.application.sync, prepared.policy);
  if (!live || !record || record.digest !== prepared.digest || record.crd !== crd) return false;
  if (due && sync.drift === 'heal') return false;
  if (live.metadata.annotations?.[APPLIED_ANNOTATION] !== prepared.digest) return false;
  if (extra && sync.extra === 'remove') return false;
  if (prepared.policy.apply !== 'merge' && formerMarks(live, sync.adopt, prepared.object)) return false;
  return stampOf(live, context.fieldManager) === record.stamp;
}

function decideSuspect(question: ObjectQuestion, context: ObjectContext): Change {
  const { prepared, live } = question;
  const sync = syncOfObject(context.application.sync, prepared.policy);
  const changed = driftOf({ ...question, fieldManager: context.fieldManager });
  if (changed?.kind === 'terminating' || live?.metadata.deletionTimestamp !== undefined) {
    return skip(question, 'terminating', changed);
  }
  if (changed && sync.drift !== 'heal') {
    return skip(question, sync.drift === 'report' ? 'drift-reported' : 'drift-ignored', changed);
  }
  const extra = sync.extra === 'remove' ? question.extra : undefined;
  const drift = changed ?? extra;
  if (drift && isFoughtOver(drift, question.record?.heat, context.nowMs)) return skip(question, 'fight', drift);
  const desired = withoutIgnored(prepared, question, context.fieldManager);
  const base = { ...baseOf(prepared), desired, digest: prepared.digest, ...(drift && { drift }) };
  return live ? { op: 'update', ...base, live } : { op: 'create', ...base };
}

/** What was deleted comes back at once however often that happens: to be missing is worse than to be wrong. */
function isFoughtOver(drift: Drift, heat: Heat | undefined, nowMs: number | undefined): boolean {
  return drift.kind !== 'deleted' && heat !== undefined && nowMs !== undefined && isResting(heat, drift, nowMs);
}

function skip({ prepared, live }: ObjectQuestion, reason: SkipReason, drift?: Drift): Change {
  return { op: 'skip', ...baseOf(prepared), reason, ...withLive(live), ...(drift && { drift }) };
}

function baseOf({ ref, application, wave }: PreparedObject) {
  return { ref, application, wave };
}

function withLive(live: KubeObject | undefined) {
  return live ? { live } : {};
}
