/** Finds the commit that a branch, a tag or an abbreviated id means on the server now. */
import { notFound } from '../git-objects/not-found.ts';
import { isRefName, listNames, unknownRef } from '../git-objects/ref-name.ts';
import type { RemoteRef } from './server-features.ts';
import type { UploadPack } from './upload-pack.ts';

const BRANCHES = 'refs/heads/';
const TAGS = 'refs/tags/';
const ABBREVIATED = /^[0-9a-f]{4,39}$/i;

export class RemoteRefs {
  readonly #server: UploadPack;
  #next: { readonly prefixes: Set<string>; readonly refs: Promise<readonly RemoteRef[]> } | undefined;

  constructor(server: UploadPack) {
    this.#server = server;
  }

  /**
   * Returns the full id. An abbreviated one can only be told apart among `known` ids and the heads of branches and tags:
   * the protocol has no other way.
   *
   * @throws {SourceNotFound} naming the branches that there are.
   */
  async find(ref: string, known: (prefix: string) => readonly string[]): Promise<string> {
    const named = isRefName(ref) ? await this.#named(ref) : undefined;
    if (named !== undefined) return named;
    const all = await this.#list([BRANCHES, TAGS]);
    const place = { subject: this.#server.connection.subject, act: `resolve "${ref}"` };
    const ids = ABBREVIATED.test(ref) ? idsBeginningWith(ref.toLowerCase(), all, known) : [];
    const [only] = ids;
    if (ids.length > 1) {
      const wrong = `${ids.length} commits begin with it: ${listNames(ids)}`;
      throw notFound({ ...place, wrong, remedy: 'give more digits' });
    }
    if (only !== undefined) return only;
    const branches = all.filter(({ name }) => name.startsWith(BRANCHES)).map(({ name }) => name.slice(BRANCHES.length));
    throw notFound({ ...place, ...unknownRef(branches) });
  }

  async #named(ref: string): Promise<string | undefined> {
    const candidates = [`${BRANCHES}${ref}`, `${TAGS}${ref}`];
    if (ref.startsWith('refs/') || ref === 'HEAD') candidates.unshift(ref);
    const refs = await this.#list(candidates);
    for (const candidate of candidates) {
      const found = refs.find(({ name }) => name === candidate);
      if (found !== undefined) return found.peeled ?? found.oid;
    }
    return undefined;
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

function idsBeginningWith(
  prefix: string,
  refs: readonly RemoteRef[],
  known: (prefix: string) => readonly string[],
): readonly string[] {
  const heads = refs.map(({ oid, peeled }) => peeled ?? oid).filter((oid) => oid.startsWith(prefix));
  return [...new Set([...heads, ...known(prefix)])];
}
