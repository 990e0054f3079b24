/** Two real clusters and the command as people run it: what one waits for happens in the other. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { makeRepository, type TestRepository } from '../contract/source-repository.ts';
import { sharedCluster } from '../controlplane/shared-cluster.ts';
import { startCluster } from '../controlplane/start-cluster.ts';
import type { TestCluster } from '../controlplane/test-cluster.ts';
import { type Ran, runCommand } from './cli/cli-lab.ts';
import { configMap, deployment } from './reconcile/declared-objects.ts';

describe('an application that waits for another cluster', () => {
  const fleet = `deps-${randomBytes(4).toString('hex')}`;
  let state = '';
  let second: TestCluster | undefined;
  let repository: TestRepository;
  let removeRepository = async (): Promise<void> => {};

  before(async () => {
    state = await mkdtemp(join(tmpdir(), 'plumbline-dependencies-'));
    const [eu, us] = await Promise.all([sharedCluster(), startCluster({ name: 'second' })]);
    second = us;
    ({ repository, remove: removeRepository } = await makeRepository());
    await commit({
      'plumbline/clusters.yaml': `${declared('eu', eu)}---\n${declared('us', us)}`,
      'plumbline/db.yaml': application('db', 'eu', fleet),
      'plumbline/web.yaml': `${application('web', 'us', fleet)}  dependsOn: [eu/db]\n`,
      ...objects({ image: 'db', value: '1' }),
    });
  });
  after(async () => {
    await second?.stop();
    await rm(state, { recursive: true });
    await removeRepository();
  });

  const commit = (files: Readonly<Record<string, string>>) => repository.commit('change', files);
  const plumbline = (...words: readonly string[]): Promise<Ran> =>
    runCommand([...words, '--name', fleet], {
      cwd: repository.path,
      env: { ...process.env, XDG_STATE_HOME: state, FORCE_COLOR: undefined },
    });

  const statusOfUs = async () => {
    const report = JSON.parse((await plumbline('status', '--json')).stdout) as StatusReport;
    const found = report.clusters.find(({ cluster }) => cluster === 'us')?.applications[0];
    return found && { waitingFor: found.waitingFor, sync: found.sync, health: found.health };
  };

  it('comes after its upstream in one go', async () => {
    const applied = await plumbline('apply');

    assert.equal(applied.status, 0, applied.stdout + applied.stderr);
    assert.deepEqual(await statusOfUs(), { waitingFor: '', sync: 'synced', health: 'healthy' });
  });

  it('waits for the new input of a broken upstream, says so, and follows when that is mended', async () => {
    await commit(objects({ image: 'db-2', value: '2', more: UNKNOWN }));
    await plumbline('apply');
    const waiting = await statusOfUs();
    const text = (await plumbline('status')).stdout;
    await commit(objects({ image: 'db-2', value: '2' }));
    const mended = await plumbline('apply');

    assert.match(waiting?.waitingFor ?? '', /^waits for application db in eu \(/);
    assert.equal(waiting?.sync, 'out-of-sync');
    assert.match(text, /waits for application db in eu/);
    assert.equal(mended.status, 0, mended.stdout + mended.stderr);
    assert.deepEqual(await statusOfUs(), { waitingFor: '', sync: 'synced', health: 'healthy' });
  });
});

interface StatusReport {
  readonly clusters: readonly {
    readonly cluster: string;
    readonly applications: readonly { readonly waitingFor: string; readonly sync: string; readonly health: string }[];
  }[];
}

function declared(name: string, { kubeconfigPath, context }: TestCluster): string {
  const place = JSON.stringify({ path: kubeconfigPath, context });
  return `apiVersion: plumbline.dev/v1\nkind: Cluster\nmetadata: {name: ${name}}\nspec: {kubeconfig: ${place}}\n`;
}

function application(name: string, cluster: string, namespace: string): string {
  return `apiVersion: plumbline.dev/v1
kind: Application
metadata: {name: ${name}}
spec:
  source: {path: apps/${name}}
  clusters: {names: [${cluster}]}
  namespace: ${namespace}
  createNamespace: true
`;
}

/** What no cluster serves. */
const UNKNOWN = '---\napiVersion: example.test/v1\nkind: Nothing\nmetadata: {name: nothing}\n';

function objects(of: { readonly image: string; readonly value: string; readonly more?: string }) {
  const { image, value, more = '' } = of;
  return {
    'apps/db/db.yaml': deployment('db', 1).replace('image: web', `image: ${image}`) + more,
    'apps/web/web.yaml': configMap('web', value),
  };
}
