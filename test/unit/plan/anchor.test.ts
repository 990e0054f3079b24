import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PlumblineError } from '../../../shared/errors.ts';
import { anchorObject, readAnchor } from '../../../shared/plan/anchor.ts';
import { configMap } from './samples.ts';

const ANCHOR = {
  fleet: 'demo',
  clusterUid: 'uid',
  fence: 7,
  writer: 'nonce',
  generation: 12,
  suspensions: [{ name: 'web', by: 'ana', atMs: 5 }],
  approvals: [{ guard: 'prune-limit', application: 'api', digest: '4f9c2e1', covers: ['uid-1'], by: 'bo', atMs: 6 }],
} as const;

test('what is written is read again', () => {
  assert.deepEqual(readAnchor(anchorObject(ANCHOR)), ANCHOR);
});

test('a bare name in the suspensions counts, by nobody knows whom', () => {
  const object = anchorObject(ANCHOR);
  const byHand = { ...object, data: { ...Object(object.data), suspensions: '["web"]' } };

  assert.deepEqual(readAnchor(byHand)?.suspensions, [{ name: 'web' }]);
});

test('a resource version makes the write conditional', () => {
  assert.equal(anchorObject(ANCHOR, '42').metadata.resourceVersion, '42');
  assert.equal('resourceVersion' in anchorObject(ANCHOR).metadata, false);
});

test('another ConfigMap is no anchor', () => {
  const object = anchorObject(ANCHOR);

  assert.equal(readAnchor(configMap('flags')), undefined);
  assert.equal(readAnchor({ ...object, metadata: { ...object.metadata, namespace: 'web' } }), undefined);
  assert.equal(readAnchor({ ...object, metadata: { ...object.metadata, name: 'plumbline-other' } }), undefined);
});

for (const [what, data] of [
  ['a fence that is no number', { fence: 'seven' }],
  ['a negative fence', { fence: '-1' }],
  ['no fence', { fence: undefined }],
  ['suspensions that are no JSON', { suspensions: '[web' }],
  ['suspensions that are no names', { suspensions: '[1]' }],
  ['suspensions that are no list', { suspensions: '"web"' }],
  ['approvals of no guard', { approvals: '[{"guard": "any"}]' }],
  ['no cluster', { clusterUid: '' }],
] as const) {
  test(`an anchor with ${what} is an error: guessing could let a stale writer in`, () => {
    const object = anchorObject(ANCHOR);
    const content: object = { ...Object(object.data), ...data };
    const broken = { ...object, data: JSON.parse(JSON.stringify(content)) };

    assert.throws(
      () => readAnchor(broken),
      (error) =>
        error instanceof PlumblineError &&
        error.message.startsWith('ConfigMap/plumbline-system/plumbline-demo: read the anchor: data.'),
    );
  });
}
