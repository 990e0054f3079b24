/**
 * Checks what Git sends to CodeCommit as user and password: the key id with the session token, and a time with a
 * signature over it (Signature Version 4 with a canonical request of CodeCommit's own). Written apart from the adapter's
 * signer, from git-remote-codecommit's rules, so that one finds mistakes of the other.
 */
import { createHash, createHmac } from 'node:crypto';

export interface AccessKey {
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export type KeyLookup = (accessKeyId: string) => AccessKey | undefined;

export interface SignedGitRequest {
  /** The `Authorization` header. */
  readonly authorization: string | undefined;
  /** The `Host` header. */
  readonly host: string;
  /** `/v1/repos/fleet`, whatever comes after it in the request. */
  readonly path: string;
}

export type PasswordCheck =
  | { readonly is: 'right'; readonly accessKeyId: string }
  | { readonly is: 'missing' }
  | { readonly is: 'wrong'; readonly why: string };

const CLOCK_SKEW_MS = 15 * 60_000;

export function checkGitPassword(
  { authorization, host, path }: SignedGitRequest,
  { region, lookup, nowMs }: { readonly region: string; readonly lookup: KeyLookup; readonly nowMs: number },
): PasswordCheck {
  if (!authorization?.startsWith('Basic ')) return { is: 'missing' };
  const pair = Buffer.from(authorization.slice('Basic '.length), 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  const [accessKeyId = '', ...token] = pair.slice(0, colon).split('%');
  const match = /^(\d{8})T(\d\d)(\d\d)(\d\d)Z([0-9a-f]{64})$/.exec(pair.slice(colon + 1));
  if (match === null) return { is: 'wrong', why: 'the password is no time with a signature' };
  const [, day = '', hour, minute, second, signature] = match;
  const time = `${day}T${hour}${minute}${second}`;
  const signedMs = Date.parse(`${day.replace(/(....)(..)(..)/, '$1-$2-$3')}T${hour}:${minute}:${second}Z`);
  if (!(Math.abs(nowMs - signedMs) <= CLOCK_SKEW_MS)) return { is: 'wrong', why: `the time ${time} is not now` };
  const key = lookup(accessKeyId);
  if (key === undefined) return { is: 'wrong', why: `the key ${accessKeyId} is unknown` };
  if ((key.sessionToken ?? '') !== token.join('%')) return { is: 'wrong', why: 'the session token is another' };
  const scope = [day, region, 'codecommit', 'aws4_request'];
  const canonical = ['GIT', path, '', `host:${host}`, '', 'host', ''].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', time, scope.join('/'), createHash('sha256').update(canonical).digest('hex')];
  const signingKey = scope.reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${key.secretAccessKey}`);
  const expected = hmac(signingKey, toSign.join('\n')).toString('hex');
  return expected === signature ? { is: 'right', accessKeyId } : { is: 'wrong', why: 'the signature does not match' };
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
