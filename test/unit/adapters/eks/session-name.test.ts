import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sessionNameOf } from '../../../../shared/adapters/eks/session-name.ts';

const ROLE = 'arn:aws:iam::210987654321:role/clusters';

test('a session has at most 64 characters that STS takes, and tells fleets and roles apart', () => {
  const long = 'a'.repeat(60);

  const names = [
    sessionNameOf('shop', ROLE),
    sessionNameOf('shop', `${ROLE}-2`),
    sessionNameOf(long, ROLE),
    sessionNameOf(`${long}b`, ROLE),
    sessionNameOf('a b/c', ROLE),
  ];

  assert.match(names[0] ?? '', /^plumbline-shop-[0-9a-f]{10}$/);
  for (const name of names) assert.match(name, /^[\w+=,.@-]{2,64}$/);
  assert.equal(new Set(names).size, names.length);
  assert.equal(sessionNameOf('shop', ROLE), names[0]);
});
