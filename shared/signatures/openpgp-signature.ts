/**
 * OpenPGP signatures, as `gpg` makes them for Git. The library is loaded with the first one: few fleets have any. A key
 * has to be good now, not only when it signed: when that was is what the signer says (docs/decisions/0025).
 */
import type { Key } from 'openpgp';
import type { Judgement, TrustedKey } from './trusted-key.ts';

type OpenPgp = typeof import('openpgp');
type VerificationResult = Awaited<ReturnType<OpenPgp['verify']>>['signatures'][number];

interface ReadKey {
  readonly name: string;
  readonly key: Key;
}

/** Clocks of people's machines go wrong by so much. */
const CLOCK_SKEW_MS = 10 * 60 * 1000;

/** Tells whether `armored` is a signature of one of the keys over `payload`, else why not. Never throws. */
export async function judgeOpenPgpSignature(
  payload: Uint8Array,
  armored: string,
  { keys, nowMs }: { readonly keys: readonly TrustedKey[]; readonly nowMs: number },
): Promise<Judgement> {
  const openpgp = await import('openpgp');
  const at = new Date(nowMs + CLOCK_SKEW_MS);
  const known = await readKeys(openpgp, keys);
  try {
    const [message, signature] = await Promise.all([
      openpgp.createMessage({ binary: Uint8Array.from(payload) }),
      openpgp.readSignature({ armoredSignature: armored }),
    ]);
    const verificationKeys = known.map(({ key }) => key);
    const { signatures } = await openpgp.verify({ message, signature, verificationKeys, date: at, format: 'binary' });
    const judged = await Promise.all(signatures.map((one) => judge(one, known, at)));
    return judged.find(({ state }) => state === 'good') ?? judged[0] ?? unreadable();
  } catch {
    return unreadable();
  }
}

async function readKeys(openpgp: OpenPgp, keys: readonly TrustedKey[]): Promise<readonly ReadKey[]> {
  const read = keys.map(async ({ name, openpgp: armoredKeys }): Promise<readonly ReadKey[]> => {
    if (armoredKeys === undefined) return [];
    const found = await openpgp.readKeys({ armoredKeys }).catch(() => []);
    return found.map((key) => ({ name, key }));
  });
  return (await Promise.all(read)).flat();
}

async function judge(
  { keyID, verified, signature }: VerificationResult,
  known: readonly ReadKey[],
  at: Date,
): Promise<Judgement> {
  const [packet] = (await signature).packets;
  const fingerprint = packet?.issuerFingerprint;
  const shown = fingerprint instanceof Uint8Array ? Buffer.from(fingerprint).toString('hex') : keyID.toHex();
  const found = known.find(({ key }) => key.getKeys(keyID).length > 0);
  const isGood = await verified.catch((error: unknown) => error);
  if (found === undefined) {
    return { state: 'bad', why: `it is signed by the OpenPGP key ${shown.toUpperCase()}, which is not trusted` };
  }
  const wrong = isGood === true ? await wrongWithKey(found.key, keyID, at) : wordsFor(isGood);
  return wrong === undefined
    ? { state: 'good', key: found.name }
    : { state: 'bad', why: `its signature by the OpenPGP key ${shown.toUpperCase()} ${wrong}` };
}

/** Looks at the key as it is now: the primary one, and the one of its own for signing that was used. */
async function wrongWithKey(key: Key, keyID: VerificationResult['keyID'], at: Date): Promise<string | undefined> {
  try {
    await key.verifyPrimaryKey(at);
    await key.getSigningKey(keyID, at);
    return undefined;
  } catch (error) {
    return wordsFor(error);
  }
}

function wordsFor(error: unknown): string {
  const reasons = reasonsOf(error);
  if (/revoked/i.test(reasons)) return 'does not count: the key is revoked';
  if (/expired/i.test(reasons)) return 'does not count: it or the key is expired';
  if (/digest did not match|invalid signature|verification failed/i.test(reasons)) return 'does not fit its content';
  return 'does not count: the key may not sign, or what signed with it is too weak';
}

/** openpgp wraps what was found first. */
function reasonsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${reasonsOf(error.cause)}`;
}

function unreadable(): Judgement {
  return { state: 'bad', why: 'its signature cannot be read' };
}
