/** A repository that a test pushes to, and a server that it is read from. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GitHttpPlace, GitHttpSource } from '../../../../shared/adapters/git-http/git-http-source.ts';
import { makeRepository, TestRepository } from '../../../contract/source-repository.ts';
import { type GitServer, type GitServerOptions, startGitServer } from '../../../git-server/start-git-server.ts';

export interface ServedRepository {
  readonly work: TestRepository;
  /** What is served. */
  readonly bare: TestRepository;
  readonly root: string;
  readonly server: GitServer;
  /** Commits and pushes `main`; returns the id. */
  push(subject: string, files: Readonly<Record<string, string>>): Promise<string>;
  open(place?: Partial<GitHttpPlace>): GitHttpSource;
  remove(): Promise<void>;
}

/** Waits long enough to be tried, not to be noticed. */
export const SHORT_WAITS = { retryWaitsMs: [1, 1, 1, 1], silenceMs: 2_000 };

export async function serveRepository(options: Omit<GitServerOptions, 'root'> = {}): Promise<ServedRepository> {
  const { repository: work, remove } = await makeRepository();
  const root = await mkdtemp(join(tmpdir(), 'plumbline-served-'));
  const path = join(root, 'fleet.git');
  await work.git('init', '--quiet', '--bare', '--initial-branch=main', path);
  await work.git('remote', 'add', 'origin', path);
  const server = await startGitServer({ ...options, root });
  return {
    work,
    bare: new TestRepository(path),
    root,
    server,
    push: async (subject, files) => {
      const id = await work.commit(subject, files);
      await work.git('push', '--quiet', '--force', 'origin', 'HEAD:main');
      return id;
    },
    open: (place = {}) => new GitHttpSource({ url: `${server.url}/fleet.git`, limits: SHORT_WAITS, ...place }),
    remove: async () => {
      await server.close();
      await remove();
      await rm(root, { recursive: true, force: true });
    },
  };
}
