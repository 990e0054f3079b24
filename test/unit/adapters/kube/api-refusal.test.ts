import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseRefusal } from '../../../../shared/adapters/kube/api-refusal.ts';

it('keeps reason, message and causes of a Status', () => {
  const status = {
    kind: 'Status',
    reason: 'Conflict',
    message: 'Apply failed',
    details: { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "x"', field: '.data.a' }] },
  };

  assert.deepEqual(parseRefusal(409, JSON.stringify(status)), {
    status: 409,
    reason: 'Conflict',
    message: 'Apply failed',
    causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "x"', field: '.data.a' }],
  });
});

it('makes the best of an answer that is no Status', () => {
  assert.deepEqual(parseRefusal(403, '<html>', 2_000), {
    status: 403,
    reason: 'Forbidden',
    message: '<html>',
    causes: [],
    retryAfterMs: 2_000,
  });
  assert.equal(parseRefusal(418, '').message, 'HTTP status 418');
});

it('blames the object for a field that no schema knows, although the API server calls it an internal error', () => {
  const unknown = {
    kind: 'Status',
    message: 'failed to create typed patch object (a/b; /v1, Kind=C): .x: not declared',
  };
  const broken = { kind: 'Status', message: 'failed calling webhook "x"' };

  assert.equal(parseRefusal(500, JSON.stringify(unknown)).status, 400);
  assert.equal(parseRefusal(500, JSON.stringify(broken)).status, 500);
});

it('blames the object for what etcd does not take, although the API server calls it an internal error', () => {
  const said = [
    'etcdserver: request is too large',
    'rpc error: code = ResourceExhausted desc = trying to send message larger than max (2098202 vs. 2097152)',
  ];

  for (const message of said) {
    const refusal = parseRefusal(500, JSON.stringify({ kind: 'Status', message, code: 500 }));

    assert.deepEqual([refusal.status, refusal.reason], [413, 'RequestEntityTooLarge']);
    assert.match(refusal.message, /etcd keeps at most 1\.5 MiB of an object \(.*larg/);
  }
});
