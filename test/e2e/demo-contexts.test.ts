/** The demo in clusters of the person who tries it: everything works there, and nothing of it stays. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { callApi } from '../controlplane/call-api.ts';
import { podsDoNotRun, sharedCluster } from '../controlplane/shared-cluster.ts';
import { startCluster } from '../controlplane/start-cluster.ts';
import type { TestCluster } from '../controlplane/test-cluster.ts';
import { runCommand } from './cli/cli-lab.ts';

const PLACES = [
  '/api/v1/namespaces',
  '/api/v1/configmaps',
  '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  '/apis/rbac.authorization.k8s.io/v1/clusterroles',
];

/** Returns what is in the cluster, by path. */
async function inventoryOf(cluster: TestCluster): Promise<readonly string[]> {
  const lists = await Promise.all(
    PLACES.map(async (path) => {
      const { items } = (await callApi(cluster, { path })).body as {
        readonly items: readonly { readonly metadata: { readonly namespace?: string; readonly name: string } }[];
      };
      return items.map(({ metadata }) => `${path} ${metadata.namespace ?? ''}/${metadata.name}`);
    }),
  );
  return lists.flat().sort();
}

test('the demo leaves nothing in clusters that are not its own', { skip: podsDoNotRun }, async (t) => {
  const [shared, own] = await Promise.all([sharedCluster(), startCluster({ name: 'own' })]);
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-demo-test-'));
  t.after(() => Promise.all([own.stop(), rm(folder, { recursive: true })]));
  const before = await inventoryOf(own);

  const { status, stdout, stderr } = await runCommand(
    ['demo', '--exit', '--port', '0', '--contexts', `${own.context},${shared.context}`],
    {
      cwd: folder,
      env: {
        ...process.env,
        KUBECONFIG: [own.kubeconfigPath, shared.kubeconfigPath].join(':'),
        FORCE_COLOR: undefined,
      },
    },
  );

  assert.equal(status, 0, `${stdout}\n${stderr}`);
  const { steps, ok } = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
  assert.deepEqual([steps.length, ok], [7, true]);
  const [, prefix = ''] = /is named (demo-\w+)-\.\.\./.exec(stdout) ?? [];
  assert.notEqual(prefix, '');
  assert.deepEqual(await inventoryOf(own), before);
  assert.deepEqual(
    (await inventoryOf(shared)).filter((name) => name.includes(prefix)),
    [],
  );
});
