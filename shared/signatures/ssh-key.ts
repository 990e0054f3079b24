/**
 * Public keys of SSH and what they sign: ed25519, ECDSA, RSA, and ed25519 on a security key.
 * Sources: RFC 4253, section 6.6; RFC 5656; RFC 8332; RFC 8709; openssh-portable, PROTOCOL.u2f.
 */
import { createHash, createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import { strictBase64, WireReader } from './wire-reader.ts';

export interface SshKey {
  /** As it stands in signatures. */
  readonly blob: Buffer;
  /** Tells whether `signature`, as SSH writes it, is one of this key over `content`. Never throws. */
  verifies(content: Buffer, signature: Buffer): boolean;
}

interface KeyType {
  /** @throws {RangeError | Error} when the bytes are no such key. */
  read(bytes: WireReader): (content: Buffer, signature: Buffer) => boolean;
}

const ED25519_BYTES = 32;
const LEAST_RSA_BITS = 2048;

const KEY_TYPES: Readonly<Record<string, KeyType>> = {
  'ssh-ed25519': {
    read: (bytes) => {
      const key = ed25519(bytes.string());
      return (content, signature) => verify(null, content, key, only('ssh-ed25519', signature));
    },
  },
  'sk-ssh-ed25519@openssh.com': {
    read: (bytes) => {
      const key = ed25519(bytes.string());
      const application = bytes.string();
      return (content, signature) => verifyOnSecurityKey(key, application, { content, signature });
    },
  },
  'ecdsa-sha2-nistp256': ecdsa('P-256', 'sha256', 32),
  'ecdsa-sha2-nistp384': ecdsa('P-384', 'sha384', 48),
  'ecdsa-sha2-nistp521': ecdsa('P-521', 'sha512', 66),
  'ssh-rsa': {
    read: (bytes) => {
      const e = base64url(bytes.string());
      const key = keyOf({ kty: 'RSA', e, n: base64url(unsigned(bytes.string())) });
      if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < LEAST_RSA_BITS) throw new RangeError('the key is too short');
      return (content, signature) => verifyRsa(key, content, signature);
    },
  },
};

/** Returns the key of a line as `ssh-keygen` writes it: type, base64, comment. Undefined: it cannot be read. */
export function parseSshKey(line: string): SshKey | undefined {
  const [type = '', text = ''] = line.trim().split(/\s+/);
  const blob = strictBase64(text);
  const known = Object.hasOwn(KEY_TYPES, type) ? KEY_TYPES[type] : undefined;
  if (blob === undefined || known === undefined) return undefined;
  try {
    const bytes = new WireReader(blob);
    if (bytes.text() !== type) return undefined;
    const check = known.read(bytes);
    bytes.end();
    return { blob, verifies: (content, signature) => attempt(() => check(content, signature)) };
  } catch {
    return undefined;
  }
}

/** Returns what people know a key by: `SHA256:...`, as `ssh-keygen -l` prints it. */
export function sshFingerprint(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

function ed25519(point: Buffer): KeyObject {
  if (point.length !== ED25519_BYTES) throw new RangeError('the key has another length');
  return keyOf({ kty: 'OKP', crv: 'Ed25519', x: base64url(point) });
}

function ecdsa(crv: string, hash: string, size: number): KeyType {
  return {
    read: (bytes) => {
      const type = `ecdsa-sha2-${bytes.text()}`;
      const point = bytes.string();
      // 4: both coordinates follow (SEC 1, section 2.3.3).
      if (point[0] !== 4 || point.length !== 1 + 2 * size) throw new RangeError('the key is no plain point');
      const x = base64url(point.subarray(1, 1 + size));
      const key = keyOf({ kty: 'EC', crv, x, y: base64url(point.subarray(1 + size)) });
      return (content, signature) => {
        const pair = new WireReader(only(type, signature));
        const both = Buffer.concat([padded(pair.string(), size), padded(pair.string(), size)]);
        pair.end();
        return verify(hash, content, { key, dsaEncoding: 'ieee-p1363' }, both);
      };
    },
  };
}

/** Returns the signature when it is of this type and nothing else stands beside it. @throws {RangeError} */
function only(type: string, signature: Buffer): Buffer {
  const bytes = new WireReader(signature);
  if (bytes.text() !== type) throw new RangeError('the signature is of another type');
  const content = bytes.string();
  bytes.end();
  return content;
}

/** `ssh-rsa` in a signature means SHA-1, which is not taken. */
function verifyRsa(key: KeyObject, content: Buffer, signature: Buffer): boolean {
  const [, bits] = /^rsa-sha2-(256|512)$/.exec(new WireReader(signature).text()) ?? [];
  return bits !== undefined && verify(`sha${bits}`, content, key, only(`rsa-sha2-${bits}`, signature));
}

/** The security key signs what it was asked for together with its own word: flags (was it touched?) and a counter. */
function verifyOnSecurityKey(
  key: KeyObject,
  application: Buffer,
  { content, signature }: { readonly content: Buffer; readonly signature: Buffer },
): boolean {
  const bytes = new WireReader(signature);
  if (bytes.text() !== 'sk-ssh-ed25519@openssh.com') return false;
  const signed = bytes.string();
  const flagsAndCounter = bytes.take(5);
  bytes.end();
  return verify(null, Buffer.concat([sha256(application), flagsAndCounter, sha256(content)]), key, signed);
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** SSH puts a zero before a number whose first bit is set. */
function unsigned(number: Buffer): Buffer {
  return number[0] === 0 ? number.subarray(1) : number;
}

function padded(number: Buffer, size: number): Buffer {
  const plain = unsigned(number);
  if (plain.length > size) throw new RangeError('the number is too large');
  return Buffer.concat([Buffer.alloc(size - plain.length), plain]);
}

function keyOf(jwk: JsonWebKey): KeyObject {
  return createPublicKey({ key: jwk, format: 'jwk' });
}

function base64url(bytes: Buffer): string {
  return bytes.toString('base64url');
}

function attempt(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}
