import { createHash } from 'node:crypto';

/** Returns the digest of several inputs in order (hex, SHA-256); of one it is its own. */
export function joinedDigest(inputDigests: readonly string[]): string {
  const [only, ...others] = inputDigests;
  if (only !== undefined && others.length === 0) return only;
  return createHash('sha256').update(inputDigests.join('\n')).digest('hex');
}
