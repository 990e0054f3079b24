/**
 * Proofs of origin, and the one place where they are compared. Everything is compared as the SHA-256 of both sides under
 * `timingSafeEqual`: equal length whatever was sent, and a time that says nothing about where two texts part.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export type Claim =
  /** HMAC-SHA-256 of `signed` by the secret, in lower-case hex. */
  | { readonly by: 'hmac-hex'; readonly signature: string; readonly signed: Uint8Array }
  /** As the Standard Webhooks specification has it: secret `whsec_<base64>`, signature in base64. */
  | { readonly by: 'hmac-base64'; readonly signature: string; readonly signed: Uint8Array }
  /** The secret itself. */
  | { readonly by: 'token'; readonly token: string };

const STANDARD_SECRET = /^whsec_(.+)$/;

/** Returns whether one of the secrets proves one of the claims. Two may be valid at once, while one is being replaced. */
export function isProven(claims: readonly Claim[], secrets: readonly string[]): boolean {
  // An empty secret proves nothing: anybody can sign with it. A line end is what a file or an editor left behind.
  const usable = secrets.map((secret) => secret.replace(/\r?\n$/, '')).filter((secret) => secret !== '');
  return claims.some((claim) => usable.some((secret) => proves(secret, claim)));
}

function proves(secret: string, claim: Claim): boolean {
  switch (claim.by) {
    case 'token':
      return isSame(claim.token, secret);
    case 'hmac-hex':
      return isSame(claim.signature.toLowerCase(), hmac(secret, claim.signed).toString('hex'));
    case 'hmac-base64': {
      const key = standardKey(secret);
      return key.length > 0 && isSame(claim.signature, hmac(key, claim.signed).toString('base64'));
    }
  }
}

/** Empty for a secret of another form: it is no key, and an empty one would be everybody's. */
function standardKey(secret: string): Uint8Array {
  return Buffer.from(STANDARD_SECRET.exec(secret)?.[1] ?? '', 'base64');
}

function hmac(key: string | Uint8Array, content: Uint8Array): Buffer {
  return createHmac('sha256', key).update(content).digest();
}

function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(sha256(given), sha256(expected));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
