import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Access } from '../../../../shared/job/ports.ts';
import { findForbidden, keyOf, type NamedAccess } from '../../../../shared/job/reconcile/find-forbidden.ts';
import { createGrantMemory } from '../../../../shared/job/reconcile/grant-memory.ts';

const write = (resource: string, namespace: string, name: string): NamedAccess => ({
  ...{ verb: 'patch', group: '', resource, namespace, name },
});
const WANTED = [
  ...[1, 2, 3].map((index) => write('configmaps', 'web', `flags-${index}`)),
  write('secrets', 'web', 'token'),
  write('configmaps', 'api', 'routes'),
];

/** An API server that grants what `allows` says, and what it was asked. */
function server(allows: (access: Access) => boolean) {
  const asked: string[] = [];
  const ask = async (access: Access) => {
    asked.push(keyOf(access));
    return { ok: true as const, value: allows(access), warnings: [] };
  };
  return { ask, asked };
}

async function forbidden(
  { ask }: ReturnType<typeof server>,
  wanted: readonly NamedAccess[],
  memory = createGrantMemory(),
) {
  const found = await findForbidden({ ask, granted: memory.of('someone', 0), concurrency: 4 }, wanted);
  assert.ok(found.ok);
  return [...found.forbidden].map(({ name }) => name);
}

describe('the search for what may not be done', () => {
  it('is one question where everything is allowed', async () => {
    const all = server(() => true);

    assert.deepEqual(await forbidden(all, WANTED), []);
    assert.deepEqual(all.asked, ['*/*/*/']);
  });

  it('is one more for each kind and verb where a role holds in the whole cluster', async () => {
    const wide = server(({ verb }) => verb !== '*');

    assert.deepEqual(await forbidden(wide, WANTED), []);
    assert.deepEqual(wide.asked, ['*/*/*/', 'patch//configmaps/', 'patch//secrets/']);
  });

  it('asks for namespaces, then for names, only where the wider answer was no', async () => {
    const narrow = server(({ resource, namespace, name }) =>
      resource === 'configmaps' ? namespace === 'web' : name === 'token',
    );

    assert.deepEqual(await forbidden(narrow, WANTED), ['routes']);
    assert.deepEqual(narrow.asked.slice(3), [
      ...['patch//configmaps/web', 'patch//secrets/web', 'patch//configmaps/api'],
      ...['patch//secrets/web/token', 'patch//configmaps/api/routes'],
    ]);
  });

  it('leaves it to the writes where many names would have to be asked for', async () => {
    const none = server(() => false);
    const many = Array.from({ length: 21 }, (_, index) => write('configmaps', 'web', `flags-${index}`));

    assert.deepEqual(await forbidden(none, [...many, write('secrets', 'web', 'token')]), ['token']);
    assert.equal(none.asked.length, 6);
  });

  it('asks for nothing that was granted lately, and again for what was not', async () => {
    const memory = createGrantMemory();
    const some = server(({ resource, namespace }) => resource === 'configmaps' && namespace !== '');
    await forbidden(some, WANTED, memory);
    some.asked.splice(0);

    await forbidden(some, WANTED, memory);

    assert.deepEqual(some.asked, [
      ...['*/*/*/', 'patch//configmaps/', 'patch//secrets/'],
      ...['patch//secrets/web', 'patch//secrets/web/token'],
    ]);
  });

  it('ends where the question itself is refused', async () => {
    const refusal = { status: 403, reason: 'Forbidden', message: 'cannot impersonate', causes: [] };
    const ask = async () => ({ ok: false as const, refusal });

    const found = await findForbidden({ ask, granted: createGrantMemory().of('someone', 0), concurrency: 4 }, WANTED);

    assert.deepEqual(found, { ok: false, refusal });
  });
});

describe('the memory of what was granted', () => {
  const access: Access = { verb: 'patch', group: '', resource: 'configmaps', namespace: 'web' };

  it('is of one holder and of 5 minutes', () => {
    const memory = createGrantMemory();
    memory.of('one', 0).add(access);

    assert.equal(memory.of('one', 299_999).has(access), true);
    assert.equal(memory.of('one', 300_000).has(access), false);
    assert.equal(memory.of('other', 0).has(access), false);
    assert.equal(memory.of('one', 0).has({ ...access, name: 'flags' }), false);
  });
});
