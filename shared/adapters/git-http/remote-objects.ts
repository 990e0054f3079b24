/**
 * Brings commits onto the shelf of a repository: one commit deep, without its files where the server can leave them
 * away, and without what is there already. What came is checked for gaps before it counts as whole, since the next fetch
 * tells the server that we have all of it.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { notFound } from '../git-objects/not-found.ts';
import type { ObjectDatabase, TreeEntry } from '../git-objects/object-database.ts';
import { FileFetcher } from './file-fetcher.ts';
import { GitAnswerError } from './git-answer-error.ts';
import { type ObjectCache, Shelf } from './object-cache.ts';
import { parseCommit } from './parse-object.ts';
import { ShelfDatabase } from './shelf-database.ts';
import { contentOf } from './stored-object.ts';
import type { UploadPack } from './upload-pack.ts';

/** More would only lengthen the request: each new commit mostly builds on the last one. */
const MAX_HAVES = 4;

export class RemoteObjects {
  readonly server: UploadPack;
  readonly #cache: ObjectCache;
  readonly #fetching = new Map<string, Promise<Shelf>>();
  readonly #files = new WeakMap<Shelf, FileFetcher>();

  constructor(server: UploadPack, cache: ObjectCache) {
    this.server = server;
    this.#cache = cache;
  }

  get subject(): string {
    return this.server.connection.subject;
  }

  /** Returns ids of commits at hand that begin with `prefix`. */
  known(prefix: string): readonly string[] {
    return [...this.#cache.shelf(this).whole].filter((oid) => oid.startsWith(prefix));
  }

  /** Opens a commit. @throws {GitAnswerError} when the server does not have it (yet). */
  async open(commit: string): Promise<ObjectDatabase> {
    return this.#read(await this.#hold(commit));
  }

  /**
   * Opens a commit that we were told of: the server that answers may have it a moment later than the one that told.
   *
   * @throws {SourceNotFound} when it does not come.
   */
  async openSoon(commit: string): Promise<ObjectDatabase> {
    return this.#read(await this.#holdSoon(commit));
  }

  /**
   * Returns a commit, or a tag of it, byte for byte.
   *
   * @throws {GitAnswerError} when the server does not have it (any longer).
   */
  async content(commit: string, oid: string): Promise<Uint8Array> {
    const shelf = await this.#hold(commit);
    if (!shelf.objects.has(oid)) {
      // Without `haves` the commit would come along.
      const request = { wants: [oid], haves: [commit], known: shelf.objects, depth: 1 };
      shelf.add(await this.server.fetch(request));
    }
    return new ShelfDatabase(shelf, this.subject).content(oid);
  }

  /** Opens a commit and those before it, `depth` in all; files may be missing, and without `withTrees` folders too. */
  async openHistory(
    head: string,
    { depth, withTrees }: { readonly depth: number; readonly withTrees: boolean },
  ): Promise<ObjectDatabase> {
    const { objects } = await this.#holdSoon(head);
    // Not on the shelf of the repository: what is there counts as whole, and a history is not.
    const history = new Shelf();
    if (await this.server.filters()) {
      const filter = withTrees ? 'blob:none' : 'tree:0';
      history.add(await this.server.fetch({ wants: [head], depth, filter }));
    } else {
      history.add(objects);
      history.add(await this.server.fetch({ wants: [head], haves: [head], known: history.objects, depth }));
    }
    return new ShelfDatabase(history, this.subject);
  }

  /** Returns a shelf with the commit. @throws {GitAnswerError} */
  async #hold(commit: string): Promise<Shelf> {
    const shelf = this.#cache.shelf(this);
    return shelf.whole.has(commit) ? shelf : this.#fetchOnce(commit);
  }

  #holdSoon(commit: string): Promise<Shelf> {
    return patiently(() => this.#hold(commit), this.server.connection.limits.retryWaitsMs).catch((error: unknown) => {
      if (!(error instanceof GitAnswerError)) throw error;
      throw notFound({
        subject: this.subject,
        act: `fetch ${commit}`,
        wrong: 'the server does not have this commit, or no branch and no tag leads to it any longer',
        remedy: 'name a commit of a branch; after a force push the branch has another one',
      });
    });
  }

  #fetchOnce(commit: string): Promise<Shelf> {
    const running = this.#fetching.get(commit);
    if (running !== undefined) return running;
    const fetching = this.#fetch(commit).finally(() => this.#fetching.delete(commit));
    this.#fetching.set(commit, fetching);
    return fetching;
  }

  async #fetch(commit: string): Promise<Shelf> {
    const shelf = this.#cache.makeRoom(this);
    if (await this.#fetchOnto(shelf, commit)) return shelf;
    // What we said that we have was not what the server took it for.
    this.#cache.empty(this);
    const fresh = this.#cache.shelf(this);
    if (await this.#fetchOnto(fresh, commit)) return fresh;
    throw notFound({
      subject: this.subject,
      act: `fetch ${commit}`,
      wrong: 'the server leaves objects of this commit away',
      remedy: 'check the repository on the server with "git fsck"',
    });
  }

  /** Returns whether everything of the commit is there then. */
  async #fetchOnto(shelf: Shelf, commit: string): Promise<boolean> {
    const haves = [...shelf.whole].slice(-MAX_HAVES);
    const isLazy = await this.server.filters();
    const filter = isLazy && ({ filter: 'blob:none' } as const);
    shelf.add(await this.server.fetch({ wants: [commit], haves, known: shelf.objects, depth: 1, ...filter }));
    const object = shelf.objects.get(commit);
    if (object !== undefined && object.type !== 'commit') throw this.#noCommit(commit, object.type);
    if (object === undefined || !(await this.#isWhole(shelf, parseCommit(contentOf(object)).tree, isLazy)))
      return false;
    shelf.whole.delete(commit);
    shelf.whole.add(commit);
    return true;
  }

  async #isWhole(shelf: Shelf, root: string, isLazy: boolean): Promise<boolean> {
    const database = this.#read(shelf);
    const isHere = ({ oid, type }: TreeEntry) => type !== 'blob' || isLazy || shelf.objects.has(oid);
    const seen = new Set<string>();
    const open = [root];
    for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
      if (shelf.wholeTrees.has(oid) || seen.has(oid)) continue;
      if (!shelf.objects.has(oid)) return false;
      const entries = await database.tree(oid);
      if (!entries.every(isHere)) return false;
      seen.add(oid);
      open.push(...entries.filter(({ type }) => type === 'tree').map((entry) => entry.oid));
    }
    for (const oid of seen) shelf.wholeTrees.add(oid);
    return true;
  }

  #read(shelf: Shelf): ShelfDatabase {
    const files = this.#files.get(shelf) ?? new FileFetcher(this.server, shelf);
    this.#files.set(shelf, files);
    return new ShelfDatabase(shelf, this.subject, (oid) => files.fetch(oid));
  }

  #noCommit(oid: string, type: string): Error {
    return notFound({
      subject: this.subject,
      act: `resolve "${oid}"`,
      wrong: `it names a ${type}, not a commit`,
      remedy: 'name a branch, a tag of a commit or a commit id',
    });
  }
}

/** Tries again after each wait as long as the server does not know what is asked for. */
export async function patiently<T>(attempt: () => Promise<T>, waitsMs: readonly number[]): Promise<T> {
  for (const waitMs of waitsMs) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof GitAnswerError)) throw error;
      await pause(waitMs);
    }
  }
  return attempt();
}
