import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signGitRequest } from '../../../../shared/adapters/codecommit/sign-git-request.ts';
import { checkGitPassword } from '../../../aws/codecommit/check-git-password.ts';

const KEYS = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'TOK/EN+==',
};
const PLACE = {
  region: 'eu-west-1',
  host: 'git-codecommit.eu-west-1.amazonaws.com',
  path: '/v1/repos/demo',
  at: new Date('2026-11-21T01:02:03.456Z'),
};

describe('the password for Git over HTTPS to CodeCommit', () => {
  it('is byte for byte what git-remote-codecommit makes', () => {
    assert.deepEqual(signGitRequest(KEYS, PLACE), {
      username: 'AKIDEXAMPLE%TOK/EN+==',
      password: '20261121T010203Zf0ae72a0f1144553caf9c55c4c4793a5cfe54491ead8d16c3f70a3c01a3e91ae',
    });
  });

  it('has the key id alone as user name when there is no session', () => {
    const { sessionToken: _, ...keys } = KEYS;

    assert.equal(signGitRequest(keys, PLACE).username, 'AKIDEXAMPLE');
  });

  it('is accepted by the CodeCommit of the tests, and by it alone for this place, time and key', () => {
    const { username, password } = signGitRequest(KEYS, PLACE);
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const request = { authorization, host: PLACE.host, path: PLACE.path };
    const now = { region: PLACE.region, nowMs: PLACE.at.getTime(), lookup: () => KEYS };
    const check = (changed: Partial<typeof request>, at: Partial<typeof now> = {}) =>
      checkGitPassword({ ...request, ...changed }, { ...now, ...at }).is;

    assert.equal(check({}), 'right');
    assert.equal(check({ path: '/v1/repos/other' }), 'wrong');
    assert.equal(check({ host: 'git-codecommit.eu-west-2.amazonaws.com' }), 'wrong');
    assert.equal(check({}, { region: 'eu-west-2' }), 'wrong');
    assert.equal(check({}, { nowMs: PLACE.at.getTime() + 16 * 60_000 }), 'wrong');
    assert.equal(check({}, { lookup: () => ({ ...KEYS, secretAccessKey: 'other' }) }), 'wrong');
    assert.equal(check({}, { lookup: () => ({ ...KEYS, sessionToken: 'other' }) }), 'wrong');
  });
});
