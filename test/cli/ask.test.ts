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
import type { Problem } from '../../shared/model/problem.ts';
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
      revision: null,
      by,
    });
    assert.deepEqual(await asked('test'), [{ act: 'approve', subject: '4f9c2e1a7b3d', by }]);
  });

  it('approves what is refused of a commit in every cluster where something is, and nothing else', async () => {
    const { commit } = pointer('desired/1', 1);
    const refused = (digest: string, application?: string): Problem => {
      const refusal = { digest, ...(application !== undefined && { application }) };
      return { code: 'GuardRefused', subject: 'x', act: 'plan', wrong: 'y', remedy: '', refusal };
    };
    const ran = async (cluster: string, tried: string, problems: readonly Problem[]) => {
      const key = { kind: 'cluster', fleet: 'acme', cluster } as const;
      await state.writeDesired('acme', cluster, pointer(`desired/${cluster}`, await state.drawTicket('acme')));
      const lease = await acquired(state, key, cluster);
      const status = { cluster, labels: {}, suspend: false, failures: 0, sync: 'synced', health: 'healthy' } as const;
      await state.release(key, lease, { nextTryInMs: undefined, status: { ...status, tried, problems } });
    };
    await ran('one', 'desired/one', [refused('111111111111', 'web'), refused('222222222222')]);
    await ran('two', 'desired/two', []);
    await ran('late', 'desired/before', [refused('333333333333')]);

    const answer = await run('approve', commit.revision.slice(0, 8));
    const nothing = await run('approve', 'abcdef0');
    const both = await run('approve', '--cluster', 'one');

    assert.equal(
      answer.stdout,
      `asked one to approve what is refused of ${commit.revision.slice(0, 7)}; the next run does it\n`,
    );
    assert.deepEqual(
      (await asked('one')).map(({ subject, application }) => [subject, application]),
      [
        ['111111111111', 'web'],
        ['222222222222', undefined],
      ],
    );
    assert.deepEqual([await asked('two'), await asked('late')], [[], []]);
    assert.match(nothing.stderr, /revision abcdef0: .*nothing of it is refused anywhere/);
    assert.match(both.stderr, /approve names no refusal and no revision/);
  });

  it('refuses what is not there with the names that are', async () => {
    const cluster = await run('resume', '--cluster', 'prd');
    const app = await run('suspend', 'wbe', '--cluster', 'prod');
    const digest = await run('approve', 'web', '--cluster', 'prod', '--refusal', 'x');

    assert.deepEqual([cluster.status, app.status, digest.status], [1, 1, 1]);
    assert.match(cluster.stderr, /fleet acme has none of that name\n.*name one of: late, one, prod, test, two/);
    assert.match(app.stderr, /prod has none of that name\n.*name one of: web/);
    assert.match(digest.stderr, /refusal: /);
  });
});
