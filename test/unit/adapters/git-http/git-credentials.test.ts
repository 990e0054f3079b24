import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { secretCredentials } from '../../../../shared/adapters/git-http/git-credentials.ts';
import { refusedWith } from './refused-with.ts';

const authorize = (secret: string, host = 'github.com') =>
  secretCredentials('fleet', async () => secret).authorization({ url: new URL(`https://${host}/a`), refused: false });
const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

describe('credentials for Git from a secret', () => {
  it('are a user and a password', async () => {
    assert.equal(await authorize('ana:pass:word\n'), basic('ana:pass:word'));
    assert.equal(await authorize('{"username": "ana", "password": "p"}'), basic('ana:p'));
  });

  it('are a token, as a password for whoever the server wants it from', async () => {
    assert.equal(await authorize('{"token": "t"}'), basic('x-access-token:t'));
    assert.equal(await authorize('{"token": "t"}', 'bitbucket.org'), basic('x-token-auth:t'));
    assert.equal(await authorize('{"token": "t", "username": "ana"}'), basic('ana:t'));
    assert.equal(await authorize('{"bearer": "t"}'), 'Bearer t');
  });

  it('are neither, which quotes nothing of the secret', async () => {
    for (const secret of [
      'horse',
      '{"horse": "battery"}',
      '{"token": 1, "horse": 2}',
      '{horse',
      '{"username": "horse"}',
    ]) {
      await assert.rejects(authorize(secret), (error: unknown) => {
        assert.ok(error instanceof Error && !error.message.includes('horse') && error.cause === undefined);
        return refusedWith('CredentialsExpired', /^secret fleet: read credentials: it (has|is no)/)(error);
      });
    }
  });
});
