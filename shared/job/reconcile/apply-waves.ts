/**
 * Applies a plan: applications in the order of `dependsOn`, the objects of each in waves, everything of one wave at
 * once. One bad object does not stop its neighbours; it stops the later waves of its application and whoever depends on
 * it. Gates never hold back healing: else wave 0 would wait for a Secret of wave 1 that someone deleted.
 */

import { assessHealth } from '../../health/assess.ts';
import type { Change } from '../../model/change.ts';
import type { DesiredApplication } from '../../model/desired-state.ts';
import { formatRef, type RefKey } from '../../model/object-ref.ts';
import type { ClusterRecord } from '../../model/record.ts';
import { FOUNDATION_WAVE, type PlanWave } from '../../plan/order.ts';
import type { PreparedObject } from '../../plan/prepare.ts';
import { type Application, type Applied, applyObject, failed } from './apply-object.ts';
import { eachConcurrently } from './each-concurrently.ts';
import { awaitEstablishedCrds } from './established-crds.ts';
import { inTime } from './out-of-time.ts';
import type { RunContext } from './run-context.ts';
import { closeForUpstream, type KnownUpstream, troubleOf, wholeApplications } from './upstream-gates.ts';

export interface WaveInput {
  /** In apply order. */
  readonly waves: readonly PlanWave[];
  readonly prepared: ReadonlyMap<RefKey, PreparedObject>;
  readonly applications: ReadonlyMap<string, DesiredApplication>;
  readonly record: ClusterRecord | undefined;
  readonly upstream: KnownUpstream;
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
  for (const { changes, wave } of input.waves) {
    // Namespaces and CRDs of the whole cluster come first, whoever waits for whom.
    const names = wave > FOUNDATION_WAVE ? new Set(changes.map((change) => change.application)) : [];
    for (const name of names) closeForUpstream(name, input.upstream, { results, gates });
    const applied = (await applyWave(run, input, { changes, gates })).map((one) => withHealth(run, input, one));
    for (const result of applied) results.set(formatRef(result.change.ref), result);
    closeAfterWave(applied, gates);
  }
  return { results, waiting: waitingOf(results, gates), whole: wholeApplications(input.upstream, results) };
}

async function applyWave(
  run: RunContext,
  input: WaveInput,
  wave: { readonly changes: readonly Change[]; readonly gates: ReadonlyMap<string, string> },
): Promise<readonly Applied[]> {
  const isOpen = (change: Change) => !wave.gates.has(change.application) || ('drift' in change && change.drift);
  const isWrite = (change: Change): change is Application => change.op === 'create' || change.op === 'update';
  const writes = wave.changes.filter(isWrite).filter(isOpen);
  const others = wave.changes.filter((change) => !(isWrite(change) && isOpen(change)));
  if (writes.length === 0) return others.map((change) => withoutRequest(change, wave.gates));
  await input.assertHeld();
  const applied = await eachConcurrently(writes, run.limits.concurrency, (change) => {
    const key = formatRef(change.ref);
    const prepared = input.prepared.get(key);
    const application = input.applications.get(change.application);
    if (prepared === undefined || application === undefined) throw new Error(`${key} is planned but not prepared`);
    const record = input.record?.objects.get(key);
    return inTime(change, () => applyObject(run, change, { prepared, sync: application.sync, record }));
  });
  const established = await awaitEstablishedCrds(run, applied);
  return [...established, ...others.map((change) => withoutRequest(change, wave.gates))];
}

function withoutRequest(change: Change, gates: ReadonlyMap<string, string>): Applied {
  const { ref, application, wave } = change;
  const base = { ref, application, wave };
  const live = change.live === undefined ? {} : { live: change.live };
  switch (change.op) {
    case 'refuse':
      return failed(change, change.problem);
    case 'keep':
      return { change, ...live, outcome: { ...base, result: 'unchanged' } };
    case 'skip':
      return { change, ...live, outcome: { ...base, result: 'skipped', reason: change.reason } };
    case 'create':
    case 'update':
    case 'prune':
      return {
        change,
        ...live,
        outcome: { ...base, result: 'skipped', reason: `waits for ${gates.get(application) ?? ''}` },
      };
  }
}

function closeAfterWave(applied: readonly Applied[], gates: Map<string, string>): void {
  for (const result of applied) {
    const trouble = troubleOf(result);
    const { application } = result.change;
    if (trouble !== undefined && !gates.has(application)) gates.set(application, trouble);
  }
}

function withHealth(run: RunContext, { prepared }: WaveInput, applied: Applied): Applied {
  if (applied.live === undefined || applied.outcome.result === 'failed') return applied;
  if (prepared.get(formatRef(applied.change.ref))?.policy.assessHealth === false) return applied;
  return { ...applied, outcome: { ...applied.outcome, health: assessHealth(applied.live, run.nowMs()) } };
}

/** A gate that held nothing back is nothing to wait for. */
function waitingOf(
  results: ReadonlyMap<RefKey, Applied>,
  gates: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const held = [...results.values()].filter(
    ({ change, outcome }) => outcome.result === 'skipped' && change.op !== 'skip',
  );
  return new Map(held.map(({ change }) => [change.application, `waits for ${gates.get(change.application) ?? ''}`]));
}
