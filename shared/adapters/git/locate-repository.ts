/**
 * Finds where a repository keeps its refs and objects: below `.git`, in the directory itself (bare), or where a `.git`
 * file points (linked worktrees, submodules). isomorphic-git knows neither `commondir` nor `alternates`, so both are
 * followed here. Source: gitrepository-layout(5).
 */
import * as fs from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import git from 'isomorphic-git';
import { notFound } from '../git-objects/not-found.ts';

export interface RepositoryPlace {
  /** Absolute; what errors name. */
  readonly path: string;
  /** Where refs stand. */
  readonly gitdir: string;
  /** `gitdir` and every repository that it borrows objects from. */
  readonly objectGitdirs: readonly string[];
}

const ACT = 'open repository';

/**
 * Returns where the repository at `path` (`~` is the home directory) keeps its things; parents are not searched.
 *
 * @throws {SourceNotFound} when there is no repository, or one in a format that cannot be read.
 */
export async function locateRepository(path: string): Promise<RepositoryPlace> {
  const subject = resolve(expandHome(path));
  if (!(await isDirectory(subject))) {
    throw notFound({ subject, act: ACT, wrong: 'no such directory', remedy: 'give the path of a Git repository' });
  }
  const own = await findGitdir(subject);
  if (own === undefined) {
    const root = await findRootAbove(subject);
    const remedy =
      root === undefined
        ? 'give the root of a repository (or a bare one), or make one with "git init"'
        : `give the root of the repository that it lies in: ${root}`;
    throw notFound({ subject, act: ACT, wrong: 'not a Git repository', remedy });
  }
  const gitdir = await followCommondir(own);
  await refuseUnreadableFormat(subject, gitdir);
  return { path: subject, gitdir, objectGitdirs: [gitdir, ...(await alternatesOf(gitdir))] };
}

async function findRootAbove(path: string): Promise<string | undefined> {
  const parent = dirname(path);
  if (parent === path) return undefined;
  return (await findGitdir(parent)) === undefined ? findRootAbove(parent) : parent;
}

function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}

async function findGitdir(path: string): Promise<string | undefined> {
  const dotGit = join(path, '.git');
  if (await isGitdir(dotGit)) return dotGit;
  const pointer = await readIfThere(dotGit);
  if (pointer?.startsWith('gitdir:')) return resolve(path, pointer.slice('gitdir:'.length).trim());
  return (await isGitdir(path)) ? path : undefined;
}

async function isGitdir(path: string): Promise<boolean> {
  return (await isDirectory(join(path, 'objects'))) && (await readIfThere(join(path, 'HEAD'))) !== undefined;
}

async function followCommondir(gitdir: string): Promise<string> {
  const common = await readIfThere(join(gitdir, 'commondir'));
  return common === undefined ? gitdir : resolve(gitdir, common.trim());
}

async function alternatesOf(gitdir: string, seen = new Set([gitdir])): Promise<readonly string[]> {
  const objects = join(gitdir, 'objects');
  const lines = ((await readIfThere(join(objects, 'info', 'alternates'))) ?? '').split('\n');
  const found: string[] = [];
  for (const line of lines.map((l) => l.trim()).filter((l) => l !== '' && !l.startsWith('#'))) {
    const other = dirname(resolve(objects, line));
    if (seen.has(other)) continue;
    seen.add(other);
    found.push(other, ...(await alternatesOf(other, seen)));
  }
  return found;
}

async function refuseUnreadableFormat(subject: string, gitdir: string): Promise<void> {
  const read = async (path: string): Promise<unknown> => git.getConfig({ fs, gitdir, path });
  const objects = await read('extensions.objectformat');
  const refs = await read('extensions.refstorage');
  const wrong =
    objects !== undefined && objects !== 'sha1'
      ? `object format "${objects}"`
      : refs !== undefined && refs !== 'files'
        ? `ref storage "${refs}"`
        : undefined;
  if (wrong === undefined) return;
  throw notFound({
    subject,
    act: ACT,
    wrong: `${wrong} is not read yet`,
    remedy: 'use a repository with SHA-1 object ids and refs in files',
  });
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
