import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countFields } from '../../../shared/report/field-managers.ts';

test('counts the fields that each manager holds, most first', () => {
  const status = { 'f:status': { 'f:replicas': {} } };
  const spec = {
    'f:spec': { 'f:containers': { 'k:{"name":"app"}': { '.': {}, 'f:name': {}, 'f:image': {} } }, 'f:replicas': {} },
  };

  assert.deepEqual(
    countFields([
      { manager: 'kubelet', operation: 'Update', subresource: 'status', fieldsV1: status },
      { manager: 'plumbline-shop', operation: 'Apply', time: '2026-11-21T12:00:00Z', fieldsV1: spec },
      { manager: 'nobody', operation: 'Update' },
    ]),
    [
      { manager: 'plumbline-shop', operation: 'Apply', subresource: '', fields: 3, since: '2026-11-21T12:00:00Z' },
      { manager: 'kubelet', operation: 'Update', subresource: 'status', fields: 1 },
      { manager: 'nobody', operation: 'Update', subresource: '', fields: 0 },
    ],
  );
});
