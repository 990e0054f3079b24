/**
 * Sealed blobs in a bucket. Names are HMACs, so that they say nothing and spread over S3's partitions; each blob carries
 * the wrapped key that seals it. Objects expire by the bucket's lifecycle: one that is used past half its life is
 * written anew, so what is in use never comes of age.
 */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { S3Client } from '@aws-sdk/client-s3';
import { BLOB_KEY_PREFIX, BLOB_LIFE_DAYS, BLOB_PREFIX } from '../../config/names.ts';
import type { BlobStore } from '../../job/ports.ts';
import { subkey } from '../sealing/subkey.ts';
import { Bucket } from './bucket.ts';
import { DataKeys, type KeyWrapping } from './data-keys.ts';
import { closeEnvelope, openEnvelope, readEnvelope } from './envelope.ts';
import { findNameKey, readNameKey } from './name-key.ts';

const NAME_KEY = `${BLOB_KEY_PREFIX}digest`;
const HALF_LIFE_MS = (BLOB_LIFE_DAYS / 2) * 86_400_000;

export interface S3Place {
  readonly s3: S3Client;
  readonly kms: KMSClient;
  readonly bucket: string;
  /** Wraps the data keys. */
  readonly keyArn: string;
  readonly fleet: string;
}

/**
 * Returns the blobs of a fleet. Costs one GET and one Decrypt, so it is called once a process; the first start of a fleet
 * makes the key.
 *
 * @throws {StateUnavailable | Throttled} when bucket or key cannot be used.
 */
export async function openS3BlobStore(place: S3Place, nowMs: () => number = Date.now): Promise<S3BlobStore> {
  const bucket = new Bucket(place.s3, place.bucket);
  const master = await readNameKey(bucket, NAME_KEY, wrappingOf(place, 'names'));
  return new S3BlobStore(bucket, { master, dataKeys: new DataKeys(wrappingOf(place, 'blobs'), nowMs), nowMs });
}

/**
 * Returns the same blobs for whoever may only read; undefined: nothing was ever stored, and it is for a writer to begin.
 *
 * @throws {StateUnavailable | Throttled} when bucket or key cannot be used.
 */
export async function findS3BlobStore(
  place: S3Place,
  nowMs: () => number = Date.now,
): Promise<S3BlobStore | undefined> {
  const bucket = new Bucket(place.s3, place.bucket);
  const master = await findNameKey(bucket, NAME_KEY, wrappingOf(place, 'names'));
  if (master === undefined) return undefined;
  return new S3BlobStore(bucket, { master, dataKeys: new DataKeys(wrappingOf(place, 'blobs'), nowMs), nowMs });
}

function wrappingOf({ kms, keyArn, fleet }: S3Place, purpose: string): KeyWrapping {
  return { kms, keyArn, context: { fleet, purpose } };
}

interface StoreKeys {
  /** Names and digests follow from it. */
  readonly master: Uint8Array;
  readonly dataKeys: DataKeys;
  readonly nowMs: () => number;
}

export class S3BlobStore implements BlobStore {
  readonly #bucket: Bucket;
  readonly #dataKeys: DataKeys;
  readonly #nowMs: () => number;
  readonly #nameKey: KeyObject;
  // Key objects: with plain bytes Node takes six times as long for each digest, and there is one an object.
  readonly #digestKey: KeyObject;

  constructor(bucket: Bucket, { master, dataKeys, nowMs }: StoreKeys) {
    this.#bucket = bucket;
    this.#dataKeys = dataKeys;
    this.#nowMs = nowMs;
    this.#nameKey = createSecretKey(subkey(master, 'blob names'));
    this.#digestKey = createSecretKey(subkey(master, 'digests'));
  }

  async write(key: string, content: Uint8Array): Promise<void> {
    const name = this.#nameOf(key);
    await this.#bucket.put(name, closeEnvelope(await this.#dataKeys.toSeal(), name, content));
  }

  async read(key: string): Promise<Uint8Array | undefined> {
    const name = this.#nameOf(key);
    const stored = await this.#bucket.get(name);
    if (stored === undefined) return undefined;
    const content = await this.#open(name, stored.bytes);
    // A damaged blob goes, else `has` would keep the next writer from mending it. Who may only read leaves that to others.
    if (content === undefined) await this.#bucket.remove(name).catch(() => undefined);
    else await this.#renewInTime(name, stored.writtenAtMs);
    return content;
  }

  /** Says that the blob is there, not that it opens. */
  async has(key: string): Promise<boolean> {
    const name = this.#nameOf(key);
    const writtenAtMs = await this.#bucket.writtenAtMs(name);
    if (writtenAtMs === undefined) return false;
    await this.#renewInTime(name, writtenAtMs);
    return true;
  }

  async remove(key: string): Promise<void> {
    await this.#bucket.remove(this.#nameOf(key)).catch(() => undefined);
  }

  digest(content: string | Uint8Array): string {
    return createHmac('sha256', this.#digestKey).update(content).digest('hex');
  }

  async #open(name: string, bytes: Uint8Array): Promise<Uint8Array | undefined> {
    const envelope = readEnvelope(bytes);
    if (envelope === undefined) return undefined;
    const key = await this.#dataKeys.unwrap(envelope.wrapped);
    const content = key && openEnvelope(envelope, key, name);
    if (key !== undefined && content !== undefined) this.#dataKeys.adopt({ ...envelope, key });
    return content;
  }

  async #renewInTime(name: string, writtenAtMs: number): Promise<void> {
    if (this.#nowMs() - writtenAtMs < HALF_LIFE_MS) return;
    // Half a life is left to try again, and a blob that is lost is made again.
    await this.#bucket.renew(name).catch(() => undefined);
  }

  #nameOf(key: string): string {
    return BLOB_PREFIX + createHmac('sha256', this.#nameKey).update(key).digest('hex');
  }
}
