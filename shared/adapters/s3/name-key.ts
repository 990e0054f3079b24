import { PlumblineError } from '../../errors.ts';
import type { Bucket } from './bucket.ts';
import { type KeyWrapping, makeDataKey, unwrapKey } from './data-keys.ts';

/**
 * Returns the key that the names and digests of a store are made with, kept wrapped in the bucket. The first start makes
 * it; of several at once one wins, and all read the same.
 *
 * @throws {StateUnavailable | Throttled} when it cannot be read, made or unwrapped.
 */
export async function readNameKey(bucket: Bucket, name: string, wrapping: KeyWrapping): Promise<Uint8Array> {
  const stored = await findNameKey(bucket, name, wrapping);
  if (stored !== undefined) return stored;
  const made = await makeDataKey(wrapping, 0);
  if (await bucket.putIfMissing(name, made.wrapped)) return made.key;
  const winner = await bucket.get(name);
  if (winner === undefined) throw unusable(bucket, name, 'another process is making it', 'it is tried again by itself');
  return unwrap(bucket, name, { wrapping, wrapped: winner.bytes });
}

/** Returns the same key; undefined: nobody has made it yet, so nothing is stored either. @throws {StateUnavailable | Throttled} */
export async function findNameKey(
  bucket: Bucket,
  name: string,
  wrapping: KeyWrapping,
): Promise<Uint8Array | undefined> {
  const stored = await bucket.get(name);
  return stored && unwrap(bucket, name, { wrapping, wrapped: stored.bytes });
}

async function unwrap(
  bucket: Bucket,
  name: string,
  { wrapping, wrapped }: { readonly wrapping: KeyWrapping; readonly wrapped: Uint8Array },
): Promise<Uint8Array> {
  const key = await unwrapKey(wrapping, wrapped);
  if (key !== undefined) return key;
  const wrong = `${name} was not wrapped by ${wrapping.keyArn} for fleet ${wrapping.context.fleet}`;
  throw unusable(
    bucket,
    name,
    wrong,
    'put the right object back, or delete it: a new key is made, everything rendered anew',
  );
}

function unusable(bucket: Bucket, name: string, wrong: string, remedy: string): PlumblineError {
  const subject = `bucket ${bucket.name}`;
  return new PlumblineError([{ code: 'StateUnavailable', subject, act: `read ${name}`, wrong, remedy }]);
}
