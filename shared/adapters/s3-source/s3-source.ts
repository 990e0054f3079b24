/**
 * The objects of a bucket as files, or those in one archive. A bucket has neither branches nor history, and its objects
 * change one by one: all are read when a revision is resolved, each as it was listed (If-Match). When one has changed
 * meanwhile, everything is listed again, so a revision is never a mix of two listings.
 */
import { createHash } from 'node:crypto';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { PlumblineError } from '../../errors.ts';
import type { Source } from '../../job/ports.ts';
import type { Problem } from '../../model/problem.ts';
import type { Commit, Revision } from '../../model/revision.ts';
import type { Snapshot, SnapshotFile } from '../../model/snapshot.ts';
import { unpackArchive } from '../archives/unpack-archive.ts';
import { awsErrorName, awsFault, isDenied, isExpired } from '../aws/aws-fault.ts';
import { type ListedObject, listObjects } from './list-objects.ts';
import type { BucketPlace } from './make-client.ts';

export interface BucketLimits {
  readonly objects: number;
  /** Of all of them together: they are held in memory. */
  readonly bytes: number;
  readonly readAtOnce: number;
  /** How often everything is listed while objects change in between. */
  readonly tries: number;
}

const LIMITS: BucketLimits = { objects: 10_000, bytes: 128 * 1024 * 1024, readAtOnce: 16, tries: 4 };
const ARCHIVE = /\.(tar\.gz|tgz|tar)$/;
/** Written anew, or deleted, since it was listed. */
const CHANGED: ReadonlySet<string> = new Set(['PreconditionFailed', 'NoSuchKey', 'ConditionalRequestConflict']);

interface Taken {
  /** Of keys and ETags: a listing that is the same needs no reading. */
  readonly listing: string;
  readonly commit: Commit;
  readonly snapshot: Snapshot;
}

/** Objects by key and ETag. */
type Contents = ReadonlyMap<string, Uint8Array>;

export class S3Source implements Source {
  readonly #place: BucketPlace;
  readonly #client: S3Client;
  readonly #limits: BucketLimits;
  #taken: Taken | undefined;
  #contents: Contents = new Map();

  constructor(place: BucketPlace, client: S3Client, limits: Partial<BucketLimits> = {}) {
    this.#place = place;
    this.#client = client;
    this.#limits = { ...LIMITS, ...limits };
  }

  /** Of the objects as they are now. @throws {SourceNotFound} for every `ref` but `HEAD`. */
  async resolve(ref: string): Promise<Commit> {
    if (ref === this.#taken?.commit.revision) return this.#taken.commit;
    if (ref !== 'HEAD') {
      const wrong = 'a bucket has no branches, tags and commits, only its present objects';
      throw this.#failure(`resolve "${ref}"`, wrong, 'leave the revision away, and keep versions apart by prefixes');
    }
    for (let tries = 0; tries < this.#limits.tries; tries += 1) {
      const taken = await this.#take();
      if (taken !== undefined) {
        this.#taken = taken;
        return taken.commit;
      }
    }
    const wrong = 'objects change faster than they can be read';
    const remedy = 'it is tried again by itself; put them there under a new prefix, or as one archive, if it lasts';
    throw this.#failure('read objects', wrong, remedy, 'SourceUnreachable');
  }

  async snapshot(revision: Revision): Promise<Snapshot> {
    if (this.#taken?.commit.revision !== revision) await this.resolve('HEAD');
    if (this.#taken?.commit.revision === revision) return this.#taken.snapshot;
    const remedy = 'nothing: the present ones are read next';
    throw this.#failure(`read ${revision.slice(0, 12)}`, 'the bucket holds other objects now', remedy);
  }

  async log(revision: Revision, { limit }: { readonly limit: number }): Promise<readonly Commit[]> {
    await this.snapshot(revision);
    return this.#taken === undefined ? [] : [this.#taken.commit].slice(0, limit);
  }

  /** Undefined: an object changed since it was listed. */
  async #take(): Promise<Taken | undefined> {
    const listed = await this.#list();
    const listing = sha256(JSON.stringify(listed.map(({ key, etag }) => [key, etag])));
    if (this.#taken?.listing === listing) return this.#taken;
    const contents = await this.#readAll(listed);
    if (contents === undefined) return undefined;
    this.#contents = contents;
    const { files, read } = await this.#open(listed, contents);
    const revision = sha256(JSON.stringify(files.map(({ path, id }) => [path, id])));
    const commit: Commit = {
      revision,
      subject: `${files.length} files of ${this.#subject}`,
      author: '',
      committedAtMs: Math.max(...listed.map(({ writtenAtMs }) => writtenAtMs)),
    };
    return { listing, commit, snapshot: snapshotOf(revision, files, read) };
  }

  async #list(): Promise<readonly ListedObject[]> {
    const { bucket, prefix = '' } = this.#place;
    const isFolder = prefix === '' || prefix.endsWith('/') || ARCHIVE.test(prefix);
    const limit = this.#limits.objects;
    const wanted = { bucket, prefix: isFolder ? prefix : `${prefix}/`, limit };
    const found = await this.#ask('list objects', () => listObjects(this.#client, wanted));
    // Beside an archive may stand what begins alike: its checksum.
    const listed = ARCHIVE.test(prefix) ? found.filter(({ key }) => key === prefix) : found;
    const act = 'list objects';
    if (listed.length === 0) throw this.#failure(act, 'there are none', 'check bucket and prefix, or put them there');
    if (listed.length > limit) throw this.#failure(act, `there are more than ${limit}`, 'name a folder as prefix');
    const bytes = listed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const most = this.#limits.bytes;
    if (bytes > most)
      throw this.#failure(
        act,
        `they have ${bytes} bytes, more than the ${most} that are read`,
        'name a folder as prefix',
      );
    return listed;
  }

  async #readAll(listed: readonly ListedObject[]): Promise<Contents | undefined> {
    const contents = new Map<string, Uint8Array>();
    const waiting = [...listed];
    let isChanged = false;
    const readSome = async (): Promise<void> => {
      for (let next = waiting.pop(); next !== undefined && !isChanged; next = waiting.pop()) {
        const name = nameOf(next);
        const content = this.#contents.get(name) ?? (await this.#read(next));
        if (content === undefined) isChanged = true;
        else contents.set(name, content);
      }
    };
    await Promise.all(Array.from({ length: this.#limits.readAtOnce }, readSome));
    return isChanged ? undefined : contents;
  }

  async #read({ key, etag }: ListedObject): Promise<Uint8Array | undefined> {
    const command = new GetObjectCommand({ Bucket: this.#place.bucket, Key: key, IfMatch: etag });
    return this.#ask(`read ${key}`, async () => {
      try {
        return await (await this.#client.send(command)).Body?.transformToByteArray();
      } catch (error) {
        if (CHANGED.has(awsErrorName(error))) return undefined;
        throw error;
      }
    });
  }

  async #open(listed: readonly ListedObject[], contents: Contents) {
    const { prefix = '' } = this.#place;
    const [only] = listed;
    if (only?.key === prefix && ARCHIVE.test(prefix)) {
      const files = await unpackArchive(contents.get(nameOf(only)) ?? new Uint8Array(), { subject: this.#subject });
      return { files: await files.list(''), read: files.read };
    }
    const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
    const byPath = new Map(listed.map((object) => [this.#pathOf(object, folder), contents.get(nameOf(object))]));
    const files = [...byPath].map(([path, content = new Uint8Array()]): SnapshotFile => {
      return { path, id: sha256(content), type: 'file' };
    });
    const read = async (path: string): Promise<Uint8Array> => {
      const content = byPath.get(path);
      if (content !== undefined) return content;
      throw this.#failure(`read ${JSON.stringify(path)}`, 'there is no such object', 'correct the path');
    };
    return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), read };
  }

  /** A key may be any text; as a path it would lead out of the folder that we render in. */
  #pathOf({ key }: ListedObject, folder: string): string {
    const path = key.slice(folder.length);
    const isUnsafe = path.split('/').some((name) => ['', '.', '..', '.git'].includes(name) || /[\\\0]/.test(name));
    if (!isUnsafe) return path;
    throw this.#failure(
      'list objects',
      `the key ${JSON.stringify(key)} is no path of a file`,
      'give the object another key',
    );
  }

  get #subject(): string {
    const { bucket, prefix = '' } = this.#place;
    return `s3://${bucket}/${prefix}`;
  }

  async #ask<T>(act: string, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      const name = awsErrorName(error);
      if (name === 'NoSuchBucket')
        throw this.#failure(act, 'there is no such bucket', 'check the name, and the region');
      if (name === 'PermanentRedirect' || name === 'IllegalLocationConstraintException') {
        throw this.#failure(act, 'the bucket is in another region', 'correct spec.s3.region');
      }
      const code = isDenied(error) || isExpired(error) ? 'CredentialsExpired' : 'SourceUnreachable';
      throw awsFault(error, { subject: this.#subject, act, code });
    }
  }

  #failure(act: string, wrong: string, remedy: string, code: Problem['code'] = 'SourceNotFound'): PlumblineError {
    return new PlumblineError([{ code, subject: this.#subject, act, wrong, remedy }]);
  }
}

function snapshotOf(revision: Revision, files: readonly SnapshotFile[], read: Snapshot['read']): Snapshot {
  const list = async (prefix: string): Promise<readonly SnapshotFile[]> => {
    const path = prefix.replace(/\/+$/, '');
    return path === '' ? files : files.filter((file) => file.path === path || file.path.startsWith(`${path}/`));
  };
  return { revision, list, read };
}

function nameOf({ key, etag }: ListedObject): string {
  return `${key}\n${etag}`;
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
