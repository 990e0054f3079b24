/** Signatures that git and gpg make: good ones, of subkeys, of keys that are expired or revoked, and tampered ones. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { judgeCommit } from '../../../shared/signatures/judge-commit.ts';
import { judgeOpenPgpSignature } from '../../../shared/signatures/openpgp-signature.ts';
import { partCommit, partTag } from '../../../shared/signatures/signed-content.ts';
import type { TrustedKey } from '../../../shared/signatures/trusted-key.ts';
import { openSigningDesk, type Signer, type SigningDesk, WITHOUT_GPG } from './signers.ts';

const DAY_MS = 86_400_000;

describe('a commit that is signed by OpenPGP', { skip: WITHOUT_GPG }, () => {
  let desk: SigningDesk;
  let ana: Signer;
  const nowMs = Date.now();
  before(async () => {
    desk = await openSigningDesk();
    ana = await desk.gpgKey('ana');
  });
  after(async () => desk.remove());

  const judgeHead = async (keys: readonly TrustedKey[], atMs = nowMs) =>
    judgeCommit(await desk.signable('HEAD'), { keys, nowMs: atMs });
  const whyBad = async (keys: readonly TrustedKey[], atMs = nowMs): Promise<string> => {
    const judgement = await judgeHead(keys, atMs);
    return judgement.state === 'bad' ? judgement.why : 'good';
  };

  it('is good with keys of several kinds, and not when another one is trusted', async () => {
    for (const [name, kind] of [
      ['ben', 'rsa3072'],
      ['cleo', 'nistp256'],
      ['dora', 'ed25519'],
    ] as const) {
      const signer = await desk.gpgKey(name, [kind, 'sign', 'never']);
      await desk.commit('signed', signer);

      assert.deepEqual(await judgeHead([ana.trusted, signer.trusted]), { state: 'good', key: name });
      assert.match(await whyBad([ana.trusted]), /^it is signed by the OpenPGP key [0-9A-F]{40}, which is not trusted$/);
    }
  });

  it('is good by a subkey for signing, and bad once that subkey is expired or revoked', async () => {
    await desk.gpgKey('emil', ['ed25519', 'cert', 'never']);
    const [, fingerprint = ''] =
      /^fpr:+([0-9A-F]+):/m.exec(await desk.gpg('--list-keys', '--with-colons', 'emil@example.com')) ?? [];
    await desk.gpg('--quick-add-key', fingerprint, 'ed25519', 'sign', '30d');
    await desk.commit('signed', {
      ...ana,
      settings: ana.settings.map((one) => one.replace('ana@example.com', 'emil@example.com')),
    });
    const trusted = await desk.exportKey('emil');

    assert.deepEqual(await judgeHead([trusted]), { state: 'good', key: 'emil' });
    assert.match(await whyBad([trusted], nowMs + 31 * DAY_MS), /does not count: it or the key is expired$/);
    await revokeSubkey(desk, 'emil');
    assert.match(await whyBad([await desk.exportKey('emil')]), /does not count: the key is revoked$/);
  });

  it('is bad once its key is expired, though it was good when it signed', async () => {
    const fay = await desk.gpgKey('fay', ['ed25519', 'sign', '30d']);
    await desk.commit('signed', fay);

    assert.equal((await judgeHead([fay.trusted])).state, 'good');
    assert.match(
      await whyBad([fay.trusted], nowMs + 31 * DAY_MS),
      /OpenPGP key [0-9A-F]{40} does not count: it or the key is expired$/,
    );
  });

  it('is bad once its key is revoked', async () => {
    const gus = await desk.gpgKey('gus');
    await desk.commit('signed', gus);
    assert.equal((await judgeHead([gus.trusted])).state, 'good');
    await revoke(desk, 'gus');

    assert.match(await whyBad([await desk.exportKey('gus')]), /does not count: the key is revoked$/);
  });

  it('is bad when it was signed with SHA-1', async () => {
    await desk.commit('unsigned');
    const { content } = await desk.signable('HEAD');
    const path = join(desk.repository.path, 'payload');
    await writeFile(path, content);
    await desk.gpg('--local-user', 'ana@example.com', '--digest-algo', 'SHA1', '--armor', '--detach-sign', path);
    const armored = await readFile(`${path}.asc`, 'utf8');

    const judgement = await judgeOpenPgpSignature(content, armored, { keys: [ana.trusted], nowMs });
    assert.equal(judgement.state, 'bad');
  });

  it('is good by its tag, and bad when any byte of what was signed is another', async () => {
    await desk.commit('signed', ana);
    await desk.tag('v1', ana);
    const { content, tag } = await desk.signable('v1', 'v1');
    for (const { payload, signature = '' } of [partCommit(content), partTag(tag?.content ?? new Uint8Array())]) {
      const judge = async (bytes: Uint8Array) =>
        (await judgeOpenPgpSignature(bytes, signature, { keys: [ana.trusted], nowMs })).state;
      assert.equal(await judge(payload), 'good');

      await fc.assert(
        fc.asyncProperty(fc.nat(payload.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
          const tampered = Buffer.from(payload);
          tampered[at] = (tampered[at] ?? 0) ^ change;
          assert.equal(await judge(tampered), 'bad');
        }),
        { numRuns: 50 },
      );
    }
  });

  it('is bad when a byte of the signature itself is another', async () => {
    await desk.commit('signed', ana);
    const { payload, signature = '' } = partCommit((await desk.signable('HEAD')).content);
    const [, text = ''] = /\n\n([A-Za-z0-9+/=\n]+?)\n=/.exec(signature) ?? [];
    const packet = Buffer.from(text.replaceAll('\n', ''), 'base64');
    // The last 64 bytes are the two numbers of the signature; in front of them stand hints that are not signed.
    for (const at of [...packet.keys()].slice(-64).filter((one) => one % 5 === 0)) {
      const tampered = Buffer.from(packet);
      tampered[at] = (tampered[at] ?? 0) ^ 1;
      const lines = tampered.toString('base64').match(/.{1,64}/g) ?? [];
      const armored = `-----BEGIN PGP SIGNATURE-----\n\n${lines.join('\n')}\n-----END PGP SIGNATURE-----\n`;

      const judgement = await judgeOpenPgpSignature(payload, armored, { keys: [ana.trusted], nowMs });
      assert.equal(judgement.state, 'bad', `byte ${at} of ${packet.length}`);
    }
  });

  it('is bad, and nothing is thrown, with keys and signatures that cannot be read', async () => {
    const keys = [{ name: 'broken', openpgp: '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nnothing\n' }, ana.trusted];
    const armored = '-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n';

    assert.deepEqual(await judgeOpenPgpSignature(Buffer.from('x'), armored, { keys, nowMs }), {
      state: 'bad',
      why: 'its signature cannot be read',
    });
    await desk.commit('signed', ana);
    assert.equal((await judgeHead(keys)).state, 'good');
  });
});

/** gpg leaves the certificate of revocation ready beside the key, with a colon before it. */
async function revoke(desk: SigningDesk, name: string): Promise<void> {
  const listed = await desk.gpg('--list-keys', '--with-colons', `${name}@example.com`);
  const [, fingerprint = ''] = /^fpr:+([0-9A-F]+):/m.exec(listed) ?? [];
  const home = /Home: (.+)/.exec(await desk.gpg('--version'))?.[1] ?? '';
  const path = join(home, 'openpgp-revocs.d', `${fingerprint}.rev`);
  const certificate = join(desk.repository.path, 'revocation');
  await writeFile(certificate, (await readFile(path, 'utf8')).replace(':-----BEGIN', '-----BEGIN'));
  await desk.gpg('--import', certificate);
}

async function revokeSubkey(desk: SigningDesk, name: string): Promise<void> {
  const commands = join(desk.repository.path, 'commands');
  await writeFile(commands, 'key 1\nrevkey\ny\n0\n\ny\nsave\n');
  await desk.gpg(
    '--no-batch',
    '--no-tty',
    '--command-file',
    commands,
    '--status-fd',
    '2',
    '--edit-key',
    `${name}@example.com`,
  );
}
