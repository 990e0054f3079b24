import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodeCommitClient } from '@aws-sdk/client-codecommit';
import { type GitPlace, openCodeCommit } from '../../shared/adapters/codecommit/open-codecommit.ts';
import { GitSource } from '../../shared/adapters/git/git-source.ts';
import { GitHttpSource } from '../../shared/adapters/git-http/git-http-source.ts';
import { startCodeCommit } from '../aws/codecommit/start-codecommit.ts';
import { FakeSource } from '../fakes/fake-source.ts';
import { type GitServerOptions, startGitServer } from '../git-server/start-git-server.ts';
import { HISTORY, type SourceFixture, sourceContract } from './source-contract.ts';
import { makeRepository, TestRepository } from './source-repository.ts';

async function makeHistory(): Promise<{ readonly repository: TestRepository; readonly remove: () => Promise<void> }> {
  const { repository, remove } = await makeRepository();
  let branch = 'main';
  for (const step of HISTORY) {
    if (step.branch !== branch) await repository.git('switch', '--quiet', '--create', step.branch);
    branch = step.branch;
    await repository.commit(step.subject, step.files, step);
    for (const tag of step.tags) await repository.git('tag', '--annotate', '-m', 'a release', tag);
    if (step.plainTag !== undefined) await repository.git('tag', step.plainTag);
    if (step.ref !== undefined) await repository.git('update-ref', step.ref, 'HEAD');
  }
  return { repository, remove };
}

async function bareClone(...options: readonly string[]): Promise<SourceFixture> {
  const { repository, remove } = await makeHistory();
  const parent = await mkdtemp(join(tmpdir(), 'plumbline-bare-'));
  const path = join(parent, 'fleet.git');
  await repository.git('clone', '--quiet', '--mirror', ...options, `file://${repository.path}`, path);
  await new TestRepository(path).git('gc', '--quiet', '--aggressive');
  const removeBoth = async (): Promise<void> => {
    await remove();
    await rm(parent, { recursive: true, force: true });
  };
  return { source: new GitSource(path), remove: removeBoth };
}

sourceContract('git, loose objects in a worktree', async () => {
  const { repository, remove } = await makeHistory();
  return { source: new GitSource(repository.path), remove };
});

sourceContract('git, packed objects and refs in a bare repository', () => bareClone());

sourceContract('git, a linked worktree', async () => {
  const { repository, remove } = await makeHistory();
  const parent = await mkdtemp(join(tmpdir(), 'plumbline-linked-'));
  const path = join(parent, 'linked');
  await repository.git('worktree', 'add', '--quiet', '--detach', path, 'main');
  const removeBoth = async (): Promise<void> => {
    await remove();
    await rm(parent, { recursive: true, force: true });
  };
  return { source: new GitSource(path), remove: removeBoth };
});

sourceContract('git, objects borrowed from another repository', async () => {
  const { repository, remove } = await makeHistory();
  const parent = await mkdtemp(join(tmpdir(), 'plumbline-shared-'));
  const path = join(parent, 'shared');
  await repository.git('clone', '--quiet', '--shared', '--mirror', repository.path, path);
  const removeBoth = async (): Promise<void> => {
    await remove();
    await rm(parent, { recursive: true, force: true });
  };
  return { source: new GitSource(path), remove: removeBoth };
});

async function served(options: Omit<GitServerOptions, 'root'>): Promise<SourceFixture> {
  const { repository, remove } = await makeHistory();
  const root = await mkdtemp(join(tmpdir(), 'plumbline-served-'));
  await repository.git('clone', '--quiet', '--mirror', `file://${repository.path}`, join(root, 'fleet.git'));
  const server = await startGitServer({ ...options, root });
  const removeAll = async (): Promise<void> => {
    await server.close();
    await remove();
    await rm(root, { recursive: true, force: true });
  };
  const limits = { retryWaitsMs: [1, 1] };
  return { source: new GitHttpSource({ url: `${server.url}/fleet.git`, limits }), remove: removeAll };
}

sourceContract('git over HTTP, version 2 with filters', () => served({}));
sourceContract('git over HTTP, version 2 without filters', () => served({ filters: false }));
sourceContract('git over HTTP, version 0', () => served({ version: 0 }));

sourceContract('CodeCommit', async () => {
  const { repository, remove } = await makeHistory();
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-codecommit-'));
  await repository.git('clone', '--quiet', '--mirror', `file://${repository.path}`, join(folder, 'fleet'));
  const key = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'test' };
  const lookup = (id: string) => (id === key.accessKeyId ? key : undefined);
  const server = await startCodeCommit({ folder, region: 'eu-west-1', account: '123456789012', lookup });
  const client = new CodeCommitClient({ region: 'eu-west-1', endpoint: server.endpoint, credentials: key });
  const openGit = (place: GitPlace) => new GitHttpSource({ ...place, limits: { retryWaitsMs: [1, 1] } });
  const place = { name: 'fleet', region: 'eu-west-1' };
  const source = openCodeCommit(place, { client, openGit, gitEndpoint: server.endpoint });
  const removeAll = async (): Promise<void> => {
    await server.close();
    await remove();
    await rm(folder, { recursive: true, force: true });
  };
  return { source, remove: removeAll };
});

sourceContract(
  'fake',
  async () => {
    const source = new FakeSource();
    for (const { branch, files, tags, plainTag = [], ref, ...options } of HISTORY) {
      const revision = source.commit(branch, files, { ...options, from: 'main' });
      for (const tag of [...tags, plainTag].flat()) source.tag(tag, revision);
      if (ref !== undefined) source.setRef(ref, revision);
    }
    return { source, remove: async () => {} };
  },
  { signs: false },
);
