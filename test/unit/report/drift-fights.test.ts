import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SeenDrift } from '../../../shared/model/status.ts';
import { findFights, ignoreRuleFor } from '../../../shared/report/drift-fights.ts';

const NOW_MS = Date.parse('2026-11-21T12:00:00Z');
const ref = { group: 'apps', kind: 'Deployment', namespace: 'web', name: 'web' };

function scaled(manager: string, minutesAgo: number, rest: Partial<SeenDrift> = {}): SeenDrift {
  const field = { path: 'spec.replicas', pointer: '/spec/replicas', wanted: 2, found: 5, manager };
  return {
    ref,
    application: 'web',
    kind: 'changed',
    fields: [field],
    cluster: 'eu',
    seenAtMs: NOW_MS - minutesAgo * 60_000,
    act: 'healed',
    ...rest,
  };
}

test('a field that one manager took three times in half an hour is fought over', () => {
  const fights = findFights([scaled('hpa', 1), scaled('hpa', 2), scaled('hpa', 30)], NOW_MS);

  assert.deepEqual(fights, [
    {
      cluster: 'eu',
      ref,
      application: 'web',
      path: 'spec.replicas',
      pointer: '/spec/replicas',
      manager: 'hpa',
      times: 3,
    },
  ]);
});

test('two times, other managers, other clusters, longer ago, or what was only reported make no fight', () => {
  const twice = [scaled('hpa', 1), scaled('hpa', 2)];

  assert.deepEqual(findFights(twice, NOW_MS), []);
  assert.deepEqual(findFights([...twice, scaled('kubectl', 3)], NOW_MS), []);
  assert.deepEqual(findFights([...twice, scaled('hpa', 3, { cluster: 'us' })], NOW_MS), []);
  assert.deepEqual(findFights([...twice, scaled('hpa', 31)], NOW_MS), []);
  assert.deepEqual(findFights([...twice, scaled('hpa', 3, { act: 'reported' })], NOW_MS), []);
});

test('a field that is gone and held by nobody is no fight', () => {
  const gone = scaled('hpa', 1, { fields: [{ path: 'spec.replicas', pointer: '/spec/replicas' }] });

  assert.deepEqual(findFights([gone, gone, gone], NOW_MS), []);
});

test('the fiercest fight comes first, with the rule that ends it', () => {
  const flags = { ref: { group: '', kind: 'ConfigMap', namespace: 'web', name: 'flags' } };
  const drifts = [1, 2, 3].map((at) => scaled('hpa', at)).concat([1, 2, 3, 4].map((at) => scaled('bot', at, flags)));

  const fights = findFights(drifts, NOW_MS);

  assert.deepEqual(
    fights.map(({ times }) => times),
    [4, 3],
  );
  assert.deepEqual(fights.map(ignoreRuleFor), [
    'ignore: [{kind: ConfigMap, group: "", name: flags, fields: [/spec/replicas]}]',
    'ignore: [{kind: Deployment, group: apps, name: web, fields: [/spec/replicas]}]',
  ]);
});
