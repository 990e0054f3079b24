/** Signatures that git and ssh-keygen make, and what becomes of them when a byte changes. */
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { judgeCommit } from '../../../shared/signatures/judge-commit.ts';
import { partCommit, partTag } from '../../../shared/signatures/signed-content.ts';
import { sshFingerprint } from '../../../shared/signatures/ssh-key.ts';
import { judgeSshSignature } from '../../../shared/signatures/ssh-signature.ts';
import { wireString } from '../../../shared/signatures/wire-reader.ts';
import { openSigningDesk, type Signer, type SigningDesk } from './signers.ts';

const NOW = { nowMs: 1_750_000_000_000 };
const KINDS: readonly (readonly string[])[] = [
  ['ed25519'],
  ['ecdsa', '-b', '256'],
  ['ecdsa', '-b', '384'],
  ['ecdsa', '-b', '521'],
  ['rsa', '-b', '2048'],
];

describe('a commit that is signed by SSH', () => {
  let desk: SigningDesk;
  let ana: Signer;
  let eve: Signer;
  before(async () => {
    desk = await openSigningDesk();
    ana = await desk.sshKey('ana', 'ed25519');
    eve = await desk.sshKey('eve', 'ed25519');
  });
  after(async () => desk.remove());

  for (const kind of KINDS) {
    it(`is good with a key of kind ${kind.join(' ')}, and not when another one is trusted`, async () => {
      const signer = await desk.sshKey(kind.join('').replaceAll(/\W/g, ''), ...kind);
      await desk.commit('signed', signer);
      const signable = await desk.signable('HEAD');

      const trusted = [ana.trusted, signer.trusted];
      assert.deepEqual(await judgeCommit(signable, { ...NOW, keys: trusted }), {
        state: 'good',
        key: signer.trusted.name,
      });
      assert.deepEqual(await judgeCommit(signable, { ...NOW, keys: [eve.trusted] }), {
        state: 'bad',
        why: `it is signed by the SSH key ${fingerprintOf(signer)}, which is not trusted`,
      });
    });
  }

  it('is bad without a signature, and with one of another namespace', async () => {
    const keys = [ana.trusted];
    await desk.commit('unsigned');
    assert.deepEqual(await judgeCommit(await desk.signable('HEAD'), { ...NOW, keys }), {
      state: 'bad',
      why: 'it has no signature',
    });

    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const blob = Buffer.concat([
      wireString('ssh-ed25519'),
      wireString(Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')),
    ]);
    const trusted = [{ name: 'made', ssh: `ssh-ed25519 ${blob.toString('base64')}` }];
    const payload = Buffer.from('what is signed');
    for (const [namespace, state] of [
      ['git', 'good'],
      ['file', 'bad'],
    ] as const) {
      const hash = createHash('sha512').update(payload).digest();
      const parts = [namespace, '', 'sha512'].map(wireString);
      const signature = sign(null, Buffer.concat([Buffer.from('SSHSIG'), ...parts, wireString(hash)]), privateKey);
      const signatureBlob = wireString(Buffer.concat([wireString('ssh-ed25519'), wireString(signature)]));
      const whole = Buffer.concat([Buffer.from('SSHSIG\0\0\0\x01'), wireString(blob), ...parts, signatureBlob]);

      assert.equal(judgeSshSignature(payload, armor(whole), trusted).state, state, namespace);
    }
  });

  it('is good by its tag where that is signed, for this name and this commit alone', async () => {
    const keys = [ana.trusted];
    await desk.commit('released');
    await desk.tag('v1', ana);
    await desk.tag('v2');
    const judge = async (ref: string, tag: string) => judgeCommit(await desk.signable(ref, tag), { ...NOW, keys });

    assert.deepEqual(await judge('v1', 'v1'), { state: 'good', key: 'ana' });
    assert.deepEqual(await judge('v2', 'v2'), {
      state: 'bad',
      why: 'it has no signature; the tag v2: it has no signature',
    });
    const v1 = await desk.signable('v1', 'v1');
    const renamed = { ...v1, tag: { name: 'v3', content: v1.tag?.content ?? new Uint8Array() } };
    assert.match(JSON.stringify(await judgeCommit(renamed, { ...NOW, keys })), /the tag v3: it was made as tag .*v1/);
    await desk.commit('another');
    const other = { ...(await desk.signable('HEAD')), ...(v1.tag && { tag: v1.tag }) };
    assert.match(JSON.stringify(await judgeCommit(other, { ...NOW, keys })), /another object than this commit/);
  });

  it('is good by its own signature though the tag has none', async () => {
    await desk.commit('signed', ana);
    await desk.tag('v4');

    assert.equal((await judgeCommit(await desk.signable('v4', 'v4'), { ...NOW, keys: [ana.trusted] })).state, 'good');
  });

  it('is parted as git itself parts it, also a merge of a signed tag', async () => {
    await desk.commit('signed', ana);
    await desk.repository.git('switch', '--quiet', '--create', 'side', 'HEAD~1');
    await desk.commit('aside');
    await desk.tag('side-tag', ana);
    await desk.repository.git('switch', '--quiet', 'main');
    await desk.repository.git(...ana.settings, 'merge', '--quiet', '--no-ff', '--gpg-sign', '-m', 'merge', 'side-tag');
    const signable = await desk.signable('HEAD');

    assert.match(Buffer.from(signable.content).toString(), /^mergetag /m);
    assert.equal((await judgeCommit(signable, { ...NOW, keys: [ana.trusted] })).state, 'good');
  });

  it('is bad when any byte of what was signed, or of the signature, is another', async () => {
    await desk.commit('signed with ümläuts', ana);
    await desk.tag('v5', ana);
    const { content, tag } = await desk.signable('v5', 'v5');
    for (const { payload, signature = '' } of [partCommit(content), partTag(tag?.content ?? new Uint8Array())]) {
      assert.equal(judgeSshSignature(payload, signature, [ana.trusted]).state, 'good');

      fc.assert(
        fc.property(fc.nat(payload.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
          const tampered = Buffer.from(payload);
          tampered[at] = (tampered[at] ?? 0) ^ change;
          assert.equal(judgeSshSignature(tampered, signature, [ana.trusted]).state, 'bad');
        }),
      );
      const blob = Buffer.from(signature.replaceAll(/-----.*?-----|\n/g, ''), 'base64');
      for (const at of blob.keys()) {
        const tampered = Buffer.from(blob);
        tampered[at] = (tampered[at] ?? 0) ^ (1 << (at % 8));
        assert.equal(judgeSshSignature(payload, armor(tampered), [ana.trusted]).state, 'bad', `byte ${at}`);
      }
      for (const at of Buffer.from(signature).keys()) {
        const tampered = Buffer.from(signature);
        tampered[at] = (tampered[at] ?? 0) ^ 1;
        assert.equal(judgeSshSignature(payload, tampered.toString('latin1'), [ana.trusted]).state, 'bad', `text ${at}`);
      }
    }
  });

  it('never throws, whatever stands where a signature should', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        assert.equal(judgeSshSignature(Buffer.from('x'), armor(Buffer.from(bytes)), [ana.trusted]).state, 'bad');
        assert.equal(
          judgeSshSignature(Buffer.from('x'), Buffer.from(bytes).toString('latin1'), [ana.trusted]).state,
          'bad',
        );
      }),
    );
  });
});

describe('a key on a security key', () => {
  it('signs with its flags and counter, all of which count', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const point = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
    const type = 'sk-ssh-ed25519@openssh.com';
    const blob = Buffer.concat([type, point, 'ssh:'].map(wireString));
    const payload = Buffer.from('what is signed');
    const parts = ['git', '', 'sha256'].map(wireString);
    const content = Buffer.concat([Buffer.from('SSHSIG'), ...parts, wireString(sha256(payload))]);
    const ending = Buffer.from([1, 0, 0, 0, 7]);
    const signature = sign(null, Buffer.concat([sha256(Buffer.from('ssh:')), ending, sha256(content)]), privateKey);
    const signed = wireString(Buffer.concat([wireString(type), wireString(signature), ending]));
    const whole = Buffer.concat([Buffer.from('SSHSIG\0\0\0\x01'), wireString(blob), ...parts, signed]);
    const keys = [{ name: 'token', ssh: `${type} ${blob.toString('base64')} ana@desk` }];

    assert.deepEqual(judgeSshSignature(payload, armor(whole), keys), { state: 'good', key: 'token' });
    for (const at of whole.keys()) {
      const tampered = Buffer.from(whole);
      tampered[at] = (tampered[at] ?? 0) ^ 4;
      assert.equal(judgeSshSignature(payload, armor(tampered), keys).state, 'bad', `byte ${at}`);
    }
  });
});

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function armor(blob: Buffer): string {
  const lines = blob.toString('base64').match(/.{1,70}/g) ?? [''];
  return `-----BEGIN SSH SIGNATURE-----\n${lines.join('\n')}\n-----END SSH SIGNATURE-----\n`;
}

function fingerprintOf({ trusted }: Signer): string {
  return sshFingerprint(Buffer.from(trusted.ssh?.split(' ')[1] ?? '', 'base64'));
}
