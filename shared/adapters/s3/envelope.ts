/**
 * The form of a blob in a bucket: version, length of the wrapped key (2 bytes), when the key was made (8 bytes, IEEE 754
 * milliseconds), the wrapped key, then what seal.ts makes. The time is sealed with the name: a key cannot be made to look
 * younger, so that it is used for longer.
 */
import { seal, unseal } from '../sealing/seal.ts';
import type { DataKey, WrappedKey } from './data-keys.ts';

const VERSION = 1;
const FIXED_BYTES = 1 + 2 + 8;

export interface Envelope extends WrappedKey {
  readonly sealed: Uint8Array;
}

export function closeEnvelope({ key, wrapped, madeAtMs }: DataKey, name: string, content: Uint8Array): Uint8Array {
  const head = new Uint8Array(FIXED_BYTES);
  const view = new DataView(head.buffer);
  view.setUint8(0, VERSION);
  view.setUint16(1, wrapped.length);
  view.setFloat64(3, madeAtMs);
  return Buffer.concat([head, wrapped, seal(key, sealedName(name, madeAtMs), content)]);
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
  return unseal(key, sealedName(name, madeAtMs), sealed);
}

function sealedName(name: string, madeAtMs: number): string {
  return `${name} ${madeAtMs}`;
}
