/** The adapter against a real API server: who may not, what is not there, what is too large, and nothing left behind. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createKubeconfigConnector } from '../../shared/adapters/kube/connect-kubeconfig.ts';
import type { ClusterConnection, ResourcePath } from '../../shared/job/ports.ts';
import { API_VERSION, clusterSchema } from '../../shared/model/declarations.ts';
import { isJsonObject } from '../../shared/model/json.ts';
import type { KubeObject } from '../../shared/model/kube-object.ts';
import { callApi } from '../controlplane/call-api.ts';
import { markRequests, requestsSince } from '../controlplane/request-log.ts';
import { sharedCluster } from '../controlplane/shared-cluster.ts';
import type { TestCluster } from '../controlplane/test-cluster.ts';

const CONFIG_MAPS: ResourcePath = {
  kind: { group: '', kind: 'ConfigMap', versions: ['v1'], resource: 'configmaps', namespaced: true, verbs: [] },
  version: 'v1',
};
const APPLY = { fieldManager: 'plumbline-e2e', force: false };
const CONNECTOR_PATH = join(import.meta.dirname, '../../shared/adapters/kube/connect-kubeconfig.ts');

describe('a cluster of a kubeconfig', () => {
  const namespace = `kube-adapter-${randomBytes(4).toString('hex')}`;
  const opened: ClusterConnection[] = [];
  let cluster: TestCluster;
  let folder: string;

  before(async () => {
    cluster = await sharedCluster();
    folder = await mkdtemp(join(tmpdir(), 'plumbline-kube-adapter-'));
    await callApi(cluster, { method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: namespace } } });
  });
  after(async () => {
    await Promise.all(opened.map((connection) => connection.close()));
    await callApi(cluster, { method: 'DELETE', path: `/api/v1/namespaces/${namespace}` });
    await rm(folder, { recursive: true });
  });

  async function connect(path: string, context: string, userAgent = 'plumbline-e2e'): Promise<ClusterConnection> {
    const connector = createKubeconfigConnector({ homeDirectory: folder, baseDirectory: folder });
    const declaration = clusterSchema.parse({
      apiVersion: API_VERSION,
      kind: 'Cluster',
      metadata: { name: 'prod-eu' },
      spec: { kubeconfig: { path, context } },
    });
    const connection = await connector.connect(declaration, { userAgent });
    opened.push(connection);
    return connection;
  }

  /** Connects as `user`, to our cluster unless `entry` says otherwise. */
  async function connectAs(user: object, entry: object = {}, userAgent?: string): Promise<ClusterConnection> {
    const path = join(folder, `${randomBytes(4).toString('hex')}.json`);
    const place = { server: cluster.server, 'certificate-authority': cluster.caFile, ...entry };
    await writeFile(
      path,
      JSON.stringify({
        clusters: [{ name: 'k', cluster: place }],
        users: [{ name: 'u', user }],
        contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
      }),
    );
    return await connect(path, 'c', userAgent);
  }

  const configMap = (name: string, data: Readonly<Record<string, string>> = {}, place = namespace): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: place },
    data,
  });

  it('is reached with a token and with a client certificate', async () => {
    for (const context of [cluster.context, cluster.certificateContext]) {
      const connection = await connect(cluster.kubeconfigPath, context);

      const result = await connection.apply(CONFIG_MAPS, configMap(context), APPLY);

      assert.equal(result.ok, true);
    }
  });

  it('is reached with what an exec plugin gives', async () => {
    const credential = JSON.stringify({ status: { token: cluster.token } });
    const connection = await connectAs({ exec: { command: 'echo', args: [credential] } });

    assert.equal((await connection.list(CONFIG_MAPS, { namespace })).ok, true);
  });

  it('is reached through a proxy that tunnels', async (t) => {
    let tunnels = 0;
    const proxy = createServer();
    proxy.on('connect', (request, client) => {
      tunnels += 1;
      const [host = '', port = ''] = (request.url ?? '').split(':');
      const upstream = connectSocket(Number(port), host, () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
      client.pipe(upstream).pipe(client);
      for (const socket of [client, upstream]) socket.on('error', () => socket.destroy());
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    t.after(() => proxy.close());
    const address = proxy.address();
    const port = typeof address === 'object' ? address?.port : '';
    const connection = await connectAs({ token: cluster.token }, { 'proxy-url': `http://127.0.0.1:${port}` });

    const result = await connection.list(CONFIG_MAPS, { namespace });
    await connection.close();

    assert.equal(result.ok, true);
    assert.equal(tunnels, 1);
  });

  it('refuses a wrong token, and the message does not show it', async () => {
    const connection = await connectAs({ token: 'wrong-token-1234' });

    await assert.rejects(connection.discover(), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'CredentialsExpired');
      assert.match(error.message, /^prod-eu: discover: https:.* does not accept the credentials \(HTTP 401\)/);
      assert.ok(!error.message.includes('wrong-token-1234'));
      return true;
    });
  });

  it('refuses a user without rights object by object, naming the right that is missing', async () => {
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts`;
    await callApi(cluster, { method: 'POST', path, body: { metadata: { name: 'nobody' } } });
    const { body } = await callApi(cluster, { method: 'POST', path: `${path}/nobody/token`, body: {} });
    assert.ok(isJsonObject(body) && isJsonObject(body.status));
    const connection = await connectAs({ token: body.status.token });

    const listed = await connection.list(CONFIG_MAPS, { namespace });
    const applied = await connection.apply(CONFIG_MAPS, configMap('forbidden'), APPLY);

    for (const result of [listed, applied]) {
      assert.ok(!result.ok);
      assert.deepEqual([result.refusal.status, result.refusal.reason], [403, 'Forbidden']);
      assert.match(result.refusal.message, /:nobody" cannot (list|patch) resource "configmaps"/);
    }
  });

  it('says what to check when nothing answers at its address', async () => {
    const refusing = await connectAs({}, { server: 'https://127.0.0.1:1' });
    const unknown = await connectAs({}, { server: 'https://plumbline.invalid' });

    await assert.rejects(refusing.discover(), /prod-eu: .*: https:\/\/127\.0\.0\.1:1 refuses connections; check that/);
    await assert.rejects(unknown.discover(), { code: 'ClusterUnreachable', message: /the name in .* is not known/ });
  });

  it('says what to check when the certificate is not trusted', async () => {
    const untrusting = await connectAs({ token: cluster.token }, { 'certificate-authority': undefined });
    const misnamed = await connectAs({ token: cluster.token }, { 'tls-server-name': 'other.example' });

    for (const connection of [untrusting, misnamed]) {
      await assert.rejects(connection.discover(), {
        code: 'ClusterUnreachable',
        message: /certificate .* is not trusted/,
      });
    }
  });

  it('refuses new content in a namespace that is being terminated', async () => {
    const ending = `${namespace}-ending`;
    const connection = await connect(cluster.kubeconfigPath, cluster.context);
    await callApi(cluster, { method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: ending } } });
    const held = configMap('held', {}, ending);
    const finalizers = ['plumbline.test/hold'];
    await connection.apply(CONFIG_MAPS, { ...held, metadata: { ...held.metadata, finalizers } }, APPLY);
    await callApi(cluster, { method: 'DELETE', path: `/api/v1/namespaces/${ending}` });

    const result = await connection.apply(CONFIG_MAPS, configMap('late', {}, ending), APPLY);
    const ref = { group: '', kind: 'ConfigMap', namespace: ending, name: 'held' };
    await connection.patch(CONFIG_MAPS, ref, [{ op: 'remove', path: '/metadata/finalizers' }], { fieldManager: 'x' });

    assert.ok(!result.ok);
    assert.equal(result.refusal.status, 403);
    assert.equal(result.refusal.causes[0]?.reason, 'NamespaceTerminating');
  });

  it('refuses an object of 5 MB, and goes on with the next', async () => {
    const connection = await connect(cluster.kubeconfigPath, cluster.context);

    const large = await connection.apply(CONFIG_MAPS, configMap('large', { text: 'x'.repeat(5_000_000) }), APPLY);
    const next = await connection.apply(CONFIG_MAPS, configMap('next'), APPLY);

    assert.ok(!large.ok);
    assert.deepEqual([large.refusal.status, large.refusal.reason], [413, 'RequestEntityTooLarge']);
    assert.equal(next.ok, true);
  });

  it('takes many writes at once, each a single request', async () => {
    const userAgent = `plumbline-e2e-${namespace}`;
    const connection = await connectAs({ token: cluster.token }, {}, userAgent);
    const mark = await markRequests(cluster);

    const results = await Promise.all(
      Array.from({ length: 100 }, (_, index) => connection.apply(CONFIG_MAPS, configMap(`many-${index}`), APPLY)),
    );
    const listed = await connection.list(CONFIG_MAPS, { namespace });

    assert.ok(results.every((result) => result.ok && result.value.created));
    assert.ok(listed.ok && listed.value.length >= 100);
    const requests = await requestsSince(cluster, mark, { userAgent });
    assert.deepEqual([requests.length, connection.requests], [101, 101]);
  });

  it('leaves no socket behind once it is closed, and the process ends by itself', {
    skip: !existsSync('/proc'),
  }, async () => {
    const spec = { kubeconfig: { path: cluster.kubeconfigPath, context: cluster.context } };
    const script = `
      import { readdirSync, readlinkSync } from 'node:fs';
      const { createKubeconfigConnector } = await import(${JSON.stringify(CONNECTOR_PATH)});
      const isSocket = (fd) => { try { return readlinkSync('/proc/self/fd/' + fd).startsWith('socket:'); } catch { return false; } };
      const sockets = () => readdirSync('/proc/self/fd').filter(isSocket).length;
      const before = sockets();
      const connector = createKubeconfigConnector({ homeDirectory: '/', baseDirectory: '/' });
      const declaration = { metadata: { name: 'a' }, spec: ${JSON.stringify(spec)} };
      const connection = await connector.connect(declaration, { userAgent: 'ends' });
      await Promise.all([connection.discover(), connection.kubernetesVersion()]);
      const during = sockets();
      await connection.close();
      await new Promise((resolve) => setTimeout(resolve, 50));
      process.stdout.write(JSON.stringify({ during: during - before, after: sockets() - before }));
    `;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });

    const [output, [code]] = await Promise.all([child.stdout.toArray(), once(child, 'exit')]);

    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(Buffer.concat(output).toString()), { during: 3, after: 0 });
  });

  it('says what to check when certificate and key cannot be used, and shows neither', async () => {
    const connection = await connectAs({ 'client-certificate': cluster.caFile, 'client-key-data': 'bm8ga2V5' });

    await assert.rejects(connection.discover(), {
      code: 'ConfigInvalid',
      message:
        /^prod-eu: connect: the certificate authority, client certificate or client key cannot be used \(ERR_[A-Z_0-9]+\); check/,
    });
  });
});
