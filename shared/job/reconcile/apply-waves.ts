/**
 * Applies a plan: applications in the order of `dependsOn`, the objects of each in waves, everything of one wave at
 * once. One bad object does not stop its neighbours; it stops the later waves of its application and whoever depends on
 * it. Gates never hold back healing: else wave 0 would wait for a Secret of wave 1 that someone deleted.
 */

import type { Change } from '../../model/change.ts';
import type { DesiredApplication } from '../../model/desired-state.ts';
import { formatRef, type RefKey } from '../../model/object-ref.ts';
import type { ClusterRecord } from '../../model/record.ts';
import { FOUNDATION_WAVE, type PlanWave } from '../../plan/order.ts';
import type { PreparedObject } from '../../plan/prepare.ts';
import { type Application, type Applied, applyObject } from './apply-object.ts';
import { CUT_OFF, unlessCutOff } from './cut-off.ts';
import { eachConcurrently } from './each-concurrently.ts';
import { awaitEstablishedCrds } from './established-crds.ts';
import {
  beginCourses,
  endCourses,
  type HookCourses,
  hookTrouble,
  isStopped,
  neededByHook,
  writeCourses,
} from './hook-courses.ts';
import { changesByObject, lackOfNeeds, type NeedsContext } from './needed-objects.ts';
import { inTime, leftOver } from './out-of-time.ts';
import type { RunContext } from './run-context.ts';
import { runHook } from './run-hooks.ts';
import { closeForUpstream, type KnownUpstream, troubleOf, wholeApplications } from './upstream-gates.ts';

export interface WaveInput {
  /** In apply order. */
  readonly waves: readonly PlanWave[];
  readonly prepared: ReadonlyMap<RefKey, PreparedObject>;
  readonly applications: ReadonlyMap<string, DesiredApplication>;
  readonly record: ClusterRecord | undefined;
  readonly upstream: KnownUpstream;
  readonly hooks: HookCourses;
  /** What applications wait for that other clusters have not got to yet, by name; it holds back all of them. */
  readonly closed: ReadonlyMap<string, string>;
  /** Called before each wave that writes. */
  readonly assertHeld: () => Promise<void>;
}

export interface WaveResults {
  readonly results: ReadonlyMap<RefKey, Applied>;
  /** What an application waits for, for people; applications that wait for nothing are not in it. */
  readonly waiting: ReadonlyMap<string, string>;
  /** Applications of which everything is applied and healthy. */
  readonly whole: ReadonlySet<string>;
}

export async function applyWaves(run: RunContext, input: WaveInput): Promise<WaveResults> {
  const results = new Map<RefKey, Applied>();
  /** What each application that may not go on waits for. */
  const gates = new Map(input.closed);
  const needs = { results, planned: changesByObject(input.waves) };
  await beginCourses(run, input.hooks, input.assertHeld);
  for (const { changes, wave } of input.waves) {
    // Namespaces and CRDs of the whole cluster come first, whoever waits for whom.
    const names = wave > FOUNDATION_WAVE ? new Set(changes.map((change) => change.application)) : [];
    for (const name of names) closeForUpstream(name, input.upstream, { results, gates });
    const dealt = await applyWave(run, input, { changes, gates, needs });
    const applied = dealt.map((one) => withHealth(run, input, one));
    for (const result of applied) results.set(resultKeyOf(result.change), result);
    await writeCourses(run, input.hooks, input.assertHeld);
    closeAfterWave(applied, gates, input.hooks);
  }
  const whole = wholeApplications(input.upstream, results);
  const ended = [...results.values()];
  const ofHooks = await endCourses(run, input.hooks, { ...input, results: ended, whole });
  return { results, whole, waiting: new Map([...waitingOf(ended, gates, input.hooks), ...ofHooks]) };
}

/** An object may be a hook of several phases. */
function resultKeyOf({ ref, hook }: Change): RefKey {
  return hook === undefined ? formatRef(ref) : `${hook} ${formatRef(ref)}`;
}

interface OneWave {
  readonly changes: readonly Change[];
  readonly gates: ReadonlyMap<string, string>;
  readonly needs: Omit<NeedsContext, 'application'>;
}

async function applyWave(run: RunContext, input: WaveInput, wave: OneWave): Promise<readonly Applied[]> {
  const isOpen = (change: Change) => !wave.gates.has(change.application) || isHealing(change, input.record);
  const isRun = (change: Change) => change.hook !== undefined && input.hooks.has(change.application);
  const isMine = (change: Change) => isRun(change) || (isWrite(change) && isOpen(change));
  const mine = wave.changes.filter(isMine);
  const waiting = wave.changes
    .filter((change) => !isMine(change))
    .map((change) => withoutRequest(change, wave.gates.get(change.application)));
  if (mine.length === 0) return waiting;
  const isHeld = await unlessCutOff(run, false, async () => {
    if (mine.some((change) => isWrite(change) && (isOpen(change) || change.hook === 'sync-fail')))
      await input.assertHeld();
    return true;
  });
  if (!isHeld) return [...mine.map((change) => leftOver(change, CUT_OFF)), ...waiting];
  const applied = await eachConcurrently(mine, run.limits.concurrency, (change) => dealWith(run, input, wave, change));
  const established = await unlessCutOff(run, applied, () => awaitEstablishedCrds(run, applied));
  return [...established, ...waiting];
}

async function dealWith(run: RunContext, input: WaveInput, wave: OneWave, change: Change): Promise<Applied> {
  const course = change.hook && input.hooks.get(change.application);
  const gate = wave.gates.get(change.application);
  if (course) {
    const needed = change.op === 'create' ? neededByHook(course, change) : [];
    const lack =
      gate ??
      (await unlessCutOff(run, CUT_OFF, () =>
        lackOfNeeds(run, needed, { ...wave.needs, application: change.application }),
      ));
    return runHook(run, course, change, lack);
  }
  const key = formatRef(change.ref);
  const prepared = input.prepared.get(key);
  const application = input.applications.get(change.application);
  if (!isWrite(change) || prepared === undefined || application === undefined)
    throw new Error(`${key} is planned but not prepared`);
  const record = input.record?.objects.get(key);
  return inTime(run, change, async () => {
    const needed = isHealing(change, input.record) ? [] : prepared.policy.dependsOn;
    const lack = await lackOfNeeds(run, needed, { ...wave.needs, application: change.application });
    if (lack !== undefined) return withoutRequest(change, lack);
    return applyObject(run, change, { prepared, sync: application.sync, record });
  });
}

function isWrite(change: Change): change is Application {
  return change.op === 'create' || change.op === 'update';
}

/** It puts back what this very input brought in; what is gone is put back whatever the input. */
function isHealing(change: Change, record: ClusterRecord | undefined): boolean {
  if (!('drift' in change) || change.drift === undefined) return false;
  const known = record?.objects.get(formatRef(change.ref))?.digest;
  return change.drift.kind === 'deleted' || !('digest' in change) || known === undefined || known === change.digest;
}

function withoutRequest(change: Change, gate: string | undefined): Applied {
  const { ref, application, wave, hook } = change;
  const base = { ref, application, wave, ...(hook && { hook }) };
  const live = change.live === undefined ? {} : { live: change.live };
  switch (change.op) {
    case 'refuse':
      return { change, ...live, outcome: { ...base, result: 'failed', problem: change.problem } };
    case 'keep':
      return { change, ...live, outcome: { ...base, result: 'unchanged' } };
    case 'skip':
      return { change, ...live, outcome: { ...base, result: 'skipped', reason: change.reason } };
    case 'create':
    case 'update':
    case 'prune':
      return { change, ...live, outcome: { ...base, result: 'skipped', reason: `waits for ${gate ?? ''}` } };
  }
}

function closeAfterWave(applied: readonly Applied[], gates: Map<string, string>, hooks: HookCourses): void {
  for (const result of applied) {
    const { application, hook } = result.change;
    const course = hook && hooks.get(application);
    const trouble = course ? hookTrouble(course, result) : (troubleOf(result) ?? heldBy(result));
    if (trouble !== undefined && !gates.has(application)) gates.set(application, trouble);
  }
}

/** What waits for an object of another application holds back the later waves of its own. */
function heldBy({ change, outcome }: Applied): string | undefined {
  const isHeld = outcome.result === 'skipped' && isWrite(change);
  return isHeld ? outcome.reason.replace(/^waits for /, '') : undefined;
}

function withHealth(run: RunContext, { prepared }: Pick<WaveInput, 'prepared'>, applied: Applied): Applied {
  const { live, outcome, change } = applied;
  if (live === undefined || outcome.result === 'failed' || outcome.health !== undefined) return applied;
  if (prepared.get(formatRef(change.ref))?.policy.assessHealth === false) return applied;
  return { ...applied, outcome: { ...outcome, health: run.assess(applied.change.application, live, run.nowMs()) } };
}

/** A gate that held nothing back is nothing to wait for; nor is a hook that failed: it will not come right by itself. */
function waitingOf(
  results: readonly Applied[],
  gates: ReadonlyMap<string, string>,
  hooks: HookCourses,
): ReadonlyMap<string, string> {
  const held = results.filter(({ change, outcome }) => outcome.result === 'skipped' && change.op !== 'skip');
  const names = new Set(held.map(({ change }) => change.application));
  return new Map(
    [...names]
      .filter((name) => !isStopped(hooks.get(name)))
      .map((name) => [name, `waits for ${gates.get(name) ?? ''}`] as const),
  );
}
