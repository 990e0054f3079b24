/**
 * What reading a repository over HTTP costs: requests, bytes and time, at first, after one more commit, and while
 * nothing moves. The servers are `git http-backend` on this machine, a process a request, which is most of the time.
 * Run: `node bench/git-http.ts`.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { GitHttpSource } from '../shared/adapters/git-http/git-http-source.ts';
import type { Source } from '../shared/job/ports.ts';
import { makeRepository, type TestRepository } from '../test/contract/source-repository.ts';
import { startGitServer } from '../test/git-server/start-git-server.ts';
import { type CodeCommitAccount, openAccount } from '../test/unit/adapters/codecommit/codecommit-account.ts';
import { medianOf } from './median.ts';
import { describeMachine, writeSection } from './readme-section.ts';

const TRIES = 7;
const APPLICATIONS = 500;
const FILES_EACH = 10;

interface Server {
  readonly name: string;
  open(): Source;
  requests(): number;
  bytes(): number;
}

interface Cost {
  readonly requests: number;
  readonly bytes: number;
  readonly ms: number;
}

const startedLoad = loadavg()[0] ?? 0;
const rows = [...(await measureExample()), ...(await measureLarge())];
const table = [
  '| repository | server | first commit | next commit | head has not moved |',
  '|---|---|---|---|---|',
  ...rows,
].join('\n');
process.stdout.write(`${table}\n`);
writeSection('git-http', `${describeMachine(startedLoad)}\n\n${table}`);

async function measureExample(): Promise<readonly string[]> {
  return withRepository(async (repository) => {
    await cp(join(import.meta.dirname, '..', 'examples', 'fleet'), repository.path, { recursive: true });
    await repository.commit('the example', {});
    return measure('`examples/fleet`', repository);
  });
}

async function measureLarge(): Promise<readonly string[]> {
  return withRepository(async (repository) => {
    const applications = [...Array(APPLICATIONS).keys()];
    const files = applications.flatMap((app) =>
      [...Array(FILES_EACH).keys()].map(
        (file) => [`apps/app-${app}/object-${file}.yaml`, manifest(app, file)] as const,
      ),
    );
    await repository.commit('everything', Object.fromEntries(files));
    return measure(`${APPLICATIONS} applications, ${files.length} files`, repository);
  });
}

function manifest(app: number, file: number): string {
  const lines = [...Array(25).keys()].map((n) => `  key-${n}: "${(app * 7919 + file * 104729 + n * 31) % 1_000_003}"`);
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: app-${app}-${file}\ndata:\n${lines.join('\n')}\n`;
}

async function withRepository<T>(act: (repository: TestRepository) => Promise<T>): Promise<T> {
  const { repository, remove } = await makeRepository();
  return act(repository).finally(remove);
}

async function measure(name: string, repository: TestRepository): Promise<readonly string[]> {
  const root = await mkdtemp(join(tmpdir(), 'plumbline-bench-'));
  const account = await openAccount();
  const filtering = await startGitServer({ root });
  const whole = await startGitServer({ root, filters: false });
  try {
    const bare = join(root, 'fleet.git');
    await repository.git('clone', '--quiet', '--bare', `file://${repository.path}`, bare);
    const found: string[] = [];
    for (const server of [
      codecommit(account),
      { ...counted(filtering), name: 'version 2, filters' },
      { ...counted(whole), name: 'version 2, no filters' },
    ]) {
      const push = async (subject: string): Promise<void> => {
        await repository.commit(subject, { 'apps/app-7/changed.yaml': manifest(Date.now() % 1e6, 1) });
        await repository.git('push', '--quiet', '--force', bare, 'HEAD:main');
        await repository.git('push', '--quiet', '--force', account.cloneUrl(), 'HEAD:main');
      };
      await push('before');
      found.push(`| ${name} | ${server.name} | ${await measureServer(server, push)} |`);
    }
    return found;
  } finally {
    await Promise.all([account.remove(), filtering.close(), whole.close()]);
    await rm(root, { recursive: true, force: true });
  }
}

function counted(server: Awaited<ReturnType<typeof startGitServer>>) {
  return {
    open: () => new GitHttpSource({ url: `${server.url}/fleet.git` }),
    requests: () => server.requests.length,
    bytes: () => server.sentBytes(),
  };
}

function codecommit({ server, open }: CodeCommitAccount): Server {
  return {
    name: 'CodeCommit',
    open: () => open(),
    requests: () => server.requests.length,
    bytes: () => server.sentBytes(),
  };
}

async function measureServer(server: Server, push: (subject: string) => Promise<void>): Promise<string> {
  const cost = async (act: () => Promise<unknown>): Promise<Cost> => {
    const before = { requests: server.requests(), bytes: server.bytes(), ms: performance.now() };
    await act();
    const ms = performance.now() - before.ms;
    return { requests: server.requests() - before.requests, bytes: server.bytes() - before.bytes, ms };
  };
  const first: Cost[] = [];
  const next: Cost[] = [];
  const still: Cost[] = [];
  for (let round = 0; round < TRIES; round += 1) {
    const source = server.open();
    first.push(await cost(() => readAll(source)));
    await push(`round ${round}`);
    next.push(await cost(() => readAll(source)));
    still.push(await cost(() => source.resolve('main')));
  }
  return [first, next, still].map(formatCost).join(' | ');
}

/** All files, as a planner that sees the repository for the first time reads them. */
async function readAll(source: Source): Promise<void> {
  const snapshot = await source.snapshot((await source.resolve('main')).revision);
  const files = await snapshot.list('');
  await Promise.all(files.filter(({ type }) => type === 'file').map(({ path }) => snapshot.read(path)));
}

function formatCost(costs: readonly Cost[]): string {
  const kibibytes = medianOf(costs.map(({ bytes }) => bytes)) / 1024;
  const ms = medianOf(costs.map((cost) => cost.ms));
  return `${medianOf(costs.map(({ requests }) => requests))} requests, ${kibibytes.toFixed(1)} KiB, ${ms.toFixed(0)} ms`;
}
