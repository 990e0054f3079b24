/** Finds the commit that a branch, a tag, a range of versions or an abbreviated id means on the server now. */
import { highestInRange, isVersion, isVersionRange } from '../../model/version-range.ts';
import { notFound } from '../git-objects/not-found.ts';
import { isRefName, listNames, noVersion, unknownRef } from '../git-objects/ref-name.ts';
import type { RemoteRef } from './server-features.ts';
import type { UploadPack } from './upload-pack.ts';

const BRANCHES = 'refs/heads/';
const TAGS = 'refs/tags/';
const ABBREVIATED = /^[0-9a-f]{4,39}$/i;

export interface FoundRef {
  /** Full id of the commit. */
  readonly oid: string;
  /** The annotated tag that was named, or found in a range, without `refs/tags/`. */
  readonly tag?: { readonly name: string; readonly oid: string };
}

export class RemoteRefs {
  readonly #server: UploadPack;
  #next: { readonly prefixes: Set<string>; readonly refs: Promise<readonly RemoteRef[]> } | undefined;

  constructor(server: UploadPack) {
    this.#server = server;
  }

  /**
   * Returns where it leads. A ref of that very name comes before a range of versions. An abbreviated one can only be told apart among `known` ids and the heads of branches and tags:
   * the protocol has no other way.
   *
   * @throws {SourceNotFound} naming the branches that there are, or the newest tags.
   */
  async find(ref: string, known: (prefix: string) => readonly string[]): Promise<FoundRef> {
    const named = await this.#named(ref);
    if (named !== undefined) return named;
    const all = await this.#list([BRANCHES, TAGS]);
    const place = { subject: this.#server.connection.subject, act: `resolve "${ref}"` };
    const ids = ABBREVIATED.test(ref) ? idsBeginningWith(ref.toLowerCase(), all, known) : [];
    const [only] = ids;
    if (ids.length > 1) {
      const wrong = `${ids.length} commits begin with it: ${listNames(ids)}`;
      throw notFound({ ...place, wrong, remedy: 'give more digits' });
    }
    if (only !== undefined) return { oid: only };
    if (isVersionRange(ref)) {
      const tag = newestTag(ref, all);
      if (tag !== undefined) return foundAt(tag);
      throw notFound({ ...place, ...noVersion(namesBelow(TAGS, all)) });
    }
    throw notFound({ ...place, ...unknownRef(namesBelow(BRANCHES, all)) });
  }

  async #named(ref: string): Promise<FoundRef | undefined> {
    const candidates = isRefName(ref) ? [`${BRANCHES}${ref}`, `${TAGS}${ref}`] : [];
    if (ref.startsWith('refs/') || ref === 'HEAD') candidates.unshift(ref);
    // A single version is mostly a tag of that name: the others are looked at only where it is none.
    const isRange = isVersionRange(ref) && !isVersion(ref) && !ABBREVIATED.test(ref);
    if (candidates.length === 0 && !isRange) return undefined;
    const refs = await this.#list(isRange ? [...candidates, TAGS] : candidates);
    for (const candidate of candidates) {
      const found = refs.find(({ name }) => name === candidate);
      if (found !== undefined) return foundAt(found);
    }
    const tag = isRange ? newestTag(ref, refs) : undefined;
    return tag && foundAt(tag);
  }

  /** What is asked for in the same moment is one request; one that is on its way may know less than the caller expects. */
  #list(prefixes: readonly string[]): Promise<readonly RemoteRef[]> {
    this.#next ??= this.#listSoon();
    for (const prefix of prefixes) this.#next.prefixes.add(prefix);
    return this.#next.refs;
  }

  #listSoon() {
    const prefixes = new Set<string>();
    const refs = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      this.#next = undefined;
      return this.#server.listRefs([...prefixes]);
    });
    return { prefixes, refs };
  }
}

function newestTag(range: string, refs: readonly RemoteRef[]): RemoteRef | undefined {
  const tag = highestInRange(range, namesBelow(TAGS, refs));
  return refs.find(({ name }) => name === `${TAGS}${tag}`);
}

function namesBelow(folder: string, refs: readonly RemoteRef[]): readonly string[] {
  return refs.filter(({ name }) => name.startsWith(folder)).map(({ name }) => name.slice(folder.length));
}

function foundAt(ref: RemoteRef): FoundRef {
  const isAnnotated = ref.peeled !== undefined && ref.name.startsWith(TAGS);
  return {
    oid: targetOf(ref),
    ...(isAnnotated && { tag: { name: ref.name.slice(TAGS.length), oid: ref.oid } }),
  };
}

function targetOf({ oid, peeled }: RemoteRef): string {
  return peeled ?? oid;
}

function idsBeginningWith(
  prefix: string,
  refs: readonly RemoteRef[],
  known: (prefix: string) => readonly string[],
): readonly string[] {
  const heads = refs.map(targetOf).filter((oid) => oid.startsWith(prefix));
  return [...new Set([...heads, ...known(prefix)])];
}
