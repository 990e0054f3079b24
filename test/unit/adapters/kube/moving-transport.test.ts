import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import { after, describe, test } from 'node:test';
import { KubeConnection } from '../../../../shared/adapters/kube/connection.ts';
import { MovingTransport } from '../../../../shared/adapters/kube/moving-transport.ts';
import type { ResourcePath } from '../../../../shared/job/ports.ts';
import { issueCertificate } from '../../../controlplane/assets/certificate.ts';

const PATH: ResourcePath = {
  kind: { group: '', kind: 'ConfigMap', versions: ['v1'], resource: 'configmaps', namespaced: true, verbs: [] },
  version: 'v1',
};
const REF = { group: '', kind: 'ConfigMap', namespace: 'web', name: 'flags' };
const AUTHORITY = issueCertificate({ commonName: 'authority' }, 'authority');

describe('a request that the old address of a cluster swallowed', () => {
  const servers: { stop: () => Promise<void> }[] = [];
  after(async () => {
    for (const { stop } of servers) await stop();
  });

  /** `received`: requests that arrived whole; `swallow`: they get no answer. */
  async function serve(swallow: boolean) {
    const { certificate, key } = issueCertificate({ commonName: 'kube-apiserver' }, 'server', AUTHORITY);
    const received: string[] = [];
    const server = createServer({ cert: certificate, key }, (request, response) => {
      received.push(`${request.method} ${request.url}`);
      if (swallow) response.destroy();
      else
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end('{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"flags","namespace":"web"}}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    servers.push({
      stop: async () => {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    });
    return { url: `https://127.0.0.1:${address.port}`, received };
  }

  async function connect(at?: string) {
    const [old, now] = [await serve(true), await serve(false)];
    const known = (server: string) => ({ server, certificateAuthority: AUTHORITY.certificate, readAtMs: 1 });
    const located = {
      credentials: { renewable: false, read: async () => ({ headers: {} }) },
      readEndpoint: async () => known(now.url),
    };
    const manner = { cluster: 'prod', userAgent: 'plumbline-test' };
    const transport = new MovingTransport(located, known(at ?? old.url), manner);
    return { old, now, connection: new KubeConnection(manner, transport) };
  }

  test('is sent again to the new one when that changes nothing more', async () => {
    const { old, now, connection } = await connect();

    const got = await connection.get(PATH, REF);
    await connection.close();

    assert.equal(got.ok, true);
    assert.ok(old.received.length > 0);
    assert.equal(now.received.length, 1);
  });

  test('is sent to the new one when nothing of it was sent, whatever it changes', async () => {
    const { now, connection } = await connect('https://gone.invalid');

    const patched = await connection.patch(PATH, REF, [{ op: 'remove', path: '/data/a' }], { fieldManager: 'm' });
    await connection.close();

    assert.equal(patched.ok, true);
    assert.equal(now.received.length, 1);
  });

  test('is not sent again when it may have been obeyed: a JSON patch', async () => {
    const { old, now, connection } = await connect();
    const patch = () => connection.patch(PATH, REF, [{ op: 'remove', path: '/data/a' }], { fieldManager: 'm' });

    await assert.rejects(patch(), /ClusterUnreachable|no answer from|closed/);
    const afterwards = [...now.received];
    await patch();
    await connection.close();

    assert.deepEqual([old.received.length, afterwards.length, now.received.length], [1, 0, 1]);
  });
});
