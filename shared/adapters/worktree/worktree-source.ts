/**
 * The files as they stand in a worktree, committed or not, as one snapshot: what `--worktree` renders. Files carry the
 * ids that they would have in a commit, so unchanged ones are not rendered anew.
 */
import { createHash } from 'node:crypto';
import { lstat, readFile, readlink, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PlumblineError } from '../../errors.ts';
import type { Source } from '../../job/ports.ts';
import type { Commit, Revision } from '../../model/revision.ts';
import type { Snapshot, SnapshotFile } from '../../model/snapshot.ts';
import { listWorktree, type WorktreeEntry } from './worktree-files.ts';

const READ_AT_ONCE = 16;

interface Taken {
  readonly commit: Commit;
  readonly files: readonly SnapshotFile[];
  readonly contents: ReadonlyMap<string, Uint8Array>;
}

/** Every ref resolves to the uncommitted files; the history is that one revision. */
export class WorktreeSource implements Source {
  readonly #dir: string;
  #taken: Taken | undefined;

  /** @param path root of a Git worktree. */
  constructor(path: string) {
    this.#dir = resolve(path);
  }

  /** Reads all files; their content stays as read until the next call. */
  async resolve(_ref: string): Promise<Commit> {
    this.#taken = await takeWorktree(this.#dir);
    return this.#taken.commit;
  }

  async snapshot(revision: Revision): Promise<Snapshot> {
    const { files, contents } = this.#at(revision);
    return {
      revision,
      list: async (prefix) => filesBelow(files, prefix.replace(/\/+$/, '')),
      read: async (path) => {
        const content = contents.get(path);
        if (content !== undefined) return content;
        throw notFound({ subject: path, act: 'read from worktree', wrong: 'no such file', remedy: 'create it' });
      },
    };
  }

  async log(revision: Revision, options: { readonly limit: number }): Promise<readonly Commit[]> {
    return [this.#at(revision).commit].slice(0, options.limit);
  }

  #at(revision: Revision): Taken {
    if (this.#taken?.commit.revision === revision) return this.#taken;
    throw notFound({
      subject: this.#dir,
      act: `read ${revision}`,
      wrong: 'the worktree holds only its present files',
      remedy: 'leave --worktree away to read a commit',
    });
  }
}

async function takeWorktree(dir: string): Promise<Taken> {
  await refuseWithoutWorktree(dir);
  const files: SnapshotFile[] = [];
  const contents = new Map<string, Uint8Array>();
  let newestMs = 0;
  const waiting = [...(await listWorktree(dir))];
  const takeSome = async (): Promise<void> => {
    for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
      const { id, content, modifiedAtMs } = await takeFile(dir, entry);
      files.push({ ...entry, id });
      if (entry.type !== 'submodule') contents.set(entry.path, content);
      newestMs = Math.max(newestMs, modifiedAtMs);
    }
  };
  await Promise.all(Array.from({ length: READ_AT_ONCE }, takeSome));
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  const digest = createHash('sha256')
    .update(JSON.stringify(files.map(({ path, id }) => [path, id])))
    .digest('hex');
  const revision = `worktree-${digest.slice(0, 40)}`;
  return { commit: { revision, subject: 'uncommitted files', author: '', committedAtMs: newestMs }, files, contents };
}

async function takeFile(
  dir: string,
  entry: WorktreeEntry,
): Promise<{ readonly id: string; readonly content: Uint8Array; readonly modifiedAtMs: number }> {
  const path = join(dir, entry.path);
  const found = await lstat(path);
  const modifiedAtMs = Math.floor(found.mtimeMs);
  if (entry.type === 'submodule') return { id: 'submodule', content: new Uint8Array(), modifiedAtMs: 0 };
  if (entry.type === 'symlink') {
    const content = await readlink(path, { encoding: 'buffer' });
    return { id: `${blobId(content)}:120000`, content, modifiedAtMs };
  }
  const content = await readFile(path);
  const isExecutable = (found.mode & 0o100) !== 0;
  return { id: isExecutable ? `${blobId(content)}:100755` : blobId(content), content, modifiedAtMs };
}

/** The id that Git gives to a file of this content. */
function blobId(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.byteLength}\0`).update(content).digest('hex');
}

function filesBelow(files: readonly SnapshotFile[], path: string): readonly SnapshotFile[] {
  return path === '' ? files : files.filter((file) => file.path === path || file.path.startsWith(`${path}/`));
}

async function refuseWithoutWorktree(dir: string): Promise<void> {
  const has = async (name: string): Promise<boolean> => stat(join(dir, name)).then(Boolean, () => false);
  if (await has('.git')) return;
  const isBare = (await has('objects')) && (await has('HEAD'));
  throw notFound({
    subject: dir,
    act: 'read worktree',
    wrong: isBare ? 'a bare repository has no uncommitted files' : 'not the root of a Git repository',
    remedy: isBare ? 'leave --worktree away' : 'give the root of a repository, or make one with "git init"',
  });
}

function notFound(what: {
  readonly subject: string;
  readonly act: string;
  readonly wrong: string;
  readonly remedy: string;
}): PlumblineError {
  return new PlumblineError([{ code: 'SourceNotFound', ...what }]);
}
