/**
 * Reads commits, trees and blobs of one repository, loose or packed, through isomorphic-git. Its cache holds whole
 * packfiles, so a reader lives as long as one snapshot and no longer; commits and trees are small and kept for longer.
 */
import * as fs from 'node:fs';
import git, { type CommitObject, type TreeEntry } from 'isomorphic-git';
import { notFound } from '../git-objects/not-found.ts';
import type { ObjectDatabase } from '../git-objects/object-database.ts';
import { codeOf } from './error-code.ts';
import { limitConcurrency } from './limit-concurrency.ts';
import type { RepositoryPlace } from './locate-repository.ts';

type GitObject =
  | { readonly type: 'commit'; readonly commit: CommitObject }
  | { readonly type: 'tag'; readonly target: string }
  | { readonly type: 'tree'; readonly entries: readonly TreeEntry[] }
  | { readonly type: 'blob'; readonly content: Uint8Array };

/** Commits and trees read so far, by id: a new commit shares most of its trees with the one before. */
export interface KnownObjects {
  readonly commits: Map<string, CommitObject>;
  readonly trees: Map<string, readonly TreeEntry[]>;
}
const KEPT_OF_EACH = 5000;

export class ObjectReader implements ObjectDatabase {
  readonly place: RepositoryPlace;
  readonly #known: KnownObjects;
  #cache: object = {};
  readonly #limit = limitConcurrency(16);

  constructor(place: RepositoryPlace, known: KnownObjects) {
    this.place = place;
    this.#known = known;
  }

  /** @throws {SourceNotFound} when the object is missing or damaged. */
  async read(oid: string): Promise<GitObject> {
    const { commits, trees } = this.#known;
    const commit = commits.get(oid);
    if (commit !== undefined) return { type: 'commit', commit };
    const entries = trees.get(oid);
    if (entries !== undefined) return { type: 'tree', entries };
    const object = await this.#limit(async () => this.#readTwice(oid));
    if (object.type === 'commit') remember(commits, oid, object.commit);
    if (object.type === 'tree') remember(trees, oid, object.entries);
    return object;
  }

  async commit(oid: string): Promise<CommitObject> {
    const object = await this.read(oid);
    if (object.type === 'commit') return object.commit;
    throw this.#failure(oid, new Error(`expected a commit, found a ${object.type}`));
  }

  async tree(oid: string): Promise<readonly TreeEntry[]> {
    const object = await this.read(oid);
    if (object.type === 'tree') return object.entries;
    throw this.#failure(oid, new Error(`expected a tree, found a ${object.type}`));
  }

  async blob(oid: string): Promise<Uint8Array> {
    const object = await this.read(oid);
    if (object.type === 'blob') return object.content;
    throw this.#failure(oid, new Error(`expected a blob, found a ${object.type}`));
  }

  /** Returns a commit or tag byte for byte. @throws {SourceNotFound} when the object is missing or damaged. */
  async content(oid: string): Promise<{ readonly type: string; readonly content: Uint8Array }> {
    let failure: unknown;
    for (const gitdir of this.place.objectGitdirs) {
      try {
        const found = await git.readObject({ fs, gitdir, oid, format: 'content', cache: this.#cache });
        if (found.format === 'content') return { type: found.type, content: found.object };
      } catch (error) {
        failure ??= error;
      }
    }
    throw this.#failure(oid, failure);
  }

  /** Returns every object id that begins with `prefix` (4 to 40 hex digits). */
  async expand(prefix: string): Promise<readonly string[]> {
    const found = new Set<string>();
    for (const gitdir of this.place.objectGitdirs) {
      try {
        found.add(await git.expandOid({ fs, gitdir, oid: prefix, cache: this.#cache }));
      } catch (error) {
        if (error instanceof git.Errors.AmbiguousError) for (const oid of error.data.matches) found.add(oid);
        else if (codeOf(error) !== 'NotFoundError') throw this.#failure(prefix, error);
      }
    }
    return [...found];
  }

  /** A repack may move the object between our look at the pack list and the read: what fails is read once more, afresh. */
  async #readTwice(oid: string): Promise<GitObject> {
    try {
      return await this.#readAnywhere(oid);
    } catch {
      this.#cache = {};
      return await this.#readAnywhere(oid).catch((error: unknown) => {
        throw this.#failure(oid, error);
      });
    }
  }

  async #readAnywhere(oid: string): Promise<GitObject> {
    let failure: unknown;
    for (const gitdir of this.place.objectGitdirs) {
      try {
        return await readParsed(gitdir, oid, this.#cache);
      } catch (error) {
        failure ??= error;
      }
    }
    throw failure;
  }

  #failure(oid: string, cause: unknown): Error {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return notFound(
      {
        subject: this.place.path,
        act: `read object ${oid}`,
        wrong: reason.replace(/\.$/, ''),
        remedy: 'check the repository with "git fsck"; a shallow or partial clone needs "git fetch --unshallow"',
      },
      { cause },
    );
  }
}

/** Keeps the newest ones. */
function remember<T>(known: Map<string, T>, oid: string, object: T): void {
  const [oldest] = known.keys();
  if (oldest !== undefined && known.size >= KEPT_OF_EACH) known.delete(oldest);
  known.set(oid, object);
}

async function readParsed(gitdir: string, oid: string, cache: object): Promise<GitObject> {
  const found = await git.readObject({ fs, gitdir, oid, format: 'parsed', cache });
  if (found.format === 'content' && found.type === 'blob') return { type: 'blob', content: found.object };
  if (found.format !== 'parsed') throw new Error(`expected a parsed object, found ${found.type} as ${found.format}`);
  if (found.type === 'commit') return { type: 'commit', commit: found.object };
  if (found.type === 'tag') return { type: 'tag', target: found.object.object };
  if (found.type === 'tree') return { type: 'tree', entries: found.object };
  throw new Error(`expected bytes, found a ${found.type} as text`);
}
