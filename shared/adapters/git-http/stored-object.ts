import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';

export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag';

/** An object as it is kept: files stay deflated as they came, since most of them are never read. */
export interface StoredObject {
  readonly type: ObjectType;
  /** Of the content. */
  readonly sizeBytes: number;
  readonly bytes: Buffer;
  readonly isDeflated: boolean;
}

export function contentOf({ bytes, isDeflated, sizeBytes }: StoredObject): Buffer {
  return isDeflated ? inflateSync(bytes, { maxOutputLength: Math.max(1, sizeBytes) }) : bytes;
}

/** Returns the id that Git gives to an object of this content. */
export function objectId(type: ObjectType, content: Buffer): string {
  return createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex');
}
