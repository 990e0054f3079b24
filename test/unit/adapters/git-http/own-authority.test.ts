/** A real Git server over TLS, with certificates of an authority that nobody knows. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { issueCertificate } from '../../../controlplane/assets/certificate.ts';
import { refusedWith } from './refused-with.ts';
import { type ServedRepository, serveRepository } from './served-repository.ts';

const authority = issueCertificate({ commonName: 'an authority of our own' }, 'authority');
const other = issueCertificate({ commonName: 'another authority' }, 'authority');
const tls = issueCertificate({ commonName: 'git' }, 'server', authority);

describe('a Git server whose certificate an authority of our own signed', () => {
  let served: ServedRepository;
  before(async () => {
    served = await serveRepository({ tls });
    await served.push('first', { 'a.yaml': 'a: 1\n' });
  });
  after(async () => served.remove());

  it('is read with the certificate of that authority', async () => {
    for (const ca of [authority.certificate, `${other.certificate}\n${authority.certificate}`]) {
      const source = served.open({ ca });

      const { revision, subject } = await source.resolve('main');
      assert.equal(subject, 'first');
      assert.equal(Buffer.from(await (await source.snapshot(revision)).read('a.yaml')).toString(), 'a: 1\n');
    }
  });

  it('is not trusted without it, nor with another, and the error says what to give', async () => {
    for (const place of [{}, { ca: other.certificate }]) {
      await assert.rejects(
        served.open(place).resolve('main'),
        refusedWith(
          'SourceUnreachable',
          /^https:.*\/fleet\.git: read refs: the certificate of the server is not trusted \([A-Z_]+\); if an authority of your own signed it, give the certificate of that authority \(PEM\) as spec\.git\.ca/,
        ),
      );
    }
  });

  it('is not trusted under another name than its certificate says', async () => {
    const named = await serveRepository({ tls: authority });
    const source = named.open({ ca: authority.certificate });

    await assert
      .rejects(
        source.resolve('main'),
        refusedWith('SourceUnreachable', /ALTNAME.*name the host.*as its certificate names it/),
      )
      .finally(() => named.remove());
  });

  it('refuses what is no certificate before anything is asked', () => {
    const broken = authority.certificate.replace(/\n[^\n]+\n-----END/, '\n-----END');

    for (const [ca, wrong] of [
      ['-----BEGIN CERTIFICATE-----', /^spec\.git\.ca: open the repository: it holds no certificate; give/],
      [broken, /it holds a certificate that cannot be read/],
    ] as const) {
      assert.throws(() => served.open({ ca }), refusedWith('ConfigInvalid', wrong));
    }
  });
});
