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

test('a fight is what was found to be one last, and not too long ago', () => {
  const fights = findFights([scaled('hpa', 1, { times: 3 }), scaled('hpa', 2, { times: 2 })], NOW_MS);

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
  assert.deepEqual(findFights([scaled('hpa', 1), scaled('hpa', 2, { times: 3 })], NOW_MS), []);
  assert.deepEqual(findFights([scaled('hpa', 31, { times: 3 })], NOW_MS), []);
});

test('a field that is gone and held by nobody is nobody to tell of', () => {
  const gone = scaled('hpa', 1, { times: 3, fields: [{ path: 'spec.replicas', pointer: '/spec/replicas' }] });

  assert.deepEqual(findFights([gone], NOW_MS), []);
});

test('the fiercest fight comes first, with the rule that ends it, by where Git has the field', () => {
  const flags = { ref: { group: '', kind: 'ConfigMap', namespace: 'web', name: 'flags' }, times: 4 };
  const fields = [{ path: 'spec.a[x]', pointer: '/spec/a/1', declared: '/spec/a/0', manager: 'bot' }];

  const fights = findFights([scaled('hpa', 1, { times: 3 }), scaled('bot', 2, { ...flags, fields })], NOW_MS);

  assert.deepEqual(
    fights.map(({ times }) => times),
    [4, 3],
  );
  assert.deepEqual(fights.map(ignoreRuleFor), [
    'ignore: [{group: "", kind: ConfigMap, namespace: web, name: flags, fields: [/spec/a/0]}]',
    'ignore: [{group: apps, kind: Deployment, namespace: web, name: web, fields: [/spec/replicas]}]',
  ]);
});
