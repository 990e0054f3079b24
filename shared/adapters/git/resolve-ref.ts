import * as fs from 'node:fs';
import git from 'isomorphic-git';
import { highestInRange, isVersionRange } from '../../model/version-range.ts';
import { notFound } from '../git-objects/not-found.ts';
import { isRefName, listNames, noVersion, unknownRef } from '../git-objects/ref-name.ts';
import type { ObjectReader } from './object-reader.ts';

const OBJECT_ID = /^[0-9a-f]{4,40}$/i;

export interface FoundRef {
  /** Full id of the commit. */
  readonly oid: string;
  /** The tag that was named, or found in a range, without `refs/tags/`; `oid` is what the ref itself holds. */
  readonly tag?: { readonly name: string; readonly oid: string };
}

/**
 * Returns the full id of the commit that `ref` names: a branch, else a tag (annotated ones are followed), else a
 * remote-tracking branch, `HEAD`, a commit id of at least 4 digits, or the highest tag in a range of versions.
 *
 * @throws {SourceNotFound} naming the branches that there are, or the newest tags.
 */
export async function resolveRef(reader: ObjectReader, ref: string): Promise<FoundRef> {
  const found = isRefName(ref) ? ((await namedRef(reader, ref)) ?? (await abbreviated(reader, ref))) : undefined;
  if (found !== undefined) return found;
  const { path, gitdir } = reader.place;
  if (isVersionRange(ref)) return inRange(reader, ref);
  const branches = await git.listBranches({ fs, gitdir });
  throw notFound({ subject: path, act: `resolve "${ref}"`, ...unknownRef(branches) });
}

async function namedRef(reader: ObjectReader, ref: string): Promise<FoundRef | undefined> {
  const candidates = [`refs/heads/${ref}`, `refs/tags/${ref}`, `refs/remotes/${ref}`];
  if (ref.startsWith('refs/') || ref === 'HEAD') candidates.unshift(ref);
  for (const candidate of candidates) {
    const oid = await git.resolveRef({ fs, gitdir: reader.place.gitdir, ref: candidate }).catch(() => undefined);
    if (oid === undefined || !OBJECT_ID.test(oid)) continue;
    const [, tag] = /^refs\/tags\/(.+)$/.exec(candidate) ?? [];
    return { oid: await peel(reader, oid, ref), ...(tag !== undefined && { tag: { name: tag, oid } }) };
  }
  return undefined;
}

async function inRange(reader: ObjectReader, range: string): Promise<FoundRef> {
  const { path, gitdir } = reader.place;
  const tags = await git.listTags({ fs, gitdir });
  const tag = highestInRange(range, tags);
  const found = tag && (await namedRef(reader, `refs/tags/${tag}`));
  if (found) return found;
  throw notFound({ subject: path, act: `resolve "${range}"`, ...noVersion(tags) });
}

async function abbreviated(reader: ObjectReader, ref: string): Promise<FoundRef | undefined> {
  if (!OBJECT_ID.test(ref)) return undefined;
  const commits: string[] = [];
  for (const oid of await reader.expand(ref.toLowerCase())) {
    if ((await reader.read(oid)).type === 'commit') commits.push(oid);
  }
  const [only] = commits;
  if (commits.length <= 1) return only === undefined ? undefined : { oid: only };
  throw notFound({
    subject: reader.place.path,
    act: `resolve "${ref}"`,
    wrong: `${commits.length} commits begin with it: ${listNames(commits)}`,
    remedy: 'give more digits',
  });
}

async function peel(reader: ObjectReader, oid: string, ref: string): Promise<string> {
  const object = await reader.read(oid);
  if (object.type === 'commit') return oid;
  if (object.type === 'tag') return peel(reader, object.target, ref);
  throw notFound({
    subject: reader.place.path,
    act: `resolve "${ref}"`,
    wrong: `it names a ${object.type}, not a commit`,
    remedy: 'name a branch, a tag of a commit or a commit id',
  });
}
