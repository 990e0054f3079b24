import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { callApi } from './call-api.ts';
import { eventually } from './eventually.ts';
import { uidOf } from './fixtures/create.ts';
import { holdCluster, processesOf } from './fixtures/held-cluster.ts';
import { temporaryDir } from './fixtures/temporary-dir.ts';
import { startCluster, stopCluster } from './start-cluster.ts';
import type { TestCluster } from './test-cluster.ts';

describe('a cluster without controllers', () => {
  const nobody = { user: 'nobody', token: 'no-rights' };
  let dataDir: string;
  let cluster: TestCluster;

  before(async () => {
    dataDir = await temporaryDir();
    cluster = await startCluster({ controllers: false, dataDir, tokens: [nobody] });
  });
  after(() => stopCluster(cluster));

  test('is Kubernetes 1.36', async () => {
    const { body } = await callApi(cluster, { path: '/version' });

    assert.match(JSON.stringify(body), /"gitVersion":"v1\.36\.\d+"/);
    assert.match(cluster.version, /^v1\.36\.\d+$/);
  });

  test('knows the administrator by a client certificate too', async () => {
    const config = new KubeConfig();
    config.loadFromFile(cluster.kubeconfigPath);
    config.setCurrentContext(cluster.certificateContext);

    const { metadata } = await config.makeApiClient(CoreV1Api).readNamespace({ name: 'kube-system' });

    assert.ok(metadata?.uid);
    assert.equal(config.getCurrentUser()?.token, undefined);
  });

  test('stands beside another one, which leaves nothing behind', async () => {
    const other = await startCluster({ controllers: false, name: 'other' });

    const uids = await Promise.all([cluster, other].map(uidOf));
    await stopCluster(other);

    assert.equal(new Set(uids).size, 2);
    assert.equal(existsSync(other.dataDir), false);
  });

  test('gives further users no rights', async () => {
    const asNobody = await callApi({ ...cluster, token: nobody.token }, { path: '/api/v1/namespaces' });
    const asStranger = await callApi({ ...cluster, token: 'unheard-of' }, { path: '/api/v1/namespaces' });

    assert.deepEqual([asNobody.status, asStranger.status], [403, 401]);
  });

  test('shares its data directory with no other', async () => {
    const start = startCluster({ controllers: false, dataDir });

    await assert.rejects(start, /another control plane is running with this data directory/);
  });

  test('comes back from its data directory with its objects, on the same port, for the same kubeconfig', async () => {
    const before = cluster;
    const uid = await uidOf(before);
    await before.stop();
    await assert.rejects(uidOf(before));

    cluster = await startCluster({ controllers: false, dataDir });

    assert.equal(await uidOf(before), uid);
    assert.deepEqual([cluster.server, cluster.token], [before.server, before.token]);
  });

  test('says why it does not start', async () => {
    const start = startCluster({ controllers: false, apiserverFlags: ['--no-such-flag=1'] });

    await assert.rejects(start, /unknown flag: --no-such-flag/);
  });
});

describe('nothing is left behind', () => {
  test('when the process that started the cluster is killed', async () => {
    const { parent, line } = await holdCluster('orphaned');
    assert.ok((await processesOf(line)).length >= 3);

    parent.kill('SIGKILL');

    await eventually(
      () => processesOf(line),
      (left) => left.length === 0,
    );
    assert.equal(existsSync(line.dataDir), false);
  });

  test('when the control plane is killed: its children end, and the next start removes its directory', async (t) => {
    const { parent, line } = await holdCluster('killed');
    t.after(() => parent.kill('SIGKILL'));

    process.kill(line.pid, 'SIGKILL');

    await eventually(
      () => processesOf(line),
      (left) => left.length === 0,
    );
    await stopCluster(await startCluster({ controllers: false }));
    // Starts of other tests look after directories too; one of them may be at it.
    await eventually(
      async () => existsSync(line.dataDir),
      (exists) => !exists,
    );
  });
});
