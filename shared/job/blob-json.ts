import { parseJson, stringifyJson } from '../model/json-text.ts';
import type { BlobReader, BlobStore } from './ports.ts';

/**
 * Blobs are sealed by this installation's own key, so what opens was written by us: their content is taken at its
 * word. Integers beyond 2^53 survive.
 */
export async function readJsonBlob<T>(blobs: BlobReader, key: string): Promise<T | undefined> {
  const bytes = await blobs.read(key);
  return bytes === undefined ? undefined : (parseJson(new TextDecoder().decode(bytes)) as T);
}

export async function writeJsonBlob(blobs: BlobStore, key: string, value: unknown): Promise<void> {
  await blobs.write(key, new TextEncoder().encode(stringifyJson(value)));
}

/** Writes `value` under `<folder>/<digest of the content>` unless it is there already, and returns the key. */
export async function writeContentBlob(blobs: BlobStore, folder: string, value: unknown): Promise<string> {
  const text = stringifyJson(value);
  const key = `${folder}/${blobs.digest(text)}`;
  if (!(await blobs.has(key))) await blobs.write(key, new TextEncoder().encode(text));
  return key;
}
