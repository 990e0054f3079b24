import assert from 'node:assert/strict';
import { it } from 'node:test';
import { formatJsonBody } from '../../../../shared/adapters/kube/json-body.ts';

const HALF = '\ud83d';

it('escapes what the API server cannot read raw, and leaves everything else as it is', () => {
  const body = formatJsonBody({ '\u0085': 'é 😀 \u007f \u2028 \uffff' });

  assert.deepEqual(body, { ok: true, text: '{"\\u0085":"é 😀 \\u007f \\u2028 \\uffff"}' });
});

it('writes integers beyond 2^53 as they are', () => {
  assert.deepEqual(formatJsonBody({ n: 9_007_199_254_740_993n }), { ok: true, text: '{"n":9007199254740993}' });
});

it('finds half of a surrogate pair, in keys too, and is not misled by text that looks like its escape', () => {
  assert.deepEqual(formatJsonBody({ a: [`x${HALF}`] }), { ok: false, loneSurrogate: 'd83d' });
  assert.deepEqual(formatJsonBody({ [HALF]: 1 }), { ok: false, loneSurrogate: 'd83d' });
  assert.deepEqual(formatJsonBody({ a: `\\${HALF}` }), { ok: false, loneSurrogate: 'd83d' });
  assert.deepEqual(formatJsonBody('\\ud83d'), { ok: true, text: '"\\\\ud83d"' });
});
