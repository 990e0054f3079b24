import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Json, JsonObject } from '../../../shared/model/json.ts';
import { canonicalJson } from '../../../shared/model/json-text.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { diffObjects, listFields } from '../../../shared/report/diff-objects.ts';

const object = (contents: JsonObject): KubeObject => ({
  apiVersion: 'shop.example/v1',
  kind: 'Till',
  metadata: { name: 'till' },
  ...contents,
});
const diffSpecs = (before: Json, after: Json) => diffObjects(object({ spec: before }), object({ spec: after }));

test('finds a changed field below keyed lists, by the names of their items', () => {
  const containers = (memory: string) => ({ containers: [{ name: 'app', resources: { limits: { memory } } }] });

  assert.deepEqual(diffSpecs(containers('128Mi'), containers('256Mi')), [
    { path: 'spec.containers[app].resources.limits.memory', before: '128Mi', after: '256Mi' },
  ]);
});

test('an item put before the others is one addition, not a change of all', () => {
  const before = { containers: [{ name: 'app', image: 'a' }] };
  const after = {
    containers: [
      { name: 'proxy', image: 'p' },
      { name: 'app', image: 'a' },
    ],
  };

  assert.deepEqual(diffSpecs(before, after), [
    { path: 'spec.containers[proxy].name', after: 'proxy' },
    { path: 'spec.containers[proxy].image', after: 'p' },
  ]);
});

test('a new order of keyed items is a change', () => {
  assert.deepEqual(diffSpecs({ env: [{ name: 'A' }, { name: 'B' }] }, { env: [{ name: 'B' }, { name: 'A' }] }), [
    { path: 'spec.env (order)', before: ['A', 'B'], after: ['B', 'A'] },
  ]);
});

test('tells ports apart by name, by container port, by port', () => {
  assert.deepEqual(diffSpecs({ ports: [{ name: 'http', port: 80 }] }, { ports: [{ name: 'http', port: 81 }] }), [
    { path: 'spec.ports[http].port', before: 80, after: 81 },
  ]);
  assert.deepEqual(diffSpecs({ ports: [{ port: 80, targetPort: 1 }] }, { ports: [{ port: 80, targetPort: 2 }] }), [
    { path: 'spec.ports[80].targetPort', before: 1, after: 2 },
  ]);
});

test('tells items apart by position where a key is missing or stands twice', () => {
  const before = {
    env: [
      { name: 'A', value: '1' },
      { name: 'A', value: '2' },
    ],
  };
  const after = {
    env: [
      { name: 'A', value: '1' },
      { name: 'A', value: '3' },
    ],
  };

  assert.deepEqual(diffSpecs(before, after), [{ path: 'spec.env[1].value', before: '2', after: '3' }]);
});

test('masks paired variables if the name of either speaks of a secret', () => {
  const twice = { name: 'B', value: 'x' };
  const before = { env: [twice, twice, { name: 'TOKEN', value: 'was' }] };
  const after = { env: [twice, twice, { name: 'LOG', value: 'is' }] };

  assert.deepEqual(diffSpecs(before, after), [
    { path: 'spec.env[2].name', before: 'TOKEN', after: 'LOG' },
    { path: 'spec.env[2].value', before: '*** (before)', after: '*** (after)' },
  ]);
});

test('a list of plain values is one value', () => {
  assert.deepEqual(diffSpecs({ args: ['a', 'b'] }, { args: ['a', 'c', 'b'] }), [
    { path: 'spec.args', before: ['a', 'b'], after: ['a', 'c', 'b'] },
  ]);
});

test('an empty map or list that comes or goes is a change', () => {
  assert.deepEqual(diffSpecs({ emptyDir: {} }, { ingress: [] }), [
    { path: 'spec.ingress', after: [] },
    { path: 'spec.emptyDir', before: {} },
  ]);
});

test('null is a value, and a map that becomes a text is a change of both', () => {
  assert.deepEqual(diffSpecs({ a: null, b: { c: 1 } }, { a: 0, b: 'c' }), [
    { path: 'spec.a', before: null, after: 0 },
    { path: 'spec.b', before: { c: 1 }, after: 'c' },
  ]);
});

test('an int64 beyond 2^53 that differs in its last digit is a change', () => {
  assert.deepEqual(diffSpecs({ n: 9007199254740993n }, { n: 9007199254740992n }), [
    { path: 'spec.n', before: 9007199254740993n, after: 9007199254740992n },
  ]);
});

test('names with dots or slashes stand in brackets', () => {
  const labelled = (value: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'x', labels: { 'app.kubernetes.io/name': value } },
  });

  assert.deepEqual(diffObjects(labelled('a'), labelled('b')), [
    { path: 'metadata.labels[app.kubernetes.io/name]', before: 'a', after: 'b' },
  ]);
});

test('what the API server keeps for itself and our own bookkeeping are no changes', () => {
  const metadata = { name: 'x', annotations: { 'plumbline.dev/applied': 'a' } };
  const before: KubeObject = { apiVersion: 'v1', kind: 'Service', metadata };
  const after: KubeObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      ...metadata,
      annotations: { 'plumbline.dev/applied': 'b' },
      uid: 'u',
      resourceVersion: '7',
      generation: 2,
      creationTimestamp: '2026-11-21T12:00:00Z',
      managedFields: [{ manager: 'm', operation: 'Apply' }],
    },
    status: { loadBalancer: {} },
  };

  assert.deepEqual(diffObjects(before, after), []);
});

test('a field called status below spec is not the status', () => {
  assert.deepEqual(diffSpecs({ status: 'a' }, { status: 'b' }), [{ path: 'spec.status', before: 'a', after: 'b' }]);
});

test('what only the live object has stays when the other is what we declare', () => {
  const live = object({
    spec: {
      replicas: 3,
      env: [
        { name: 'A', value: '1' },
        { name: 'THEIRS', value: 'x' },
      ],
      defaulted: 1,
    },
  });
  const declared = object({ spec: { replicas: 2, env: [{ name: 'A', value: '1' }] } });

  assert.deepEqual(diffObjects(live, declared, { partial: true }), [{ path: 'spec.replicas', before: 3, after: 2 }]);
  assert.equal(diffObjects(live, declared).length, 4);
});

test('lists what a new object declares beside its identity', () => {
  const till: KubeObject = {
    apiVersion: 'shop.example/v1',
    kind: 'Till',
    metadata: { name: 'till', namespace: 'web', labels: { a: 'b' } },
    spec: { lanes: 2 },
  };

  assert.deepEqual(listFields(till), [
    { path: 'metadata.labels.a', after: 'b' },
    { path: 'spec.lanes', after: 2 },
  ]);
});

const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json>(null, true, 0, 1, '', 'a'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'env', 'ports', 'name'), tie('value'), { maxKeys: 3 }),
  ),
})).value;

test('an object does not differ from itself, and differing ones do', () => {
  fc.assert(
    fc.property(json, json, (before, after) => {
      const same = canonicalJson(before) === canonicalJson(after);

      assert.deepEqual(diffSpecs(before, before), []);
      assert.equal(diffSpecs(before, after).length === 0, same);
    }),
    { numRuns: 1000 },
  );
});
