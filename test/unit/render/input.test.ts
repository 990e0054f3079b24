import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeInput, encodeInput, type RenderInput } from '../../../shared/render/input.ts';

const INPUT: RenderInput = {
  subject: 'web in prod',
  inputDigest: 'abc',
  settings: {
    kind: 'helm',
    releaseName: 'web',
    namespace: 'ns',
    valuesFiles: ['v.yaml'],
    values: { big: 9007199254740993n, text: 'é' },
    includeCRDs: true,
  },
  renderer: 'helm v4.2.3',
  path: 'charts/web',
  files: new Map([
    ['charts/web/binary', Uint8Array.from([0, 255, 10, 0])],
    ['charts/web/empty', new Uint8Array()],
    ['charts/wéb/text', new TextEncoder().encode('😀')],
  ]),
  links: new Map([['charts/web/link', '../x']]),
  facts: { kubernetesVersion: 'v1.36.3', apiVersions: ['v1'] },
};

test('comes out of its bytes as it went in', () => {
  assert.deepEqual(decodeInput(encodeInput(INPUT)), INPUT);
});

test('is read from bytes that stand in the middle of a larger buffer', () => {
  const bytes = encodeInput(INPUT);
  const larger = new Uint8Array(bytes.length + 7);
  larger.set(bytes, 7);

  assert.deepEqual(decodeInput(larger.subarray(7)), INPUT);
});

test('refuses bytes that are cut off', () => {
  const bytes = encodeInput(INPUT);

  assert.throws(() => decodeInput(bytes.subarray(0, bytes.length - 1)), /cut off/);
});
