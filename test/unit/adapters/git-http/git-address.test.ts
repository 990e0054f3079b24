import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseGitAddress } from '../../../../shared/adapters/git-http/git-address.ts';
import { refusedWith } from './refused-with.ts';

describe('the address of a Git repository', () => {
  it('is https, or on this machine', () => {
    for (const url of [
      'https://github.com/example/fleet.git',
      'http://127.0.0.1:8080/fleet',
      'http://[::1]:80/fleet',
    ]) {
      assert.equal(parseGitAddress(`${url}/`).href, new URL(url).href);
    }
  });

  it('is no other machine without encryption, and no other protocol', () => {
    for (const url of [
      'http://github.com/a.git',
      'http://10.0.0.1/a',
      'ssh://git@github.com/a',
      'file:///etc',
      'ftp://a/b',
    ]) {
      assert.throws(
        () => parseGitAddress(url),
        refusedWith('ConfigInvalid', /is not encrypted; give an https address/),
        url,
      );
    }
  });

  it('is never one that hands out credentials to whoever asks', () => {
    const addresses = [
      'https://169.254.169.254/latest/meta-data',
      'http://169.254.170.2/v2/credentials',
      'https://2852039166/x',
      'https://0xa9.0xfe.0xa9.0xfe/x',
      'https://[fe80::1]/x',
      'https://[fd00:ec2::254]/x',
      'https://[::ffff:169.254.169.254]/x',
    ];

    for (const url of addresses) {
      assert.throws(() => parseGitAddress(url), refusedWith('ConfigInvalid', /is a link-local address/), url);
    }
  });

  it('holds no credentials, and what it holds is not quoted', () => {
    assert.throws(
      () => parseGitAddress('https://ana:correct-horse@github.com/a.git'),
      (error: unknown) =>
        !String(error).includes('horse') && refusedWith('ConfigInvalid', /holds credentials for github\.com/)(error),
    );
  });

  it('is an address, without a query', () => {
    assert.throws(() => parseGitAddress('git@github.com:a.git'), refusedWith('ConfigInvalid', /it is no URL/));
    assert.throws(
      () => parseGitAddress('https://github.com/a?b'),
      refusedWith('ConfigInvalid', /a query or a fragment/),
    );
  });
});
