/** What the command says of a place that it cannot work with, and how `serve` outlasts trouble and goes on. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { makeRepository, TestRepository } from '../contract/source-repository.ts';
import { callApi } from '../controlplane/call-api.ts';
import { eventually } from '../controlplane/eventually.ts';
import { sharedCluster } from '../controlplane/shared-cluster.ts';
import type { TestCluster } from '../controlplane/test-cluster.ts';
import { applicationYaml, clusterYaml, configMapYaml } from './bad-input/fleet-files.ts';
import { type Ended, PlumblineProcess } from './bad-input/plumbline-process.ts';
import { mountTinyDisk } from './bad-input/tiny-disk.ts';

/** Within this time a server in trouble has tried again twice. */
const TRIED_AGAIN_MS = 2_500;
const COMMANDS = ['validate', 'plan', 'apply', 'serve', 'status'] as const;

/** On a slow machine a command says what it is waiting for. */
const PROGRESS = /^… .*\n/gm;

interface WrongPlace {
  readonly name: string;
  readonly folder: string;
  readonly branch: string;
  /** What stands between the code and the article. */
  readonly says: (path: string) => readonly string[];
}

const WRONG_PLACES: readonly WrongPlace[] = [
  {
    name: 'a folder that does not exist',
    folder: 'nowhere',
    branch: 'main',
    says: (path) => [`${path}: open repository: no such directory`, 'give the path of a Git repository'],
  },
  {
    name: 'a folder that is no Git repository',
    folder: 'plain',
    branch: 'main',
    says: (path) => [
      `${path}: open repository: not a Git repository`,
      'give the root of a repository (or a bare one), or make one with "git init"',
    ],
  },
  {
    name: 'a repository without a commit',
    folder: 'empty',
    branch: 'main',
    says: (path) => [`${path}: resolve "main": the repository has no commits yet`, 'commit something first'],
  },
  {
    name: 'a branch that does not exist',
    folder: 'good',
    branch: 'mian',
    says: (path) => [`${path}: resolve "mian": no branch, tag or commit has this name`, 'the branches are "main"'],
  },
];

describe('plumbline in a wrong place', { concurrency: 2 }, () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'plumbline-wrong-place-'));
    for (const name of ['plain', 'empty', 'good']) await mkdir(join(root, name));
    const git = ['init', '--quiet', '--initial-branch=main'];
    for (const name of ['empty', 'good']) await new TestRepository(join(root, name)).git(...git);
    await new TestRepository(join(root, 'good')).commit('first', {});
  });
  after(() => rm(root, { recursive: true, force: true }));

  for (const { name, folder, branch, says } of WRONG_PLACES) {
    for (const command of COMMANDS) {
      it(`${command} refuses ${name}`, async () => {
        const path = join(root, folder);
        const state = join(root, `state-${folder}-${command}`);

        const { status, stdout, stderr } = await new PlumblineProcess(
          ...[command, '--fleet', path, '--branch', branch, '--state', state],
        ).ended();

        const [wrong, remedy] = says(path);
        assert.equal(
          stderr.replaceAll(PROGRESS, ''),
          `✗ SourceNotFound\n  ${wrong}\n  to do    ${remedy}\n  more     docs/runbook.md#sourcenotfound\n`,
        );
        assert.deepEqual([status, stdout], [1, '']);
      });
    }
  }
});

interface Event {
  readonly event?: string;
  readonly commit?: { readonly subject?: string };
}

describe('plumbline serve', { concurrency: 2 }, () => {
  /** A fleet of one application with one ConfigMap, served, and applied once. */
  async function served(t: TestContext, stateDir?: string) {
    const cluster = await sharedCluster();
    const fleet = `bad-${randomBytes(4).toString('hex')}`;
    const { repository, remove } = await makeRepository();
    const ownState = await mkdtemp(join(tmpdir(), 'plumbline-bad-serve-'));
    await repository.commit('first', {
      'plumbline/cluster.yaml': clusterYaml('target', cluster),
      'plumbline/web.yaml': applicationYaml('web', fleet),
      'apps/web/web.yaml': configMapYaml('web', 'first'),
    });
    const place = ['--fleet', repository.path, '--name', fleet, '--state', stateDir ?? ownState];
    const server = new PlumblineProcess(...['serve', ...place, '--json', '--port', '0', '--sweep', '1']);
    t.after(async () => {
      await server.stop();
      await remove();
      await rm(ownState, { recursive: true, force: true });
    });
    const path = `/api/v1/namespaces/${fleet}/configmaps/web`;
    await arrived(cluster, path, 'first', server);
    return {
      repository,
      server,
      commit: (value: string) => repository.commit(value, { 'apps/web/web.yaml': configMapYaml('web', value) }),
      status: () => new PlumblineProcess('status', ...place).ended(),
      arrives: (value: string) => arrived(cluster, path, value, server),
      events: (): readonly Event[] => {
        const lines = server.stdout.split('\n').filter((line) => line !== '');
        return lines.map((line) => JSON.parse(line));
      },
    };
  }

  for (const [what, breakIt] of [
    [
      'its branch is gone',
      async (repository: TestRepository) => {
        // Not by `--move`: between its steps neither branch is there, which is another message.
        await repository.git('branch', 'elsewhere', 'main');
        await repository.git('update-ref', '-d', 'refs/heads/main');
        return async () => void (await repository.git('update-ref', 'refs/heads/main', 'refs/heads/elsewhere'));
      },
    ],
    [
      'its repository is gone',
      async ({ path }: TestRepository) => {
        await rename(path, `${path}-away`);
        return () => rename(`${path}-away`, path);
      },
    ],
  ] as const) {
    it(`tells once that ${what}, and goes on when it is back`, async (t) => {
      const { repository, server, commit, arrives, events } = await served(t);
      const refusals = () => events().filter(({ event }) => event === 'plan-refused').length;

      const mend = await breakIt(repository);
      await eventually(
        async () => refusals(),
        (count) => count > 0,
      );
      await mend();
      await commit('second');
      await arrives('second');
      const ended = await server.stop();

      assert.equal(refusals(), 1);
      assertNoBug(ended);
    });
  }

  it('tells that the disk with its state is full, and goes on where it was when there is room', async (t) => {
    const disk = mountTinyDisk();
    if (disk === undefined) return t.skip('only root on Linux can mount a file system to fill');
    t.after(() => disk.remove());
    const { server, commit, arrives, status } = await served(t, disk.path);

    disk.fill();
    await commit('second');
    await eventually(
      async () => server.stderr,
      (text) => text.includes('the disk is full'),
    );
    // Whoever only reads needs no room.
    const look = await status();
    await pause(TRIED_AGAIN_MS);
    disk.free();
    await arrives('second');
    const ended = await server.stop();

    assert.deepEqual([look.status, look.stderr.replaceAll(PROGRESS, '')], [0, '']);
    const told = ended.stderr.split('\n').filter((line) => line.includes('the disk is full'));
    assert.match(told[0] ?? '', new RegExp(`^  ${disk.path}/\\S+: [a-z].*: the disk is full`));
    assert.equal(new Set(told).size, told.length, 'each trouble is told once');
    assert.match(ended.stderr, /\n {2}to do {4}free some space; it is tried again and goes on from there\n/);
    assertNoBug(ended);
  });
});

/** Ended as a person ended it, and nothing on the way looked like a mistake of ours. */
function assertNoBug({ status, stderr }: Ended): void {
  assert.equal(status, 0);
  assert.doesNotMatch(stderr, /^\s+at |InvariantBroken/m);
}

async function arrived(cluster: TestCluster, path: string, value: string, server: PlumblineProcess): Promise<void> {
  await eventually(
    async () => ({ body: (await callApi(cluster, { path })).body, stdout: server.stdout, stderr: server.stderr }),
    ({ body }) => (body as { readonly data?: { readonly value?: string } }).data?.value === value,
  );
}
