/**
 * What objects depend on by their `depends-on` annotations, across the applications of a cluster. Together with waves
 * and `dependsOn` of applications that may go in a circle, which is found before anything waits for itself.
 */
import type { Change } from '../model/change.ts';
import { readObjectPolicy } from '../model/object-policy/read-object-policy.ts';
import { formatRef, type RefKey } from '../model/object-ref.ts';
import type { Problem } from '../model/problem.ts';
import { walkDependencies } from '../model/walk-dependencies.ts';
import { FOUNDATION_WAVE } from './order.ts';
import type { PreparedApplication } from './plan-input.ts';

export type ObjectNeeds = ReadonlyMap<RefKey, readonly RefKey[]>;

/** Returns by object what it depends on; objects that depend on none are not in it. */
export function objectNeeds(applications: readonly PreparedApplication[]): ObjectNeeds {
  const needing = applications.flatMap(({ objects, hooks = [] }) =>
    [...objects, ...hooks.map(({ prepared }) => prepared)].filter(({ policy }) => policy.dependsOn.length > 0),
  );
  return new Map(needing.map(({ ref, policy }) => [formatRef(ref), policy.dependsOn.map(formatRef)]));
}

/** Returns what the live object of a change says that it depends on. */
export function needsOfLive(change: Change): readonly RefKey[] {
  return change.live === undefined ? [] : readObjectPolicy(change.live).policy.dependsOn.map(formatRef);
}

/** Returns the changes, those refused whose objects would wait for themselves. Costs nothing where nothing depends. */
export function refuseCircles(
  changes: readonly Change[],
  needs: ObjectNeeds,
  applications: readonly PreparedApplication[],
): readonly Change[] {
  if (needs.size === 0) return changes;
  const { cycles } = walkDependencies(edgesOf(changes, needs, applications));
  const cycleByKey = new Map(cycles.flatMap((cycle) => cycle.map((name) => [name, cycle] as const)));
  return changes.map((change) => {
    const cycle = cycleByKey.get(formatRef(change.ref));
    if (cycle === undefined || change.op === 'keep' || change.op === 'skip') return change;
    const { ref, application, wave, hook, live } = change;
    const place = { ref, application, wave, ...(hook && { hook }), ...(live && { live }) };
    return { op: 'refuse', ...place, problem: cycleProblem(formatRef(ref), cycle) };
  });
}

/** The edges that objects declare, and those that waves and applications bring: each turn needs the one before. */
function edgesOf(
  changes: readonly Change[],
  needs: ObjectNeeds,
  applications: readonly PreparedApplication[],
): ReadonlyMap<string, readonly string[]> {
  const concerned = new Set([...needs.keys(), ...[...needs.values()].flat()]);
  const turnsByName = turnsByApplication(changes);
  const pairs = applications.flatMap(({ application }) => {
    const turns = turnsByName.get(application.name) ?? [];
    const upstream = application.dependsOn.flatMap((name) => turnsByName.get(name)?.at(-1)?.name ?? []);
    return turns.flatMap(({ name, keys }, at) => {
      const before = turns[at - 1];
      const own = keys.filter((key) => concerned.has(key));
      const needed = before === undefined ? upstream : [before.name];
      return [...own.map((key) => [name, key]), ...[name, ...own].flatMap((one) => needed.map((key) => [one, key]))];
    });
  });
  const declared = [...needs].flatMap(([key, needed]) => needed.map((one) => [key, one]));
  const grouped = Map.groupBy([...pairs, ...declared], ([from]) => from ?? '');
  return new Map([...grouped].map(([from, own]) => [from, own.flatMap(([, to]) => to ?? [])]));
}

interface ApplicationTurn {
  /** `wave 1 of application web`. */
  readonly name: string;
  readonly keys: readonly RefKey[];
}

/** Hooks are left out: each phase comes after the one before, and nothing ordinary waits for a later one. */
function turnsByApplication(changes: readonly Change[]): ReadonlyMap<string, readonly ApplicationTurn[]> {
  const ordinary = changes.filter(({ hook, wave }) => hook === undefined && wave > FOUNDATION_WAVE);
  return new Map(
    [...Map.groupBy(ordinary, ({ application }) => application)].map(([application, own]) => {
      const waves = [...Map.groupBy(own, ({ wave }) => wave)].sort(([a], [b]) => a - b);
      const turns = waves.map(([wave, members]) => ({
        name: `wave ${wave} of application ${application}`,
        keys: members.map(({ ref }) => formatRef(ref)),
      }));
      return [application, turns];
    }),
  );
}

function cycleProblem(subject: RefKey, cycle: readonly string[]): Problem {
  return {
    code: 'DependencyCycle',
    subject,
    act: 'order objects',
    wrong: `depends-on goes in a circle: ${cycle.join(' → ')}`,
    remedy: 'take one of these objects out of the depends-on of the one before it, or move it to another wave',
  };
}
