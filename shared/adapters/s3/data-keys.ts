/**
 * Data keys by KMS (envelope encryption): each seals many blobs and travels, wrapped, with every one of them. A key that
 * was unwrapped to read a blob also seals new ones while it is young: whoever reads before it writes needs no key of its
 * own, so a fleet has about one new key a day however many processes it has.
 */
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { awsErrorName, awsFault } from '../aws/aws-fault.ts';

export interface DataKey {
  readonly key: Uint8Array;
  readonly wrapped: Uint8Array;
  /** Milliseconds since 1970. */
  readonly madeAtMs: number;
}

export type WrappedKey = Omit<DataKey, 'key'>;

export interface KeyWrapping {
  readonly kms: KMSClient;
  readonly keyArn: string;
  /** Part of every wrapped key: it opens with the same words alone, and CloudTrail shows them. */
  readonly context: Readonly<Record<string, string>>;
}

/** Far from the 2^32 blobs a key of seal.ts, and what a stolen key opens is one day's. */
const SEALS_FOR_MS = 86_400_000;
/** Of more days than blobs live, and then some. */
const KEYS_KEPT = 500;
const FOREIGN: ReadonlySet<string> = new Set(['InvalidCiphertextException', 'IncorrectKeyException']);

export class DataKeys {
  readonly #wrapping: KeyWrapping;
  readonly #nowMs: () => number;
  readonly #unwrapped = new Map<string, Promise<Uint8Array | undefined>>();
  #current: DataKey | undefined;
  #making: Promise<DataKey> | undefined;

  constructor(wrapping: KeyWrapping, nowMs: () => number) {
    this.#wrapping = wrapping;
    this.#nowMs = nowMs;
  }

  /** Returns a key to seal with; at most one call of KMS a day, and none after a young blob was read. @throws {StateUnavailable | Throttled} */
  async toSeal(): Promise<DataKey> {
    const current = this.#current;
    if (current !== undefined && this.#isYoung(current)) return current;
    this.#making ??= makeDataKey(this.#wrapping, this.#nowMs()).finally(() => {
      this.#making = undefined;
    });
    this.#current = await this.#making;
    return this.#current;
  }

  /** Returns the key that `wrapped` holds; undefined: it was never ours. @throws {StateUnavailable | Throttled} */
  async unwrap(wrapped: Uint8Array): Promise<Uint8Array | undefined> {
    if (this.#current !== undefined && Buffer.compare(this.#current.wrapped, wrapped) === 0) return this.#current.key;
    const name = Buffer.from(wrapped).toString('base64');
    const opening = this.#unwrapped.get(name) ?? unwrapKey(this.#wrapping, wrapped);
    this.#keep(name, opening);
    try {
      return await opening;
    } catch (error) {
      this.#unwrapped.delete(name);
      throw error;
    }
  }

  /** Seals with this key from now on, if it is younger than ours; only for one that has just opened a blob. */
  adopt(key: DataKey): void {
    const isYounger = this.#current === undefined || key.madeAtMs > this.#current.madeAtMs;
    if (isYounger && this.#isYoung(key)) this.#current = key;
  }

  /** The key used longest ago goes when there are too many. */
  #keep(name: string, opening: Promise<Uint8Array | undefined>): void {
    this.#unwrapped.delete(name);
    this.#unwrapped.set(name, opening);
    const [oldest] = this.#unwrapped.keys();
    if (oldest !== undefined && this.#unwrapped.size > KEYS_KEPT) this.#unwrapped.delete(oldest);
  }

  #isYoung({ madeAtMs }: WrappedKey): boolean {
    return Math.abs(this.#nowMs() - madeAtMs) < SEALS_FOR_MS;
  }
}

/** Returns a fresh key of 32 bytes, plain and wrapped. @throws {StateUnavailable | Throttled} */
export async function makeDataKey({ kms, keyArn, context }: KeyWrapping, nowMs: number): Promise<DataKey> {
  const command = new GenerateDataKeyCommand({ KeyId: keyArn, KeySpec: 'AES_256', EncryptionContext: { ...context } });
  try {
    const { Plaintext, CiphertextBlob } = await kms.send(command);
    if (Plaintext === undefined || CiphertextBlob === undefined) throw new Error('the answer holds no key');
    return { key: Plaintext, wrapped: CiphertextBlob, madeAtMs: nowMs };
  } catch (error) {
    throw awsFault(error, { subject: `key ${keyArn}`, act: 'make a data key', code: 'StateUnavailable' });
  }
}

/** Returns the key, or undefined when it was wrapped by another key or in another context, or is damaged. @throws {StateUnavailable | Throttled} */
export async function unwrapKey(
  { kms, keyArn, context }: KeyWrapping,
  wrapped: Uint8Array,
): Promise<Uint8Array | undefined> {
  const command = new DecryptCommand({ KeyId: keyArn, CiphertextBlob: wrapped, EncryptionContext: { ...context } });
  try {
    return (await kms.send(command)).Plaintext;
  } catch (error) {
    if (FOREIGN.has(awsErrorName(error))) return undefined;
    throw awsFault(error, { subject: `key ${keyArn}`, act: 'unwrap a data key', code: 'StateUnavailable' });
  }
}
