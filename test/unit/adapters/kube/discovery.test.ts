import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connectTo, type Script, startScriptedServer } from './scripted-api-server.ts';

const AGGREGATED = { 'content-type': 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' };

function resource(kind: string, name: string) {
  return { resource: name, responseKind: { group: '', version: '', kind }, scope: 'Cluster', verbs: ['list'] };
}

function byPath(answers: Readonly<Record<string, ReturnType<Script>>>): Script {
  return (request) => answers[request.url ?? ''] ?? { status: 404 };
}

describe('discovery', () => {
  it('joins the versions of a kind in the order of preference, and tells stale groups', async (t) => {
    const server = await startScriptedServer(
      t,
      byPath({
        '/api': { headers: AGGREGATED, body: { items: [] } },
        '/apis': {
          headers: AGGREGATED,
          body: {
            items: [
              {
                metadata: { name: 'shop.example' },
                versions: [
                  { version: 'v2', freshness: 'Current', resources: [resource('Cart', 'carts')] },
                  {
                    version: 'v1',
                    freshness: 'Current',
                    resources: [resource('Cart', 'carts'), resource('Till', 'tills')],
                  },
                ],
              },
              { metadata: { name: 'metrics.example' }, versions: [{ version: 'v1', freshness: 'Stale' }] },
            ],
          },
        },
      }),
    );

    const { kinds, staleGroups } = await connectTo(t, server.url).discover();

    assert.deepEqual(kinds, [
      {
        group: 'shop.example',
        kind: 'Cart',
        resource: 'carts',
        namespaced: false,
        verbs: ['list'],
        versions: ['v2', 'v1'],
      },
      { group: 'shop.example', kind: 'Till', resource: 'tills', namespaced: false, verbs: ['list'], versions: ['v1'] },
    ]);
    assert.deepEqual(staleGroups, ['metrics.example']);
  });

  it('asks group by group where the server does not aggregate', async (t) => {
    const server = await startScriptedServer(
      t,
      byPath({
        '/api': { body: { kind: 'APIVersions', versions: ['v1'] } },
        '/api/v1': {
          body: {
            resources: [
              { name: 'pods', kind: 'Pod', namespaced: true, verbs: ['get', 'list'] },
              { name: 'pods/log', kind: 'Pod', namespaced: true, verbs: ['get'] },
            ],
          },
        },
        '/apis': {
          body: {
            kind: 'APIGroupList',
            groups: [
              {
                name: 'shop.example',
                versions: [{ groupVersion: 'shop.example/v1' }, { groupVersion: 'shop.example/v2' }],
                preferredVersion: { groupVersion: 'shop.example/v2' },
              },
              { name: 'gone.example', versions: [{ groupVersion: 'gone.example/v1' }] },
            ],
          },
        },
        '/apis/shop.example/v1': {
          body: { resources: [{ name: 'carts', kind: 'Cart', namespaced: true, verbs: ['list'] }] },
        },
        '/apis/shop.example/v2': {
          body: { resources: [{ name: 'carts', kind: 'Cart', namespaced: true, verbs: ['list'] }] },
        },
      }),
    );

    const { kinds, staleGroups } = await connectTo(t, server.url).discover();

    assert.deepEqual(kinds, [
      { group: '', kind: 'Pod', resource: 'pods', namespaced: true, verbs: ['get', 'list'], versions: ['v1'] },
      {
        group: 'shop.example',
        kind: 'Cart',
        resource: 'carts',
        namespaced: true,
        verbs: ['list'],
        versions: ['v2', 'v1'],
      },
    ]);
    assert.deepEqual(staleGroups, ['gone.example']);
  });

  for (const [name, answer] of Object.entries({
    'a refusal': { status: 403, body: { kind: 'Status', reason: 'Forbidden', message: 'no' } },
    'an answer of another shape': { body: { kind: 'APIGroupList' } },
    'an aggregated answer without items': { headers: AGGREGATED, body: {} },
  })) {
    it(`is an error and never empty after ${name}`, async (t) => {
      const server = await startScriptedServer(
        t,
        byPath({ '/api': answer, '/apis': { headers: AGGREGATED, body: { items: [] } } }),
      );

      await assert.rejects(connectTo(t, server.url).discover(), /prod-eu: discover \/api: /);
    });
  }

  it('is tried again after it failed', async (t) => {
    let refusing = true;
    const server = await startScriptedServer(t, () =>
      refusing ? { status: 403 } : { headers: AGGREGATED, body: { items: [] } },
    );
    const connection = connectTo(t, server.url);

    await assert.rejects(connection.discover());
    refusing = false;

    assert.deepEqual(await connection.discover(), { kinds: [], staleGroups: [] });
  });
});
