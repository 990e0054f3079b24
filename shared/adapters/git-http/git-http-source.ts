import type { Source } from '../../job/ports.ts';
import type { Commit, Revision } from '../../model/revision.ts';
import type { SignableCommit } from '../../model/signable-commit.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { GitSnapshot } from '../git-objects/git-snapshot.ts';
import { describeCommit } from '../git-objects/object-database.ts';
import { parseGitAddress } from './git-address.ts';
import { GitConnection } from './git-connection.ts';
import { type GitCredentials, NO_CREDENTIALS } from './git-credentials.ts';
import { GIT_LIMITS, type GitLimits } from './git-limits.ts';
import { ObjectCache } from './object-cache.ts';
import { fetchTrusting } from './own-authority.ts';
import { type LogOptions, readRemoteLog } from './remote-log.ts';
import { patiently, RemoteObjects } from './remote-objects.ts';
import { type FoundRef, RemoteRefs } from './remote-refs.ts';
import { UploadPack } from './upload-pack.ts';

export interface GitHttpPlace {
  /** https; http on this machine alone. */
  readonly url: string;
  /** Default: none. */
  readonly credentials?: GitCredentials;
  /** One for all repositories of a process. Default: one of its own. */
  readonly cache?: ObjectCache;
  readonly limits?: Partial<GitLimits>;
  /** Certificates (PEM) of authorities that are trusted beside the known ones. */
  readonly ca?: string | undefined;
}

const FULL_ID = /^[0-9a-f]{40}$/i;

/**
 * A repository on a Git server, read over smart HTTP without a checkout, a file system or a git binary. A head that has
 * not moved costs one request; a new one brings what is new of its commit with it.
 */
export class GitHttpSource implements Source {
  readonly #objects: RemoteObjects;
  readonly #refs: RemoteRefs;
  readonly #waitsMs: readonly number[];

  /** @throws {ConfigInvalid} for an address that is not spoken to, or an authority that is no certificate. */
  constructor({ url, credentials = NO_CREDENTIALS, cache = new ObjectCache(), limits, ca }: GitHttpPlace) {
    const connection = new GitConnection(parseGitAddress(url), {
      credentials,
      limits: { ...GIT_LIMITS, ...limits },
      ...(ca !== undefined && { fetchAnswer: fetchTrusting(ca) }),
    });
    const server = new UploadPack(connection);
    this.#objects = new RemoteObjects(server, cache);
    this.#refs = new RemoteRefs(server);
    this.#waitsMs = connection.limits.retryWaitsMs;
  }

  async resolve(ref: string): Promise<Commit> {
    return this.#describe(await this.#find(ref));
  }

  /** A tag costs one more request, once. */
  async signable(ref: string): Promise<SignableCommit> {
    const read = async (): Promise<SignableCommit> => {
      const { oid, tag } = await this.#find(ref);
      const commit = await this.#describe({ oid });
      const content = await this.#objects.content(oid, oid);
      if (tag === undefined) return { commit, content };
      return { commit, content, tag: { name: tag.name, content: await this.#objects.content(oid, tag.oid) } };
    };
    return patiently(read, this.#waitsMs);
  }

  async snapshot(revision: Revision): Promise<Snapshot> {
    const database = await this.#objects.openSoon(revision);
    return new GitSnapshot(database, revision, (await database.commit(revision)).tree);
  }

  /** With `path`, changes longer ago than 20 commits for each one asked for (50 at least, 500 at most) are not found. */
  async log(revision: Revision, options: LogOptions): Promise<readonly Commit[]> {
    const found = await readRemoteLog(this.#objects, revision, options);
    return found.map(({ oid, commit }) => describeCommit(oid, commit));
  }

  async #describe({ oid }: FoundRef): Promise<Commit> {
    const database = await this.#objects.openSoon(oid);
    return describeCommit(oid, await database.commit(oid));
  }

  async #find(ref: string): Promise<FoundRef> {
    return FULL_ID.test(ref) ? { oid: ref.toLowerCase() } : this.#findAndFetch(ref);
  }

  /** A branch may move between the look at it and the fetch, and its old commit be gone: then it is looked at again. */
  async #findAndFetch(ref: string): Promise<FoundRef> {
    const findAndFetch = async (): Promise<FoundRef> => {
      const found = await this.#refs.find(ref, (prefix) => this.#objects.known(prefix));
      await this.#objects.open(found.oid);
      return found;
    };
    return patiently(findAndFetch, this.#waitsMs);
  }
}
