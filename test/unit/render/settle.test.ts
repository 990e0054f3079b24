import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settleObject } from '../../../shared/render/settle.ts';

test('drops null fields at every depth, keeps nulls in lists and everything that is merely empty', () => {
  const object = {
    a: null,
    b: { c: null, d: {}, e: [], f: '', g: 0, h: false },
    i: [{ j: null, k: 1 }, null],
    metadata: { creationTimestamp: null, name: 'x' },
  };

  assert.deepEqual(settleObject(object), {
    b: { d: {}, e: [], f: '', g: 0, h: false },
    i: [{ k: 1 }, null],
    metadata: { name: 'x' },
  });
});

test("turns a Secret's stringData into data, in UTF-8, over what data says", () => {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    data: { a: 'b2xk', b: 'Yg==' },
    stringData: { a: 'new', c: 'é😀', gone: null },
  };

  assert.deepEqual(settleObject(secret), {
    apiVersion: 'v1',
    kind: 'Secret',
    data: { a: 'bmV3', b: 'Yg==', c: 'w6nwn5iA' },
  });
});

test('leaves stringData of other kinds alone', () => {
  const other = { apiVersion: 'example.com/v1', kind: 'Secret', stringData: { a: 'b' } };

  assert.equal(settleObject(other), other);
});

test('gives back the same object when there is nothing to settle', () => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', data: { a: 'b' }, list: [{ a: [1, 2] }] };

  assert.equal(settleObject(object), object);
});

test('settles twice to the same', () => {
  const once = settleObject({ apiVersion: 'v1', kind: 'Secret', stringData: { a: 'b' }, x: { y: null } });

  assert.equal(settleObject(once), once);
});
