/**
 * What an application waits for in its own cluster: until each one that it depends on was brought in whole and healthy
 * at the input that it should have. Which input that is, not health now, decides: a change need not wait for an upstream
 * that did not change and was there before, though it be degraded at this moment.
 */
import { keepsWaiting } from '../../health/keeps-waiting.ts';
import type { DesiredApplication } from '../../model/desired-state.ts';
import { formatRef, type RefKey } from '../../model/object-ref.ts';
import type { ApplicationStatus } from '../../model/status.ts';
import type { PlanWave } from '../../plan/order.ts';
import type { Applied } from './apply-object.ts';
import type { LoadedState } from './load-desired.ts';
import { whyLeftOver } from './out-of-time.ts';

/** What is known of the applications of a cluster before a run. */
export interface KnownUpstream {
  /** All that are wanted, by name. */
  readonly applications: ReadonlyMap<string, DesiredApplication>;
  /** By name, why there is nothing to bring in: no rendering yet, or none any more. */
  readonly unavailable: ReadonlyMap<string, string>;
  /** The input digest that earlier runs found completed, by name. */
  readonly completed: ReadonlyMap<string, string>;
  /** Objects to be dealt with in this run, by application. */
  readonly objects: ReadonlyMap<string, number>;
}

/** Returns what is known before the first wave. `previous`: the statuses that the last run left. */
export function knownUpstream(
  { desired, applications, lost }: LoadedState,
  previous: readonly ApplicationStatus[],
  waves: readonly PlanWave[],
): KnownUpstream {
  const objects = new Map(applications.map(({ application }) => [application.name, 0]));
  for (const { changes } of waves)
    for (const { application } of changes) objects.set(application, (objects.get(application) ?? 0) + 1);
  return {
    applications: new Map(desired.applications.map((application) => [application.name, application])),
    unavailable: new Map([
      ...lost.map((name) => [name, 'it is being rendered again'] as const),
      ...desired.unavailable.map(({ name, problems }) => {
        return [name, problems.length > 0 ? 'it could not be planned' : 'it is being rendered'] as const;
      }),
    ]),
    completed: new Map(previous.flatMap(({ application, completed }) => (completed ? [[application, completed]] : []))),
    objects,
  };
}

interface Progress {
  readonly results: ReadonlyMap<RefKey, Applied>;
  /** What each application that may not go on waits for. */
  readonly gates: Map<string, string>;
}

/** Closes the gate of an application while one that it depends on, at whatever distance, is not there yet. */
export function closeForUpstream(name: string, known: KnownUpstream, progress: Progress): void {
  const reason = progress.gates.has(name)
    ? undefined
    : upstreamReason(name, known, { progress, seen: new Set([name]) });
  if (reason !== undefined) progress.gates.set(name, reason);
}

/** Returns the applications of which every object is applied and healthy now, by name. */
export function wholeApplications(known: KnownUpstream, results: Progress['results']): ReadonlySet<string> {
  const byApplication = Map.groupBy(results.values(), ({ change }) => change.application);
  const isWhole = (name: string) => lackOf(name, known, byApplication.get(name) ?? []) === undefined;
  return new Set([...known.applications.keys()].filter(isWhole));
}

function upstreamReason(
  name: string,
  known: KnownUpstream,
  walk: { readonly progress: Progress; readonly seen: Set<string> },
): string | undefined {
  for (const upstream of known.applications.get(name)?.dependsOn ?? []) {
    if (walk.seen.has(upstream)) continue;
    walk.seen.add(upstream);
    const lack = whyIncomplete(upstream, known, walk.progress);
    if (lack !== undefined) return `application ${upstream} (${lack})`;
    const beyond = upstreamReason(upstream, known, walk);
    if (beyond !== undefined) return beyond;
  }
  return undefined;
}

/** Undefined: it is where it should be, or this cluster has no such application. */
function whyIncomplete(name: string, known: KnownUpstream, { results, gates }: Progress): string | undefined {
  const application = known.applications.get(name);
  if (application === undefined) return known.unavailable.get(name);
  // It changed, and what it changed to is known in a moment. Where that failed, its last good input is what counts.
  if (application.heldBack?.reason === 'rendering') return 'its newer state is being rendered';
  if (known.completed.get(name) === application.inputDigest) return undefined;
  const own = [...results.values()].filter(({ change }) => change.application === name);
  return known.unavailable.get(name) ?? lackOf(name, known, own, gates.get(name));
}

/** Returns what is missing until every object of an application is applied and healthy. */
function lackOf(name: string, known: KnownUpstream, own: readonly Applied[], waitsFor?: string): string | undefined {
  const lacks = own.map(objectLack);
  const isHeld = (lack: string | undefined) => lack === HELD;
  const trouble = lacks.find((lack) => lack !== undefined && !isHeld(lack));
  if (trouble !== undefined) return trouble;
  if (lacks.some(isHeld)) return waitsFor === undefined ? HELD : `waits for ${waitsFor}`;
  if (known.unavailable.has(name) || own.length < (known.objects.get(name) ?? 0)) return 'it is not brought in yet';
  return undefined;
}

const HELD = 'it is held back';

function objectLack(applied: Applied): string | undefined {
  const { change, outcome } = applied;
  if (change.op === 'skip' && change.reason === 'suspended') return 'it is suspended';
  const trouble = troubleOf(applied);
  if (trouble !== undefined) return trouble;
  return outcome.result === 'skipped' && change.op !== 'skip' ? HELD : undefined;
}

/** Returns what keeps others waiting: a failure, or an object that is not there yet. */
export function troubleOf(applied: Applied): string | undefined {
  const { change, outcome } = applied;
  if (outcome.result === 'failed') return `${formatRef(change.ref)} failed`;
  const leftOver = whyLeftOver(applied);
  if (leftOver !== undefined) return leftOver;
  const { health } = outcome;
  return health && keepsWaiting(change.ref, health) ? `${formatRef(change.ref)}: ${health.reason}` : undefined;
}
