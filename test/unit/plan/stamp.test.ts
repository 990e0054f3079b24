import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json, JsonObject } from '../../../shared/model/json.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { projectFields } from '../../../shared/plan/projection.ts';
import { recordOf, stampOf } from '../../../shared/plan/stamp.ts';
import { appliedLive, configMap, deployment, MANAGER } from './samples.ts';

const CONTAINERS: Json = [
  { name: 'a', image: 'x' },
  { name: 'b', image: 'y' },
];

function withMeta(object: KubeObject, metadata: Partial<KubeObject['metadata']>): KubeObject {
  return { ...object, metadata: { ...object.metadata, ...metadata } };
}

const live = appliedLive(deployment('api', { replicas: 2, containers: CONTAINERS }));
const stamp = stampOf(live, MANAGER);

test('has no stamp without an Apply entry of ours', () => {
  assert.equal(stampOf(withMeta(live, { managedFields: [] }), MANAGER), undefined);
  assert.equal(stampOf(live, 'plumbline-other'), undefined);
  const updated = live.metadata.managedFields?.map((entry) => ({ ...entry, operation: 'Update' as const })) ?? [];
  assert.equal(stampOf(withMeta(live, { managedFields: updated }), MANAGER), undefined);
});

test('stays the same when others add fields, items in between, and owners of their own', () => {
  const containers: Json = [CONTAINERS[0] ?? null, { name: 'mesh' }, CONTAINERS[1] ?? null];
  const others = { manager: 'mesh', operation: 'Update' as const, fieldsV1: {} };
  const touched = withMeta(
    { ...live, spec: { replicas: 2, containers, paused: true }, status: { replicas: 9 } },
    {
      resourceVersion: '99',
      annotations: { theirs: 'x' },
      managedFields: [others, ...(live.metadata.managedFields ?? [])],
    },
  );

  assert.equal(stampOf(touched, MANAGER), stamp);
});

test('changes with the uid, a value of ours, the order of our items, our fields, their time, and a deletion', () => {
  const [entry] = live.metadata.managedFields ?? [];
  assert.ok(entry);
  const touched = [
    withMeta(live, { uid: 'another' }),
    { ...live, spec: { replicas: 3, containers: CONTAINERS } },
    { ...live, spec: { replicas: 2, containers: CONTAINERS.toReversed() } },
    withMeta(live, { managedFields: [{ ...entry, fieldsV1: { 'f:spec': {} } }] }),
    withMeta(live, { managedFields: [{ ...entry, time: '2026-11-21T10:00:01Z' }] }),
    withMeta(live, { deletionTimestamp: '2026-11-21T10:00:01Z' }),
  ];

  const stamps = new Set(touched.map((object) => stampOf(object, MANAGER)));

  assert.equal(stamps.size, touched.length);
  assert.ok(!stamps.has(stamp));
});

test('sees what is put into an empty map of ours', () => {
  const volume = (emptyDir: JsonObject): Json => [{ name: 'cache', emptyDir }];
  const declared = appliedLive(deployment('api', { volumes: volume({}) }));

  assert.notEqual(
    stampOf({ ...declared, spec: { volumes: volume({ medium: 'Memory' }) } }, MANAGER),
    stampOf(declared, MANAGER),
  );
});

test('leaves the values of Secrets out, so that a metadata list gives the same stamp', () => {
  const secret = appliedLive({ ...configMap('token', { token: 'eA==' }), kind: 'Secret' });
  const { data: _data, ...metadataOnly } = secret;

  assert.equal(stampOf(metadataOnly, MANAGER), stampOf(secret, MANAGER));
});

test('takes integers beyond 2^53 as they are', () => {
  const at = (id: bigint) => appliedLive({ ...configMap('one'), spec: { id } });

  assert.notEqual(stampOf(at(9007199254740993n), MANAGER), stampOf(at(9007199254740992n), MANAGER));
});

test('projects nothing but the fields of the set', () => {
  const fields = { 'f:spec': { 'f:a': {}, 'f:set': { 'v:"y"': {} }, 'f:missing': {} } };

  assert.deepEqual(projectFields({ spec: { a: { deep: 1 }, b: 2, set: ['x', 'y'] } }, fields), {
    spec: { a: { deep: 1 }, set: ['y'] },
  });
});

test('a record holds what was claimed, and nothing is recorded of an object that is not ours', () => {
  const applied = { application: 'web', digest: 'd', crd: 'uid/3' };

  assert.deepEqual(recordOf(live, applied, MANAGER), {
    ...applied,
    stamp,
    fields: live.metadata.managedFields?.[0]?.fieldsV1,
  });
  assert.equal(recordOf(live, applied, 'plumbline-other'), undefined);
});
