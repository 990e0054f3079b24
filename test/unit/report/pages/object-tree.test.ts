import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../../../shared/model/outcome.ts';
import type { ObjectStatus } from '../../../../shared/model/status.ts';
import { objectTree } from '../../../../shared/report/pages/object-tree.ts';
import { textOf } from './text-of.ts';

const HEALTHY = { health: 'healthy', reason: '' } as const;

function object(kind: string, name: string, outcome: Partial<Outcome> = {}): ObjectStatus {
  const ref = { group: kind === 'Deployment' ? 'apps' : '', kind, namespace: 'web', name };
  const base = { ref, application: 'web', wave: 0, health: HEALTHY, result: 'unchanged' } as const;
  return { outcome: { ...base, ...outcome } as Outcome, source: { path: `${name}.yaml`, line: 3 } };
}

test('orders by wave, then kind, trouble first, with the place in Git', () => {
  const tree = objectTree([
    object('Service', 'late', { wave: 2 }),
    object('Deployment', 'api', { health: HEALTHY }),
    object('Deployment', 'worker', { health: { health: 'degraded', reason: '0 of 1 ready' } }),
    object('ConfigMap', 'flags'),
  ]);

  assert.equal(
    textOf(tree),
    [
      'Wave 0 3 objects',
      'ConfigMap web/flags synced healthy flags.yaml:3',
      'Deployment.apps web/worker synced degraded worker.yaml:3 0 of 1 ready web/api synced healthy api.yaml:3',
      'Wave 2 1 object Service web/late synced healthy late.yaml:3',
    ].join(' '),
  );
});

test('says what a wave waits for', () => {
  const tree = objectTree([
    object('Deployment', 'api', { health: { health: 'progressing', reason: '1 of 2 updated' } }),
    object('Service', 'late', { wave: 1, result: 'skipped', reason: 'waits for wave 0' }),
  ]);

  assert.match(textOf(tree), /Wave 1 1 object; waits for Deployment\.apps\/web\/api: progressing/);
  assert.match(textOf(tree), /web\/late out-of-sync healthy late\.yaml:3 left alone: waits for wave 0/);
});

test('shows why an object failed, and what the API server warned of', () => {
  const problem = {
    code: 'Forbidden',
    subject: 'ConfigMap/web/a',
    act: 'apply',
    wrong: 'no right',
    remedy: 'grant it',
  } as const;
  const tree = objectTree([
    object('ConfigMap', 'a', { result: 'failed', problem }),
    object('ConfigMap', 'b', { result: 'configured', warnings: ['old version'], healed: true }),
  ]);

  assert.match(textOf(tree), /web\/a out-of-sync healthy a\.yaml:3 ConfigMap\/web\/a: apply: no right; grant it/);
  assert.match(
    textOf(tree),
    /web\/b synced healthy b\.yaml:3 warning: old version drift was put right in the last run/,
  );
});

test('folds many objects of a kind away only while all are good', () => {
  const many = [...Array(20).keys()].map((index) => object('ConfigMap', `c-${index}`));
  const degraded = object('ConfigMap', 'x', { health: { health: 'missing', reason: 'gone' } });

  assert.match(textOf(objectTree(many)), /^Wave 0 20 objects ConfigMap 20 objects, all synced and healthy web\/c-0/);
  assert.match(textOf(objectTree([...many, degraded])), /^Wave 0 21 objects ConfigMap web\/x synced missing/);
});
