/** Pruning on a real API server: labels that others copied, and kubectl's own pruning by ApplySet. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { fieldManagerOf, PART_OF_LABEL, SYSTEM_NAMESPACE } from '../../shared/config/names.ts';
import { parentName, parentObject } from '../../shared/plan/apply-set.ts';
import { eventually } from '../controlplane/eventually.ts';
import { type ClusterLab, openClusterLab, withLab } from './ownership/lab.ts';
import { copyOf } from './ownership/workload-cases.ts';

const run = promisify(execFile);
const KUBECTL = await run('kubectl', ['version', '--client']).then(
  () => false as const,
  () => 'no kubectl on the PATH',
);

let cluster: ClusterLab;
before(async () => {
  cluster = await openClusterLab();
});
after(async () => {
  await cluster.close();
});

describe('pruning', { concurrency: 4 }, () => {
  test('leaves alone what controllers copied our labels to', async () => {
    await withLab(cluster, async (lab) => {
      const ports = [{ name: 'http', port: 80 }];
      const service = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web' },
        spec: { selector: { app: 'web' }, ports },
      };
      const [sent] = await lab.bringIn([service]);
      const partOf = sent?.object.metadata.labels?.[PART_OF_LABEL];
      const slices = await eventually(
        () =>
          cluster.others.list({ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', namespace: lab.namespace }),
        (found) => found.length > 0,
      );

      const { prunes, changes } = await lab.plan();

      assert.equal(slices[0]?.metadata.labels?.[PART_OF_LABEL], partOf, 'the label is copied');
      assert.deepEqual(prunes, []);
      assert.deepEqual(
        changes.map(({ op }) => op),
        ['keep'],
      );
    });
  });

  test('leaves alone what a person copied from an object of ours', async () => {
    await withLab(cluster, async (lab) => {
      const flags = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'flags' }, data: { alpha: 'on' } };
      const [sent] = await lab.bringIn([flags]);
      assert.ok(sent);
      const live = await cluster.others.get(sent.object);
      await cluster.others.create(copyOf(live, 'flags-copy'), { manager: 'kubectl-create' });

      const { prunes } = await lab.plan();

      assert.deepEqual(prunes, []);
    });
  });

  test('deletes what we applied and Git has no more', async () => {
    await withLab(cluster, async (lab) => {
      const named = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { a: 'b' } });
      await lab.bringIn([named('stays'), named('goes')]);

      const { prunes } = await lab.plan([named('stays')]);

      assert.deepEqual(
        prunes.flatMap(({ changes }) => changes).map(({ op, ref }) => [op, ref.name]),
        [['prune', 'goes']],
      );
    });
  });

  test('by kubectl with an ApplySet of ours is refused', { skip: KUBECTL }, async () => {
    await withLab(cluster, async (lab) => {
      const folder = await mkdtemp(join(tmpdir(), 'applyset-'));
      const application = `web-${randomBytes(4).toString('hex')}`;
      const parent = parentObject({
        fleet: lab.fleet,
        application,
        kinds: [{ group: '', kind: 'ConfigMap' }],
        namespaces: [lab.namespace],
        settings: { prune: true, allowDeletionOf: [], dependsOn: [] },
      });
      const file = join(folder, 'flags.yaml');
      await writeFile(file, `{apiVersion: v1, kind: ConfigMap, metadata: {name: flags, namespace: ${lab.namespace}}}`);
      await cluster.others.ensureNamespace(SYSTEM_NAMESPACE);
      await cluster.others.create(parent, { manager: fieldManagerOf(lab.fleet) });
      try {
        const set = `--applyset=configmaps/${parentName(lab.fleet, application)}`;
        const args = ['apply', '-f', file, '--prune', set, '-n', SYSTEM_NAMESPACE];
        const access = ['--kubeconfig', cluster.kubeconfig.path, '--context', cluster.kubeconfig.context];
        const env = { PATH: '/usr/bin:/bin:/usr/local/bin', HOME: folder, KUBECTL_APPLYSET: 'true' };
        await assert.rejects(run('kubectl', [...args, ...access], { env }), /managed by tooling/);
      } finally {
        await cluster.others.delete(parent);
        await rm(folder, { recursive: true });
      }
    });
  });
});
