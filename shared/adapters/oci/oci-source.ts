/**
 * An OCI artifact of manifests as a source: what `flux push artifact` or `oras push` of a folder puts there. A revision
 * is the digest of a manifest. An artifact has no history: each stands for itself.
 */
import { PlumblineError } from '../../errors.ts';
import type { Source } from '../../job/ports.ts';
import type { Commit, Revision } from '../../model/revision.ts';
import { shortText } from '../../model/short-problems.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { ARCHIVE_LIMITS } from '../archives/archive-limits.ts';
import { unpackArchive } from '../archives/unpack-archive.ts';
import { findManifest, type TaggedManifest } from './find-manifest.ts';
import type { Descriptor, Manifest } from './manifest.ts';
import { OciClient, type OciPlace } from './oci-client.ts';

const FLUX_CONTENT = 'application/vnd.cncf.flux.content.v1.tar+gzip';
const PACKED_FOLDERS: readonly string[] = [
  'application/vnd.oci.image.layer.v1.tar+gzip',
  'application/vnd.oci.image.layer.v1.tar',
  'application/vnd.docker.image.rootfs.diff.tar.gzip',
];
const CHART_CONFIG = 'application/vnd.cncf.helm.config.v1+json';
/** Unpacked, in memory: most repositories are read at one revision. */
const KEPT_SNAPSHOTS = 2;
const LONGEST_TEXT = 200;

export class OciSource implements Source {
  readonly #client: OciClient;
  readonly #known = new Map<Revision, TaggedManifest>();
  readonly #snapshots = new Map<Revision, Promise<Snapshot>>();

  constructor(place: OciPlace) {
    this.#client = new OciClient(place);
  }

  /** `ref`: a tag, `sha256:...`, a range of versions over the tags, or `HEAD` for `latest`. */
  async resolve(ref: string): Promise<Commit> {
    const found = await findManifest(this.#client, ref);
    this.#known.set(found.digest, found);
    return commitOf(found);
  }

  snapshot(revision: Revision): Promise<Snapshot> {
    const known = this.#snapshots.get(revision) ?? this.#open(revision);
    this.#snapshots.delete(revision);
    this.#snapshots.set(revision, known);
    for (const old of [...this.#snapshots.keys()].slice(0, -KEPT_SNAPSHOTS)) this.#snapshots.delete(old);
    known.catch(() => this.#snapshots.delete(revision));
    return known;
  }

  async log(revision: Revision, { limit }: { readonly limit: number }): Promise<readonly Commit[]> {
    return limit < 1 ? [] : [commitOf(await this.#manifest(revision))];
  }

  async #manifest(revision: Revision): Promise<TaggedManifest> {
    const found = this.#known.get(revision) ?? (await findManifest(this.#client, revision));
    this.#known.set(revision, found);
    return found;
  }

  async #open(revision: Revision): Promise<Snapshot> {
    const subject = this.#client.address.href;
    const { manifest } = await this.#manifest(revision);
    const layer = contentOf(manifest, subject);
    const archive = await this.#client.blob(layer.digest, ARCHIVE_LIMITS.packedBytes);
    return { revision, ...(await unpackArchive(archive, { subject })) };
  }
}

/** Annotations by the image spec's own names; flux writes them, with `main@sha1:...` as the revision. */
function commitOf({ digest, tag, manifest }: TaggedManifest): Commit {
  const annotation = (name: string): string => shownText(manifest.annotations[`org.opencontainers.image.${name}`]);
  const createdMs = Date.parse(annotation('created'));
  const origin = annotation('revision');
  const title = annotation('title') || tag || `sha256:${digest.slice(0, 7)}`;
  return {
    revision: digest,
    subject: origin === '' ? title : `${title} of ${origin}`,
    author: annotation('authors') || annotation('source'),
    committedAtMs: Number.isNaN(createdMs) ? 0 : createdMs,
  };
}

/** An annotation may be megabytes long, and what is told of a commit stands in the state and on terminals. */
function shownText(annotation = ''): string {
  return shortText(annotation.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim(), LONGEST_TEXT);
}

function contentOf({ config, layers }: Manifest, subject: string): Descriptor {
  const act = 'look for the files';
  if (config.mediaType === CHART_CONFIG) {
    const remedy = 'name it as spec.source.chart, and let the Repository be the address without its name';
    throw new PlumblineError([{ code: 'SourceNotFound', subject, act, wrong: 'it is a Helm chart', remedy }]);
  }
  const flux = layers.find(({ mediaType }) => mediaType === FLUX_CONTENT);
  const [folder, ...others] = layers.filter(({ mediaType }) => PACKED_FOLDERS.includes(mediaType));
  const layer = flux ?? (others.length === 0 ? folder : undefined);
  if (layer !== undefined) return layer;
  const types = [...new Set(layers.map(({ mediaType }) => mediaType.slice(0, 100)))];
  const wrong = `it has ${layers.length} layers (${types.join(', ') || 'of no type'}), and not one that holds the files`;
  const remedy = 'push a folder with "flux push artifact" or "oras push"';
  throw new PlumblineError([{ code: 'SourceNotFound', subject, act, wrong, remedy }]);
}
