import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { buildControlPlane } from '../build.ts';
import { callApi } from '../call-api.ts';
import { eventually } from '../eventually.ts';
import { uidOf } from '../fixtures/create.ts';
import { holdCluster, processesOf } from '../fixtures/held-cluster.ts';
import { temporaryDir } from '../fixtures/temporary-dir.ts';
import { startCluster } from '../start-cluster.ts';

describe("a user's own binaries (KUBEBUILDER_ASSETS)", () => {
  test('serve as a cluster, with their controllers if they are there', async () => {
    const assetsDir = await makeAssets(['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler']);
    const cluster = await startCluster({ assetsDir, name: 'own' });

    const config = new KubeConfig();
    config.loadFromFile(cluster.kubeconfigPath);
    config.setCurrentContext(cluster.certificateContext);
    const { metadata } = await config.makeApiClient(CoreV1Api).readNamespace({ name: 'default' });
    const account = await eventually(
      () => callApi(cluster, { path: '/api/v1/namespaces/default/serviceaccounts/default' }),
      ({ status }) => status === 200,
    );
    await cluster.stop();

    assert.equal(metadata?.name, 'default');
    assert.equal(account.status, 200);
    assert.equal(cluster.nodes, 0);
    assert.equal(existsSync(cluster.dataDir), false);
  });

  test('serve without controllers, come back from a data directory, and end with the process that started them', async () => {
    const assetsDir = await makeAssets(['etcd', 'kube-apiserver']);
    const dataDir = await temporaryDir();
    const first = await startCluster({ assetsDir, dataDir });
    const uid = await uidOf(first);
    await first.stop();

    const { parent, line } = await holdCluster('own', { KUBEBUILDER_ASSETS: assetsDir });
    const second = await startCluster({ assetsDir, dataDir });
    const uidAfterwards = await uidOf(first);
    await second.stop();
    parent.kill('SIGKILL');

    assert.equal(uidAfterwards, uid);
    await eventually(
      () => processesOf(line),
      (left) => left.length === 0,
    );
    assert.equal(existsSync(line.dataDir), false);
  });
});

/** Makes a directory like envtest's: here each binary is a script that runs that part of our own. */
async function makeAssets(names: readonly string[]): Promise<string> {
  const directory = await temporaryDir();
  const binary = await buildControlPlane();
  for (const name of names) {
    await writeFile(join(directory, name), `#!/bin/sh\nexec '${binary}' ${name} "$@"\n`);
    await chmod(join(directory, name), 0o755);
  }
  return directory;
}
