/**
 * The form of a blob in a bucket: version, length of the wrapped key (2 bytes), when the key was made (8 bytes, IEEE 754
 * milliseconds), the wrapped key, then what seal.ts makes of the deflated content. The time is sealed with the name: a key
 * cannot be made to look younger, so that it is used for longer. Deflated, because records of 1,000 objects are half a
 * megabyte otherwise, and one is kept for each change of each cluster.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { seal, unseal } from '../sealing/seal.ts';
import type { DataKey, WrappedKey } from './data-keys.ts';

const VERSION = 1;
const FIXED_BYTES = 1 + 2 + 8;
/** The fastest: it takes most of what there is to take, in a few milliseconds. */
const DEFLATE = { level: 1 } as const;

export interface Envelope extends WrappedKey {
  readonly sealed: Uint8Array;
}

export function closeEnvelope({ key, wrapped, madeAtMs }: DataKey, name: string, content: Uint8Array): Uint8Array {
  const head = new Uint8Array(FIXED_BYTES);
  const view = new DataView(head.buffer);
  view.setUint8(0, VERSION);
  view.setUint16(1, wrapped.length);
  view.setFloat64(3, madeAtMs);
  const deflated = deflateRawSync(content, DEFLATE);
  return Buffer.concat([head, wrapped, seal(key, sealedName(name, madeAtMs), deflated)]);
}

/** Returns the parts of a blob; undefined when it is none of ours. */
export function readEnvelope(bytes: Uint8Array): Envelope | undefined {
  if (bytes.length < FIXED_BYTES || bytes[0] !== VERSION) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const end = FIXED_BYTES + view.getUint16(1);
  if (bytes.length < end) return undefined;
  return { wrapped: bytes.subarray(FIXED_BYTES, end), madeAtMs: view.getFloat64(3), sealed: bytes.subarray(end) };
}

/** Returns the content; undefined when it is damaged, of another name or of another key. */
export function openEnvelope({ madeAtMs, sealed }: Envelope, key: Uint8Array, name: string): Uint8Array | undefined {
  const deflated = unseal(key, sealedName(name, madeAtMs), sealed);
  return deflated && inflateRawSync(deflated);
}

function sealedName(name: string, madeAtMs: number): string {
  return `${name} ${madeAtMs}`;
}
