import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { repositoryKey } from '../../../shared/model/repository-address.ts';

/** Every line is one repository. */
const SAME: readonly (readonly string[])[] = [
  [
    'https://github.com/acme/fleet',
    'https://github.com/acme/fleet.git',
    'https://github.com/acme/fleet/',
    'https://github.com/acme/fleet.git/',
    'http://github.com:80/acme/fleet.git',
    'https://github.com:443/acme/fleet.git',
    'https://GitHub.com/Acme/Fleet',
    'https://plumbline@github.com/acme/fleet',
    'https://user:pass:word@github.com/acme/fleet',
    'https://user:p@ss@github.com/acme/fleet',
    'git://github.com/acme/fleet.git',
    'git://github.com:9418/acme/fleet.git',
    'git@github.com:acme/fleet.git',
    'git@github.com:/acme/fleet.git',
    'github.com:acme/fleet',
    'ssh://git@github.com/acme/fleet.git',
    'ssh://git@github.com:22/acme/fleet.git',
    'git+ssh://git@github.com/acme/fleet.git',
    ' https://github.com//acme/fleet?x=y#z ',
  ],
  [
    'https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/fleet',
    'ssh://git-codecommit.eu-west-1.amazonaws.com/v1/repos/fleet',
    'https://user%40acct:pw@git-codecommit.eu-west-1.amazonaws.com/v1/repos/fleet/',
    'https://git-codecommit-fips.eu-west-1.amazonaws.com/v1/repos/fleet',
    'codecommit::eu-west-1://fleet',
    'codecommit::eu-west-1://profile@fleet',
  ],
  ['https://git-codecommit.cn-north-1.amazonaws.com.cn/v1/repos/fleet', 'codecommit::cn-north-1://fleet'],
  [
    'https://dev.azure.com/acme/Web%20Shop/_git/fleet',
    'https://acme@dev.azure.com/acme/Web%20Shop/_git/fleet',
    'git@ssh.dev.azure.com:v3/acme/Web%20Shop/fleet',
    'https://acme.visualstudio.com/Web%20Shop/_git/fleet',
    'https://acme.visualstudio.com/DefaultCollection/Web%20Shop/_git/fleet',
    'acme@vs-ssh.visualstudio.com:v3/acme/Web%20Shop/fleet',
  ],
  ['https://dev.azure.com/acme/fleet/_git/fleet', 'https://dev.azure.com/acme/_git/fleet'],
  ['https://git.example.com:8443/acme/fleet', 'ssh://git@git.example.com:8443/acme/fleet.git'],
  ['https://git.example.com/acme/fleet'],
  ['https://git.example.com/group/sub/fleet', 'git@git.example.com:group/sub/fleet.git'],
  ['http://[::1]:3000/acme/fleet', 'http://[::1]:3000/acme/fleet.git'],
  ['https://github.com/acme/fleet2'],
  ['https://gitlab.com/acme/fleet'],
];

test('knows one repository by all its addresses, and different ones apart', () => {
  const keys = SAME.map((addresses) => {
    const [key, ...others] = new Set(addresses.map(repositoryKey));
    assert.deepEqual(others, [], `${addresses[0]}: ${key}`);
    return key;
  });
  assert.equal(new Set(keys).size, SAME.length);
});

test('never throws, and shows no password', () => {
  fc.assert(fc.property(fc.string(), (address) => typeof repositoryKey(address) === 'string'));
  const password = fc.stringMatching(/^[A-Z]{12}[:@%]?$/);
  fc.assert(
    fc.property(password, (secret) => {
      const key = repositoryKey(`https://user:${secret}@git.example.com/acme/fleet`);
      return key === 'git.example.com/acme/fleet';
    }),
  );
});
