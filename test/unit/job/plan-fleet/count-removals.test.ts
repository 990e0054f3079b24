import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type CountedCluster, countRemovals, removalsOf } from '../../../../shared/job/plan-fleet/count-removals.ts';
import { clusterSchema } from '../../../../shared/model/declarations.ts';
import type { DesiredState } from '../../../../shared/model/desired-state.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e'];

function cluster(name: string, declared: readonly string[], more: Partial<CountedCluster> = {}): CountedCluster {
  return { name, isSuspended: false, declared: new Set(declared), status: { parents: NAMES }, ...more };
}

function fleet(...declared: readonly (readonly string[])[]) {
  return declared.map((names, index) => cluster(`c${index}`, names));
}

const CLUSTER = clusterSchema.parse({
  apiVersion: 'plumbline.dev/v1',
  kind: 'Cluster',
  metadata: { name: 'c0' },
  spec: { kubeconfig: { context: 'x' } },
});
const before = (more: Partial<DesiredState>): DesiredState => ({
  fleet: 'f',
  cluster: CLUSTER,
  applications: [],
  unavailable: [],
  ...more,
});
const of = (
  clusters: readonly CountedCluster[],
  { limit = '20%', previous }: { limit?: string; previous?: DesiredState } = {},
) => removalsOf('c0', countRemovals(clusters), { limit, previous });

describe('applications that leave clusters', () => {
  test('go while they are no more of the fleet than the limit', () => {
    const clusters = fleet(['a', 'b', 'c'], ['a', 'b', 'c', 'd'], NAMES);

    assert.deepEqual(of(clusters), { removes: ['d', 'e'] });
    assert.deepEqual(removalsOf('c2', countRemovals(clusters), { limit: '20%', previous: undefined }), {});
  });

  test('wait beyond it, with the counts of the whole fleet', () => {
    const clusters = fleet(['a', 'b', 'c'], ['a', 'b', 'c'], NAMES);

    assert.deepEqual(of(clusters), {
      removalHold: { applications: ['d', 'e'], removed: 4, present: 15, limit: '20%' },
    });
    assert.deepEqual(of(clusters, { limit: '30%' }), { removes: ['d', 'e'] });
  });

  test('never wait where there are only one or two', () => {
    assert.deepEqual(of(fleet(['a', 'b', 'c']), { limit: '0%' }), { removes: ['d', 'e'] });
    assert.ok(of(fleet(['a', 'b']), { limit: '0%' }).removalHold);
  });

  test('are counted with those of a step before that are still there; what was let go goes on', () => {
    const clusters = fleet(['a'], NAMES, NAMES, NAMES);
    const stepBefore = before({ removes: ['d', 'e'] });

    assert.deepEqual(of(clusters), { removes: ['b', 'c', 'd', 'e'] });
    assert.deepEqual(of(clusters, { previous: stepBefore, limit: '10%' }), {
      removes: ['d', 'e'],
      removalHold: { applications: ['b', 'c'], removed: 4, present: 20, limit: '10%' },
    });
  });

  test('stay held although a yes for other clusters made them few, until the limit is changed', () => {
    const removalHold = { applications: ['d', 'e'], removed: 9, present: 15, limit: '20%' };
    const few = fleet(['a', 'b', 'c'], NAMES, NAMES, NAMES);

    assert.deepEqual(of(few), { removes: ['d', 'e'] });
    assert.deepEqual(of(few, { previous: before({ removalHold }) }), { removalHold });
    assert.deepEqual(of(few, { previous: before({ removalHold }), limit: '30%' }), { removes: ['d', 'e'] });
    const one = fleet(['a', 'b', 'c', 'd'], NAMES, NAMES, NAMES);
    assert.deepEqual(of(one, { previous: before({ removalHold }) }), {
      removalHold: { ...removalHold, applications: ['e'] },
    });
  });

  test('wait, uncounted, until every cluster was looked into; one that is out of reach or suspended is not waited for', () => {
    const known = fleet(['a', 'b', 'c', 'd']);
    const never = cluster('new', NAMES, { status: undefined });
    const unreachable = cluster('far', NAMES, { status: {} });
    const left = cluster('left', NAMES, { status: undefined, isSuspended: true });

    assert.deepEqual(of([...known, never]), {});
    assert.deepEqual(of([...known, never], { previous: before({ removes: ['e'] }) }), { removes: ['e'] });
    assert.deepEqual(of([...known, unreachable, left]), { removes: ['e'] });
    assert.deepEqual(countRemovals([...known, never]).awaited, ['new']);
  });

  test('that wait are told of in the same words while the same wait, so that nobody is woken for a count', () => {
    const removalHold = { applications: ['d', 'e'], removed: 9, present: 15, limit: '20%' };
    const clusters = fleet(['a', 'b', 'c'], ['a', 'b', 'c'], NAMES);

    assert.deepEqual(of(clusters, { previous: before({ removalHold }) }), { removalHold });
  });
});
