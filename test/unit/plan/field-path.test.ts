import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type FieldPath,
  parsePathElement,
  parsePointer,
  pointerIn,
  pointerOf,
  printPath,
  printServerPath,
  resolvePath,
} from '../../../shared/plan/field-path.ts';

function path(...keys: readonly string[]): FieldPath {
  return keys.flatMap((key) => parsePathElement(key) ?? []);
}

const IMAGE = path('f:spec', 'f:containers', 'k:{"name":"app"}', 'f:image');
const PORT = path('f:spec', 'f:ports', 'k:{"protocol":"TCP","port":80}');

test('prints a path as people read it', () => {
  assert.equal(printPath(IMAGE), 'spec.containers[app].image');
  assert.equal(
    printPath(path('f:metadata', 'f:labels', 'f:app.kubernetes.io/name')),
    'metadata.labels[app.kubernetes.io/name]',
  );
  assert.equal(printPath(path('f:spec', 'f:tags', 'v:"a"')), 'spec.tags[a]');
});

test('prints a path as the API server does in the causes of a conflict', () => {
  assert.equal(printServerPath(IMAGE), '.spec.containers[name="app"].image');
  assert.equal(printServerPath(PORT), '.spec.ports[port=80,protocol="TCP"]');
  assert.equal(
    printServerPath(path('f:metadata', 'f:labels', 'f:app.kubernetes.io/name')),
    '.metadata.labels.app.kubernetes.io/name',
  );
  assert.equal(printServerPath(path('f:spec', 'f:tags', 'v:"a"')), '.spec.tags[="a"]');
});

test('finds list items by key, whatever their position', () => {
  const object = { spec: { containers: [{ name: 'mesh' }, { name: 'app', image: 'x' }] } };

  assert.deepEqual(resolvePath(object, IMAGE), { value: 'x', segments: ['spec', 'containers', '1', 'image'] });
});

test('finds a rendered item that leaves a defaulted key away, and prefers the one that has it', () => {
  const tcpByDefault = { spec: { ports: [{ port: 53, protocol: 'UDP' }, { port: 80 }] } };
  const both = { spec: { ports: [{ port: 80 }, { port: 80, protocol: 'TCP' }] } };

  assert.deepEqual(resolvePath(tcpByDefault, PORT)?.segments, ['spec', 'ports', '1']);
  assert.deepEqual(resolvePath(both, PORT)?.segments, ['spec', 'ports', '1']);
});

test('a path that leads nowhere has no value', () => {
  assert.equal(resolvePath({ spec: {} }, IMAGE), undefined);
  assert.equal(resolvePath({ spec: { containers: 'text' } }, IMAGE), undefined);
});

test('pointers escape slashes and tildes and come back', () => {
  const segments = ['metadata', 'annotations', 'a/b~c'];

  assert.equal(pointerOf(segments), '/metadata/annotations/a~1b~0c');
  assert.deepEqual(parsePointer(pointerOf(segments)), segments);
});

test('a pointer to an item that is nowhere takes the form of ignore rules', () => {
  assert.equal(pointerIn({ spec: { containers: [] } }, IMAGE), '/spec/containers/*/image');
});
