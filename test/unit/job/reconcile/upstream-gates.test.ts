import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Applied } from '../../../../shared/job/reconcile/apply-object.ts';
import {
  closeForUpstream,
  type KnownUpstream,
  knownUpstream,
  wholeApplications,
} from '../../../../shared/job/reconcile/upstream-gates.ts';
import type { Change } from '../../../../shared/model/change.ts';
import { clusterSchema } from '../../../../shared/model/declarations.ts';
import type { DesiredApplication } from '../../../../shared/model/desired-state.ts';
import type { Health } from '../../../../shared/model/health.ts';
import { formatRef } from '../../../../shared/model/object-ref.ts';
import type { Outcome } from '../../../../shared/model/outcome.ts';
import type { Problem } from '../../../../shared/model/problem.ts';
import { syncPolicySchema } from '../../../../shared/model/sync-policy.ts';

const PROBLEM: Problem = { code: 'Forbidden', subject: 'x', act: 'apply', wrong: 'y', remedy: 'z' };

describe('what an application waits for in its cluster', () => {
  it('is nothing when the upstream was completed at the input it has, however it is now', () => {
    const known = fleetOf([app('web', 'db'), app('db')], { completed: { db: 'db@1' } });

    assert.equal(gateOf('web', known, [applied('db', { health: 'degraded' })]), undefined);
  });

  it('is an upstream that was completed at another input, until it is whole and healthy at this one', () => {
    const known = fleetOf([app('web', 'db'), app('db')], { completed: { db: 'db@0' } });

    assert.match(gateOf('web', known, [applied('db', { health: 'progressing' })]) ?? '', /^application db \(ConfigMap/);
    assert.equal(gateOf('web', known, [applied('db', { health: 'healthy' })]), undefined);
  });

  it('is nothing where the records are lost and the upstream is whole and healthy, or paused as somebody wants it', () => {
    const known = fleetOf([app('web', 'db'), app('db')]);

    assert.equal(gateOf('web', known, [applied('db', { health: 'healthy' })]), undefined);
    assert.equal(gateOf('web', known, [applied('db', { health: 'suspended' })]), undefined);
  });

  it('is an upstream of which something failed, is held back, is suspended, or has not had its turn', () => {
    const known = fleetOf([app('web', 'db'), app('db')]);
    const cases: readonly (readonly [Applied | undefined, RegExp])[] = [
      [applied('db', { result: 'failed' }), /failed\)$/],
      [applied('db', { result: 'skipped', op: 'create' }), /\(it is held back\)$/],
      [applied('db', { result: 'skipped', op: 'skip' }), /\(it is suspended\)$/],
      [undefined, /\(it is not brought in yet\)$/],
    ];

    for (const [one, expected] of cases) assert.match(gateOf('web', known, one ? [one] : []) ?? '', expected);
  });

  it('is an upstream whose newer state is being rendered, though the last one was completed', () => {
    const coming = { ...app('db'), heldBack: { reason: 'rendering' as const } };
    const known = fleetOf([app('web', 'db'), coming], { completed: { db: 'db@1' } });

    assert.equal(gateOf('web', known, []), 'application db (its newer state is being rendered)');
  });

  it('is nothing where the newer state of the upstream failed to render and its last good one was completed', () => {
    const broken = { ...app('db'), heldBack: { reason: 'failed' as const, problems: [PROBLEM] } };

    assert.equal(gateOf('web', fleetOf([app('web', 'db'), broken], { completed: { db: 'db@1' } }), []), undefined);
    assert.notEqual(gateOf('web', fleetOf([app('web', 'db'), broken]), []), undefined);
  });

  it('is an upstream that was never rendered, but none that this cluster does not have', () => {
    const known = fleetOf([app('web', 'db')], { unavailable: { db: [PROBLEM] } });

    assert.equal(gateOf('web', known, []), 'application db (it could not be planned)');
    assert.equal(gateOf('web', fleetOf([app('web', 'db')]), []), undefined);
  });

  it('is an upstream at any distance', () => {
    const known = fleetOf([app('web', 'api'), app('api', 'db'), app('db')], { completed: { api: 'api@1' } });

    assert.match(gateOf('web', known, []) ?? '', /^application db \(/);
    assert.equal(gateOf('web', known, [applied('db', { health: 'healthy' })]), undefined);
  });

  it('counts as whole only what had its turn with every object', () => {
    const known = fleetOf([app('web'), app('db'), app('empty')], { objects: { web: 2, db: 1, empty: 0 } });

    const whole = wholeApplications(
      known,
      resultsOf([applied('web', { health: 'healthy' }), applied('db', { health: 'healthy' })]),
    );

    assert.deepEqual([...whole], ['db', 'empty']);
  });
});

function app(name: string, ...dependsOn: readonly string[]): DesiredApplication {
  const commit = { revision: 'a', subject: 's', author: 'Ana', committedAtMs: 0 };
  const rest = { commit, renderings: [], ignore: [], suspend: false, sync: syncPolicySchema.parse({}) };
  return { name, dependsOn, inputDigest: `${name}@1`, ...rest };
}

function fleetOf(
  applications: readonly DesiredApplication[],
  facts: {
    readonly completed?: Readonly<Record<string, string>>;
    readonly unavailable?: Readonly<Record<string, readonly Problem[]>>;
    readonly objects?: Readonly<Record<string, number>>;
  } = {},
): KnownUpstream {
  const { completed = {}, unavailable = {}, objects } = facts;
  const cluster = clusterSchema.parse({
    apiVersion: 'plumbline.dev/v1',
    kind: 'Cluster',
    metadata: { name: 'prod' },
    spec: { kubeconfig: { context: 'prod' } },
  });
  const missing = Object.entries(unavailable).map(([name, problems]) => ({ name, problems }));
  const loaded = {
    desired: { fleet: 'f', cluster, applications, unavailable: missing },
    applications: applications.map((application) => ({ application, objects: [], warnings: [] })),
    lost: [],
  };
  const known = knownUpstream(loaded, [], []);
  const counts = objects ?? Object.fromEntries(applications.map(({ name }) => [name, 1]));
  return { ...known, completed: new Map(Object.entries(completed)), objects: new Map(Object.entries(counts)) };
}

function gateOf(name: string, known: KnownUpstream, results: readonly Applied[]): string | undefined {
  const gates = new Map<string, string>();
  closeForUpstream(name, known, { results: resultsOf(results), gates });
  return gates.get(name);
}

function resultsOf(results: readonly Applied[]) {
  return new Map(results.map((one) => [formatRef(one.change.ref), one]));
}

function applied(
  application: string,
  what: { readonly health?: Health; readonly result?: 'failed' | 'skipped'; readonly op?: 'create' | 'skip' },
): Applied {
  const { health, result = 'unchanged', op = 'keep' } = what;
  const ref = { group: '', kind: 'ConfigMap', namespace: 'x', name: application };
  const place = { ref, application, wave: 0 };
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: application, namespace: 'x' } };
  const changes = {
    keep: { op: 'keep', ...place, live: object },
    create: { op: 'create', ...place, desired: object, digest: 'd' },
    skip: { op: 'skip', ...place, reason: 'suspended' },
  } as const satisfies Readonly<Record<string, Change>>;
  const base = { ...place, ...(health && { health: { health, reason: 'r' } }) };
  const outcomes = {
    unchanged: { ...base, result: 'unchanged' },
    failed: { ...base, result: 'failed', problem: PROBLEM },
    skipped: { ...base, result: 'skipped', reason: 'r' },
  } as const satisfies Readonly<Record<string, Outcome>>;
  return { change: changes[op], outcome: outcomes[result] };
}
