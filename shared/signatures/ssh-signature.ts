/** Signatures that `ssh-keygen -Y sign` makes for Git. Source: openssh-portable, PROTOCOL.sshsig. */
import { createHash } from 'node:crypto';
import { parseSshKey, sshFingerprint } from './ssh-key.ts';
import type { Judgement, TrustedKey } from './trusted-key.ts';
import { strictBase64, WireReader, wireString } from './wire-reader.ts';

const MAGIC = 'SSHSIG';
const VERSION = 1;
/** What is signed for Git is no signature for a file or a mail. */
const NAMESPACE = 'git';
const HASHES: ReadonlySet<string> = new Set(['sha256', 'sha512']);
const ARMOR = /^-----BEGIN SSH SIGNATURE-----\n((?:[A-Za-z0-9+/=]+\n)+)-----END SSH SIGNATURE-----\n?$/;

interface SshSignature {
  readonly publicKey: Buffer;
  readonly hash: string;
  readonly signature: Buffer;
}

/** Tells whether `armored` is a signature of one of the keys over `payload`, else why not. Never throws. */
export function judgeSshSignature(payload: Uint8Array, armored: string, keys: readonly TrustedKey[]): Judgement {
  const found = parse(armored);
  if (found === undefined) return { state: 'bad', why: 'its signature cannot be read' };
  const fingerprint = sshFingerprint(found.publicKey);
  const key = keys.flatMap(({ name, ssh }) => {
    const parsed = ssh === undefined ? undefined : parseSshKey(ssh);
    return parsed?.blob.equals(found.publicKey) ? [{ name, parsed }] : [];
  })[0];
  if (key === undefined)
    return { state: 'bad', why: `it is signed by the SSH key ${fingerprint}, which is not trusted` };
  const signed = Buffer.concat([
    Buffer.from(MAGIC),
    ...[NAMESPACE, '', found.hash, createHash(found.hash).update(payload).digest()].map(wireString),
  ]);
  if (key.parsed.verifies(signed, found.signature)) return { state: 'good', key: key.name };
  return { state: 'bad', why: `its signature by the SSH key ${fingerprint} does not fit its content` };
}

function parse(armored: string): SshSignature | undefined {
  const text = ARMOR.exec(armored)?.[1];
  const blob = text === undefined ? undefined : strictBase64(text.replaceAll('\n', ''));
  if (blob === undefined) return undefined;
  try {
    const bytes = new WireReader(blob);
    const isKnown = bytes.take(MAGIC.length).toString('latin1') === MAGIC && bytes.uint32() === VERSION;
    const publicKey = bytes.string();
    const namespace = bytes.text();
    const reserved = bytes.text();
    const hash = bytes.text();
    const signature = bytes.string();
    bytes.end();
    const isForGit = namespace === NAMESPACE && reserved === '' && HASHES.has(hash);
    return isKnown && isForGit ? { publicKey, hash, signature } : undefined;
  } catch {
    return undefined;
  }
}
