import type { Source } from '../../job/ports.ts';
import type { Commit, Revision } from '../../model/revision.ts';
import type { SignableCommit } from '../../model/signable-commit.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { GitSnapshot } from '../git-objects/git-snapshot.ts';
import { describeCommit } from '../git-objects/object-database.ts';
import { readLog } from '../git-objects/read-log.ts';
import { locateRepository } from './locate-repository.ts';
import { type KnownObjects, ObjectReader } from './object-reader.ts';
import { resolveRef } from './resolve-ref.ts';

/** A local Git repository, worktree or bare, read from its object database; nothing is checked out and nothing written. */
export class GitSource implements Source {
  readonly #path: string;
  /** A branch that is asked for again and again costs one small read while its head stays. */
  readonly #known: KnownObjects = { commits: new Map(), trees: new Map() };

  /** @param path the root of the repository, `~` for the home directory; it may appear later. */
  constructor(path: string) {
    this.#path = path;
  }

  async resolve(ref: string): Promise<Commit> {
    const reader = await this.#open();
    const { oid } = await resolveRef(reader, ref);
    return describeCommit(oid, await reader.commit(oid));
  }

  async signable(ref: string): Promise<SignableCommit> {
    const reader = await this.#open();
    const { oid, tag } = await resolveRef(reader, ref);
    const commit = describeCommit(oid, await reader.commit(oid));
    const { content } = await reader.content(oid);
    const tagged = tag && (await reader.content(tag.oid));
    const isAnnotated = tag !== undefined && tagged?.type === 'tag';
    return { commit, content, ...(isAnnotated && { tag: { name: tag.name, content: tagged.content } }) };
  }

  async snapshot(revision: Revision): Promise<Snapshot> {
    const reader = await this.#open();
    return new GitSnapshot(reader, revision, (await reader.commit(revision)).tree);
  }

  async log(
    revision: Revision,
    options: { readonly limit: number; readonly path?: string },
  ): Promise<readonly Commit[]> {
    const found = await readLog(await this.#open(), revision, options);
    return found.map(({ oid, commit }) => describeCommit(oid, commit));
  }

  async #open(): Promise<ObjectReader> {
    return new ObjectReader(await locateRepository(this.#path), this.#known);
  }
}
