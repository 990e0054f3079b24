import assert from 'node:assert/strict';
import { test } from 'node:test';
import { declarationFor, isPinned, readRemoteReference } from '../../../shared/render/remote-reference.ts';

/** Reference, repository, folder, ref: as kustomize parts them (its repospec_test.go has more of the kind). */
const REMOTE: readonly (readonly [string, string, string, string?])[] = [
  ['https://git.example.com/org/repo//path/to?ref=v1', 'https://git.example.com/org/repo', 'path/to', 'v1'],
  ['https://git.example.com/org/repo', 'https://git.example.com/org/repo', ''],
  ['https://git.example.com/org/repo/path', 'https://git.example.com/org/repo', 'path'],
  ['https://git.example.com/a/b/repo.git/path?version=v2', 'https://git.example.com/a/b/repo.git', 'path', 'v2'],
  ['https://git.example.com/o/r//p?timeout=90s&ref=v3&version=no', 'https://git.example.com/o/r', 'p', 'v3'],
  ['https://user@dev.azure.com/org/project/_git/repo/path', 'https://user@dev.azure.com/org/project/_git/repo', 'path'],
  ['github.com/org/repo//path', 'https://github.com/org/repo', 'path'],
  ['HTTP://GitHub.com/org/repo/path', 'https://github.com/org/repo', 'path'],
  ['github.com:org/repo', 'https://github.com/org/repo', ''],
  ['git@github.com:org/repo.git//path', 'git@github.com:org/repo.git', 'path'],
  ['git@git.example.com:org/repo/path', 'git@git.example.com:org/repo', 'path'],
  ['ssh://git@git.example.com:7999/org/repo//path', 'ssh://git@git.example.com:7999/org/repo', 'path'],
  ['git::https://git.example.com/org/repo', 'https://git.example.com/org/repo', ''],
  ['https://git.example.com/o/r//a/../b/', 'https://git.example.com/o/r', 'b'],
  ['file:///srv/repo//path', 'file:///srv/repo', 'path'],
];
for (const [reference, url, path, ref] of REMOTE) {
  test(`takes ${reference} for a repository elsewhere`, () => {
    assert.deepEqual(readRemoteReference(reference), { url, path, ref });
  });
}

const LOCAL = [
  '../base',
  'base',
  'github.com/org',
  'git.example.com/org/repo//path',
  '/abs',
  'base?ref=main',
  'git@base',
];
for (const reference of [...LOCAL, 'https://git.example.com/o/r//../..', 'https://git.example.com/alone']) {
  test(`takes ${reference} for a path`, () => {
    assert.equal(readRemoteReference(reference), undefined);
  });
}

test('knows a full commit id from anything that can move', () => {
  assert.ok(isPinned('0123456789abcdef0123456789abcdef01234567'));
  for (const ref of [undefined, 'main', '0123456', '0123456789ABCDEF0123456789abcdef01234567'])
    assert.ok(!isPinned(ref));
});

const DECLARED: readonly (readonly [string, string, string])[] = [
  ['git@github.com:Org/Repo.git', 'repo', 'git: {url: "https://github.com/Org/Repo.git"}'],
  ['ssh://git@git.example.com/org/repo', 'repo', 'git: {url: "https://git.example.com/org/repo"}'],
  ['https://me@git.example.com/org/my_repo', 'my-repo', 'git: {url: "https://git.example.com/org/my_repo"}'],
  [
    'https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/MyRepo',
    'myrepo',
    'codecommit: {name: "MyRepo", region: eu-west-1}',
  ],
];
for (const [url, name, spec] of DECLARED) {
  test(`prints the declaration of ${url}`, () => {
    assert.equal(
      declarationFor(url),
      `{apiVersion: plumbline.dev/v1, kind: Repository, metadata: {name: ${name}}, spec: {${spec}}}`,
    );
  });
}
