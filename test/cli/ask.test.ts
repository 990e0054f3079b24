/** The commands that tell Plumbline something, over a real state file. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SqliteQueue } from '../../shared/adapters/sqlite/sqlite-queue.ts';
import { SqliteStateStore } from '../../shared/adapters/sqlite/sqlite-state-store.ts';
import { StateFile } from '../../shared/adapters/sqlite/state-file.ts';
import { ROOT } from '../architecture/source-files.ts';
import { acquired } from '../contract/state-store-harness.ts';
import { application, pointer } from '../contract/state-store-samples.ts';

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('telling it', () => {
  const by = userInfo().username;
  let folder: string;
  let file: StateFile;
  let state: SqliteStateStore;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumbline-ask-'));
    file = new StateFile(join(folder, 'state.db'));
    state = new SqliteStateStore(file);
    for (const cluster of ['prod', 'test']) {
      const key = { kind: 'cluster', fleet: 'acme', cluster } as const;
      await state.writeDesired('acme', cluster, pointer('desired/1', await state.drawTicket('acme')));
      const lease = await acquired(state, key, cluster);
      await state.writeApplications('acme', cluster, lease, [application(cluster, 'web')]);
      await state.release(key, lease, { nextTryInMs: undefined });
    }
  });
  after(async () => {
    file.close();
    await rm(folder, { recursive: true });
  });

  function run(...words: readonly string[]): Promise<Ran> {
    const fleet = ['--fleet', folder, '--name', 'acme', '--state', folder];
    return new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        [join(ROOT, 'cli', 'plumbline.mjs'), ...words, ...fleet],
        (_error, stdout, stderr) => resolve({ status: child.exitCode, stdout, stderr }),
      );
    });
  }

  const asked = async (cluster: string) =>
    ((await state.readCluster('acme', cluster))?.asked ?? []).map(({ id, atMs, ...rest }) => {
      assert.ok(id.length > 10 && atMs > 0);
      return rest;
    });
  const nudges = async () =>
    (await new SqliteQueue(file).receive({ max: 10, visibilityMs: 60_000 })).map(({ body }) => body);

  it('leaves it with the cluster, under the name of whoever is at the machine, and nudges', async () => {
    const ran = await run('suspend', 'web', '--cluster', 'prod');

    assert.deepEqual(ran, {
      status: 0,
      stdout: 'asked prod to suspend web; its next run does it\n',
      stderr: '',
    });
    assert.deepEqual(await asked('prod'), [{ act: 'suspend', application: 'web', by }]);
    assert.deepEqual(await nudges(), [{ kind: 'cluster', fleet: 'acme', cluster: 'prod', hop: 0 }]);
  });

  it('says the same to scripts', async () => {
    const { status, stdout } = await run('approve', '--cluster', 'test', '--refusal', '4f9c2e1a7b3d', '--json');

    assert.equal(status, 0);
    assert.deepEqual(JSON.parse(stdout), {
      kind: 'Asked',
      act: 'approve',
      clusters: ['test'],
      application: null,
      refusal: '4f9c2e1a7b3d',
      by,
    });
    assert.deepEqual(await asked('test'), [{ act: 'approve', subject: '4f9c2e1a7b3d', by }]);
  });

  it('refuses what is not there with the names that are', async () => {
    const cluster = await run('resume', '--cluster', 'prd');
    const app = await run('suspend', 'wbe', '--cluster', 'prod');
    const digest = await run('approve', 'web', '--cluster', 'prod', '--refusal', 'x');

    assert.deepEqual([cluster.status, app.status, digest.status], [1, 1, 1]);
    assert.match(cluster.stderr, /fleet acme has none of that name\n.*name one of: prod, test/);
    assert.match(app.stderr, /prod has none of that name\n.*name one of: web/);
    assert.match(digest.stderr, /refusal: /);
  });
});
