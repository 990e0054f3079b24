/** A repository in memory that behaves as test/contract/source-contract.ts says. */
import { createHash } from 'node:crypto';
import { PlumblineError } from '../../shared/errors.ts';
import type { Source } from '../../shared/job/ports.ts';
import type { Commit, Revision } from '../../shared/model/revision.ts';
import type { Snapshot, SnapshotFile } from '../../shared/model/snapshot.ts';
import { highestInRange, isVersionRange, newestVersions } from '../../shared/model/version-range.ts';

interface FakeFile {
  readonly content: string;
  readonly type: 'file' | 'symlink';
}
type Files = ReadonlyMap<string, FakeFile>;
interface FakeCommit {
  readonly commit: Commit;
  readonly parent: Revision | undefined;
  readonly files: Files;
}

export class FakeSource implements Source {
  /** How often a ref was resolved. */
  resolved = 0;
  readonly #commits = new Map<Revision, FakeCommit>();
  readonly #branches = new Map<string, Revision>();
  /** All but branches, by their full names. */
  readonly #refs = new Map<string, Revision>();

  /** Adds a commit to `branch` with changed files (`undefined` removes one) and returns its id. A minute passes between two. */
  commit(
    branch: string,
    files: Readonly<Record<string, string | { readonly link: string } | undefined>>,
    options: { readonly subject?: string; readonly author?: string; readonly from?: string } = {},
  ): Revision {
    const parent = this.#branches.get(branch) ?? this.#branches.get(options.from ?? '');
    const changed = new Map(parent === undefined ? [] : this.#commits.get(parent)?.files);
    for (const [path, content] of Object.entries(files)) {
      if (content === undefined) changed.delete(path);
      else if (typeof content === 'string') changed.set(path, { content, type: 'file' });
      else changed.set(path, { content: content.link, type: 'symlink' });
    }
    const { subject = 'a change', author = 'Ana' } = options;
    const committedAtMs = 1_700_000_000_000 + this.#commits.size * 60_000;
    const revision = sha1(JSON.stringify([parent, subject, author, committedAtMs, [...changed]]));
    this.#commits.set(revision, { commit: { revision, subject, author, committedAtMs }, parent, files: changed });
    this.#branches.set(branch, revision);
    return revision;
  }

  tag(name: string, revision: Revision): void {
    this.setRef(`refs/tags/${name}`, revision);
  }

  /** @param name in full: `refs/pull/7/head`. */
  setRef(name: string, revision: Revision): void {
    this.#refs.set(name, revision);
  }

  /** Moves a branch as a forced push does. */
  reset(branch: string, revision: Revision): void {
    this.#branches.set(branch, revision);
  }

  async resolve(ref: string): Promise<Commit> {
    this.resolved += 1;
    const named = this.#named(ref);
    const ids = ref.length < 4 ? [] : [...this.#commits.keys()].filter((id) => id.startsWith(ref));
    const found = this.#commits.get(named ?? ids[0] ?? '');
    if (found !== undefined) return found.commit;
    if (isVersionRange(ref)) return this.#commitAt(this.#newestTag(ref)).commit;
    const branches = [...this.#branches.keys()].sort().map((name) => `"${name}"`);
    throw notFound('fake repository', `resolve "${ref}"`, `the branches are ${branches.join(', ')}`);
  }

  #named(ref: string): Revision | undefined {
    const branch = this.#branches.get(ref.replace(/^refs\/heads\//, ''));
    return branch ?? this.#refs.get(`refs/tags/${ref}`) ?? this.#refs.get(ref);
  }

  #newestTag(range: string): Revision {
    const tags = [...this.#refs.keys()].flatMap((name) => /^refs\/tags\/(.+)$/.exec(name)?.[1] ?? []);
    const tag = highestInRange(range, tags);
    const found = tag && this.#refs.get(`refs/tags/${tag}`);
    if (found) return found;
    const newest = newestVersions(tags).map((name) => `"${name}"`);
    throw new PlumblineError([
      {
        code: 'SourceNotFound',
        subject: 'fake repository',
        act: `resolve "${range}"`,
        wrong: 'no tag lies in this range of versions',
        remedy: `the newest tags are ${newest.join(', ')}`,
      },
    ]);
  }

  async snapshot(revision: Revision): Promise<Snapshot> {
    const { files } = this.#commitAt(revision);
    return {
      revision,
      list: async (prefix) => listFiles(files, prefix.replace(/\/+$/, '')),
      read: async (path) => {
        const file = files.get(path);
        if (file === undefined) throw notFound(path, 'read', 'name a file that is committed');
        return new TextEncoder().encode(file.content);
      },
    };
  }

  async log(
    revision: Revision,
    options: { readonly limit: number; readonly path?: string },
  ): Promise<readonly Commit[]> {
    const found: Commit[] = [];
    for (let at: Revision | undefined = revision; at !== undefined && found.length < options.limit; ) {
      const { commit, parent, files }: FakeCommit = this.#commitAt(at);
      const idsIn = (of: Files): string => JSON.stringify(listFiles(of, options.path ?? ''));
      const before = idsIn(parent === undefined ? new Map() : this.#commitAt(parent).files);
      if (options.path === undefined || idsIn(files) !== before) found.push(commit);
      at = parent;
    }
    return found;
  }

  #commitAt(revision: Revision): FakeCommit {
    const found = this.#commits.get(revision);
    if (found === undefined) throw notFound('fake repository', `read ${revision}`, 'resolve a ref first');
    return found;
  }
}

function listFiles(files: Files, prefix: string): readonly SnapshotFile[] {
  return [...files]
    .filter(([path]) => prefix === '' || path === prefix || path.startsWith(`${prefix}/`))
    .map(([path, { content, type }]) => ({ path, id: sha1(`${type} ${content}`), type }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

function notFound(subject: string, act: string, remedy: string): PlumblineError {
  return new PlumblineError([{ code: 'SourceNotFound', subject, act, wrong: 'not there', remedy }]);
}
