import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { awsErrorName, awsFault } from '../aws/aws-fault.ts';

export interface StoredBytes {
  readonly bytes: Uint8Array;
  readonly writtenAtMs: number;
}

const MISSING: ReadonlySet<string> = new Set(['NoSuchKey', 'NotFound']);
/** The object is there already, or is being written by another this moment. */
const TAKEN: ReadonlySet<string> = new Set(['PreconditionFailed', 'ConditionalRequestConflict']);

/** Objects of one bucket, by their names. Without `s3:ListBucket` S3 calls a missing object a denied one. */
export class Bucket {
  readonly #client: S3Client;
  readonly name: string;

  constructor(client: S3Client, name: string) {
    this.#client = client;
    this.name = name;
  }

  get(key: string): Promise<StoredBytes | undefined> {
    return this.#call('read a blob', async () => {
      const { Body, LastModified } = await this.#client.send(new GetObjectCommand({ Bucket: this.name, Key: key }));
      const bytes = await Body?.transformToByteArray();
      return bytes && { bytes, writtenAtMs: LastModified?.getTime() ?? 0 };
    });
  }

  /** Returns when the object was written; undefined: there is none. */
  writtenAtMs(key: string): Promise<number | undefined> {
    return this.#call('look for a blob', async () => {
      const { LastModified } = await this.#client.send(new HeadObjectCommand({ Bucket: this.name, Key: key }));
      return LastModified?.getTime() ?? 0;
    });
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    await this.#call('write a blob', () =>
      this.#client.send(new PutObjectCommand({ Bucket: this.name, Key: key, Body: bytes })),
    );
  }

  /** False: another was first. */
  async putIfMissing(key: string, bytes: Uint8Array): Promise<boolean> {
    try {
      await this.#client.send(new PutObjectCommand({ Bucket: this.name, Key: key, Body: bytes, IfNoneMatch: '*' }));
      return true;
    } catch (error) {
      if (TAKEN.has(awsErrorName(error))) return false;
      throw this.#fault(error, 'make the key of the blobs');
    }
  }

  /** Writes the object anew as it is, which is when its life begins. */
  async renew(key: string): Promise<void> {
    const CopySource = `${this.name}/${key}`;
    // S3 refuses a copy onto itself that changes nothing; replaced metadata are a change.
    const command = new CopyObjectCommand({ Bucket: this.name, Key: key, CopySource, MetadataDirective: 'REPLACE' });
    await this.#call('renew a blob', () => this.#client.send(command));
  }

  async remove(key: string): Promise<void> {
    await this.#call('remove a damaged blob', () =>
      this.#client.send(new DeleteObjectCommand({ Bucket: this.name, Key: key })),
    );
  }

  async #call<T>(act: string, send: () => Promise<T>): Promise<T | undefined> {
    try {
      return await send();
    } catch (error) {
      if (MISSING.has(awsErrorName(error))) return undefined;
      throw this.#fault(error, act);
    }
  }

  #fault(error: unknown, act: string) {
    return awsFault(error, { subject: `bucket ${this.name}`, act, code: 'StateUnavailable' });
  }
}
