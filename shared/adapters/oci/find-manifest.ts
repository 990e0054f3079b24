import { PlumblineError } from '../../errors.ts';
import { highestInRange, isVersionRange, newestVersions } from '../../model/version-range.ts';
import type { FoundManifest, OciClient } from './oci-client.ts';

export interface TaggedManifest extends FoundManifest {
  /** Absent: it was asked for by its digest. */
  readonly tag?: string;
}

const DIGEST = /^(?:sha256:)?([0-9a-f]{64})$/;
const TAG = /^\w[\w.-]{0,127}$/;
const SHOWN_TAGS = 10;

/**
 * Returns the manifest that `ref` means: a digest, a tag, or the highest tag in a range of versions. A tag counts before
 * a range that reads the same (`1.2`); `HEAD` is the tag `latest`.
 *
 * @throws {SourceNotFound} that names some tags that there are.
 */
export async function findManifest(client: OciClient, ref: string): Promise<TaggedManifest> {
  const [, digest] = DIGEST.exec(ref) ?? [];
  if (digest !== undefined) {
    const found = await client.manifest(`sha256:${digest}`);
    if (found !== undefined) return found;
    throw missing(client, ref, 'there is no such digest');
  }
  const named = ref === 'HEAD' ? 'latest' : ref;
  const byTag = TAG.test(named) ? await client.manifest(named) : undefined;
  if (byTag !== undefined) return { ...byTag, tag: named };
  const tags = await client.tags();
  const tag = isVersionRange(ref) ? highestInRange(ref, tags) : undefined;
  const found = tag === undefined ? undefined : await client.manifest(tag);
  if (tag !== undefined && found !== undefined) return { ...found, tag };
  const what = isVersionRange(ref) ? 'no tag is this version or lies in this range' : `there is no tag ${quote(named)}`;
  throw missing(client, ref, `${what}; there are ${shownTags(tags)}`);
}

/** The newest versions first, then what is no version. */
function shownTags(tags: readonly string[]): string {
  if (tags.length === 0) return 'none';
  const versions = newestVersions(tags);
  const others = tags.filter((tag) => !versions.includes(tag));
  const sorted = [...versions, ...others];
  const more = sorted.length > SHOWN_TAGS ? ` and ${sorted.length - SHOWN_TAGS} more` : '';
  return `${sorted.slice(0, SHOWN_TAGS).map(quote).join(', ')}${more}`;
}

function quote(tag: string): string {
  return JSON.stringify(tag);
}

function missing({ address }: OciClient, ref: string, wrong: string): PlumblineError {
  const act = `resolve ${JSON.stringify(ref)}`;
  const remedy = 'name a tag, a digest (sha256:...) or a range of versions';
  return new PlumblineError([{ code: 'SourceNotFound', subject: address.href, act, wrong, remedy }]);
}
