import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { PlumblineError } from '../../../../shared/errors.ts';
import type { ResourcePath } from '../../../../shared/job/ports.ts';
import { connectTo, type Script, startScriptedServer, TOKEN } from './scripted-api-server.ts';

const CONFIG_MAPS: ResourcePath = {
  kind: { group: '', kind: 'ConfigMap', versions: ['v1'], resource: 'configmaps', namespaced: true, verbs: ['list'] },
  version: 'v1',
};
const REF = { group: '', kind: 'ConfigMap', namespace: 'web', name: 'flags' };
const OBJECT = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'flags', namespace: 'web' } };
const APPLY = { fieldManager: 'p', force: false };

/** Answers request `n` with `answers[n]`, the last one for all that follow. */
function inTurn(...answers: readonly ReturnType<Script>[]): Script {
  return (_request, index) => answers[Math.min(index, answers.length - 1)] ?? {};
}

describe('a request that is turned away', () => {
  it('is sent again after Retry-After', async (t) => {
    const busy = { status: 429, headers: { 'retry-after': '0' } };
    const server = await startScriptedServer(t, inTurn(busy, busy, { body: OBJECT }));

    const result = await connectTo(t, server.url).apply(CONFIG_MAPS, OBJECT, APPLY);

    assert.equal(result.ok, true);
    assert.equal(server.received.length, 3);
  });

  it('ends as Throttled when the server keeps turning it away', async (t) => {
    const server = await startScriptedServer(t, inTurn({ status: 503, headers: { 'retry-after': '0' } }));

    await assert.rejects(connectTo(t, server.url).get(CONFIG_MAPS, REF), { code: 'Throttled' });

    assert.equal(server.received.length, 4);
  });

  it('ends as Throttled at once when the wait is longer than a run has', async (t) => {
    const server = await startScriptedServer(t, inTurn({ status: 429, headers: { 'retry-after': '3600' } }));

    await assert.rejects(
      connectTo(t, server.url).get(CONFIG_MAPS, REF),
      /prod-eu: get ConfigMap\/web\/flags: .* wait 3600 s/,
    );

    assert.equal(server.received.length, 1);
  });

  it('is answered by the refusal when an aggregated server stays away', async (t) => {
    const server = await startScriptedServer(t, inTurn({ status: 503, body: 'service unavailable' }));

    const result = await connectTo(t, server.url).get(CONFIG_MAPS, REF);

    assert.ok(!result.ok);
    assert.deepEqual([result.refusal.status, result.refusal.message], [503, 'service unavailable']);
  });

  it('is not sent again when it may have been carried out and is no repetition', async (t) => {
    const server = await startScriptedServer(t, inTurn({ status: 504 }));

    const result = await connectTo(t, server.url).patch(CONFIG_MAPS, REF, [], { fieldManager: 'p' });

    assert.equal(result.ok, false);
    assert.equal(server.received.length, 1);
  });
});

describe('a broken connection', () => {
  it('is replaced, and the request sent again', async (t) => {
    const server = await startScriptedServer(t, inTurn({ hangUp: true }, { body: OBJECT }));

    const result = await connectTo(t, server.url).apply(CONFIG_MAPS, OBJECT, APPLY);

    assert.equal(result.ok, true);
    assert.equal(server.received.length, 2);
  });

  it('is unreachable when it stays broken', async (t) => {
    const server = await startScriptedServer(t, inTurn({ hangUp: true }));

    await assert.rejects(connectTo(t, server.url).get(CONFIG_MAPS, REF), { code: 'ClusterUnreachable' });
  });

  it('does not send a JSON patch twice', async (t) => {
    const server = await startScriptedServer(t, inTurn({ hangUp: true }));

    const patch = connectTo(t, server.url).patch(CONFIG_MAPS, REF, [], { fieldManager: 'p' });

    await assert.rejects(patch, { code: 'ClusterUnreachable' });
    assert.equal(server.received.length, 1);
  });
});

describe('refused credentials', () => {
  it('are renewed once for all requests that were refused together', async (t) => {
    let reads = 0;
    const server = await startScriptedServer(t, (request) =>
      request.headers.authorization === 'Bearer new' ? { body: OBJECT } : { status: 401 },
    );
    const connection = connectTo(t, server.url, {
      renewable: true,
      read: async ({ fresh }) => {
        reads += 1;
        return { headers: { authorization: fresh ? 'Bearer new' : 'Bearer old' } };
      },
    });

    const results = await Promise.all([1, 2, 3, 4].map(() => connection.get(CONFIG_MAPS, REF)));

    assert.deepEqual(
      results.map(({ ok }) => ok),
      [true, true, true, true],
    );
    assert.equal(reads, 2);
  });

  it('end the run when renewing does not help, without showing the token', async (t) => {
    const server = await startScriptedServer(t, inTurn({ status: 401 }));
    const connection = connectTo(t, server.url, {
      renewable: true,
      read: async () => ({ headers: { authorization: `Bearer ${TOKEN}` } }),
    });

    await assert.rejects(connection.get(CONFIG_MAPS, REF), (error) => {
      assert.ok(error instanceof PlumblineError);
      assert.equal(error.code, 'CredentialsExpired');
      assert.ok(!error.message.includes(TOKEN));
      return true;
    });
    assert.equal(server.received.length, 2);
  });
});

describe('a list', () => {
  const page = (names: readonly string[], next?: string) => ({
    body: { metadata: { continue: next }, items: names.map((name) => ({ metadata: { name } })) },
  });
  const namesOf = async (connection: ReturnType<typeof connectTo>) => {
    const result = await connection.list(CONFIG_MAPS, { labelSelector: 'a=b' });
    assert.ok(result.ok);
    return result.value.map(({ metadata }) => metadata.name);
  };

  it('is read page by page where the server pages', async (t) => {
    const server = await startScriptedServer(t, inTurn(page(['a'], 'next/1'), page(['b'])));

    const names = await namesOf(connectTo(t, server.url));

    assert.deepEqual(names, ['a', 'b']);
    assert.equal(server.received[1]?.url, '/api/v1/configmaps?labelSelector=a%3Db&continue=next%2F1');
  });

  it('starts over when the next page has expired', async (t) => {
    const server = await startScriptedServer(
      t,
      inTurn(page(['a'], 'x'), { status: 410 }, page(['b'], 'y'), page(['c'])),
    );

    const names = await namesOf(connectTo(t, server.url));

    assert.deepEqual(names, ['b', 'c']);
  });

  it('is refused when its pages keep expiring', async (t) => {
    const server = await startScriptedServer(t, ({ url }) =>
      url?.includes('continue') ? { status: 410 } : page(['a'], 'x'),
    );

    const result = await connectTo(t, server.url).list(CONFIG_MAPS, {});

    assert.ok(!result.ok);
    assert.equal(result.refusal.status, 410);
  });

  it('is unzipped, and null means empty', async (t) => {
    const server = await startScriptedServer(t, (request) => {
      assert.equal(request.headers['accept-encoding'], 'gzip');
      return { headers: { 'content-encoding': 'gzip' }, body: gzipSync(JSON.stringify({ items: null })) };
    });

    assert.deepEqual(await namesOf(connectTo(t, server.url)), []);
  });

  it('is an error, never empty, when something else answers', async (t) => {
    const server = await startScriptedServer(
      t,
      inTurn({ headers: { 'content-type': 'text/html' }, body: '<h1>Log in</h1>' }),
    );

    await assert.rejects(namesOf(connectTo(t, server.url)), /prod-eu: list ConfigMap: the answer is no JSON/);
  });
});

describe('a connection', () => {
  it('names itself on every request and keeps to the path of its address', async (t) => {
    const server = await startScriptedServer(t, inTurn({ body: OBJECT }));

    await connectTo(t, new URL('/k8s/clusters/c-1/', server.url)).apply(CONFIG_MAPS, OBJECT, APPLY);

    const [request] = server.received;
    assert.equal(request?.headers['user-agent'], 'plumbline-test/1');
    assert.equal(request.headers['content-type'], 'application/apply-patch+yaml');
    assert.equal(
      request.url,
      '/k8s/clusters/c-1/api/v1/namespaces/web/configmaps/flags?fieldManager=p&fieldValidation=Strict',
    );
  });

  it('leaves no socket open when it is closed, and fails what is under way', async (t) => {
    const server = await startScriptedServer(
      t,
      inTurn({ body: OBJECT }, { status: 429, headers: { 'retry-after': '5' } }),
    );
    const connection = connectTo(t, server.url);
    await connection.get(CONFIG_MAPS, REF);

    const waiting = assert.rejects(connection.get(CONFIG_MAPS, REF), { code: 'ClusterUnreachable' });
    while (server.received.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await connection.close();
    await waiting;

    for (let tries = 0; tries < 200 && (await server.sockets()) > 0; tries += 1) await setTimeout(10);
    assert.equal(await server.sockets(), 0);
    assert.equal(connection.requests, 2);
  });

  it('opens nothing for a request that was still waiting for credentials when it was closed', async (t) => {
    const server = await startScriptedServer(t, inTurn({ body: OBJECT }));
    const { promise: late, resolve: grant } = Promise.withResolvers<{ headers: Record<string, string> }>();
    const connection = connectTo(t, server.url, { renewable: false, read: () => late });

    const waiting = assert.rejects(connection.get(CONFIG_MAPS, REF), { code: 'ClusterUnreachable' });
    await connection.close();
    grant({ headers: {} });
    await waiting;

    assert.equal(server.received.length, 0);
  });

  it('refuses a body that the API server would not take, without sending it', async (t) => {
    const server = await startScriptedServer(t, inTurn({ body: OBJECT }));
    const large = { ...OBJECT, data: { text: 'x'.repeat(3 * 1_024 * 1_024) } };

    const result = await connectTo(t, server.url).apply(CONFIG_MAPS, large, APPLY);

    assert.ok(!result.ok);
    assert.equal(result.refusal.status, 413);
    assert.equal(server.received.length, 0);
  });
});
