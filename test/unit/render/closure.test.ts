import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closureIn, complaintsIn, filesOf } from './closure-of.ts';

const PLAIN = {
  'apps/web/a.yaml': 'a',
  'apps/web/b/c.yml': 'c',
  'apps/web/b/d.json': 'd',
  'apps/web/README.md': 'readme',
  'apps/web/values.yaml.bak': 'no',
  'apps/other/e.yaml': 'e',
};

test('takes the manifests of a folder and nothing beside it', async () => {
  assert.deepEqual(filesOf(await closureIn(PLAIN, 'apps/web')), [
    'apps/web/a.yaml',
    'apps/web/b/c.yml',
    'apps/web/b/d.json',
  ]);
  assert.deepEqual(filesOf(await closureIn(PLAIN, './apps//web/')), filesOf(await closureIn(PLAIN, 'apps/web')));
  assert.equal(filesOf(await closureIn(PLAIN, '.')).length, 4);
});

test('obeys recurse, include and exclude; a pattern without a slash means the name in any folder', async () => {
  const directory = { recurse: true, include: [], exclude: [] };
  const files = async (settings: object) =>
    filesOf(await closureIn(PLAIN, 'apps/web', { directory: { ...directory, ...settings } }));

  assert.deepEqual(await files({ recurse: false }), ['apps/web/a.yaml']);
  assert.deepEqual(await files({ include: ['*.yml'] }), ['apps/web/b/c.yml']);
  assert.deepEqual(await files({ include: ['b/*'] }), ['apps/web/b/c.yml', 'apps/web/b/d.json']);
  assert.deepEqual(await files({ include: ['*.{yaml,yml}'], exclude: ['b/**'] }), ['apps/web/a.yaml']);
});

test('follows a symlink to a file under the name that people see, and leaves one to a folder alone', async () => {
  const texts = { ...PLAIN, 'apps/web/link.yaml': '-> ../other/e.yaml', 'apps/web/folder.yaml': '-> ../other' };

  const { files, links } = await closureIn(texts, 'apps/web');

  assert.equal(files.get('apps/web/link.yaml')?.from, 'apps/other/e.yaml');
  assert.deepEqual([files.has('apps/other/e.yaml'), files.has('apps/web/folder.yaml'), links.size], [false, false, 0]);
});

test('renders the folder that a path leads to by symlinks', async () => {
  const { path } = await closureIn({ ...PLAIN, 'apps/current': '-> web' }, 'apps/current/b');

  assert.equal(path, 'apps/web/b');
});

test('changes its digest with a file of the closure, and with no other', async () => {
  const digest = async (texts: Readonly<Record<string, string>>) => (await closureIn(texts, 'apps/web')).digest;

  const before = await digest(PLAIN);

  assert.equal(await digest({ ...PLAIN, 'apps/other/e.yaml': 'changed', 'apps/web/README.md': 'changed' }), before);
  assert.notEqual(await digest({ ...PLAIN, 'apps/web/a.yaml': 'changed' }), before);
  assert.notEqual(await digest({ ...PLAIN, 'apps/web/new.yaml': 'a' }), before);
});

const PATHS: readonly (readonly [string, RegExp])[] = [
  ['apps/nope', /^apps\/nope: render: there is no such folder in the repository; correct spec\.source\.path$/],
  ['apps/web/a.yaml', /this is a file; let spec\.source\.path name its folder/],
  ['../elsewhere', /leaves the repository/],
  ['apps/../../elsewhere', /leaves the repository/],
  ['/etc', /leaves the repository/],
  ['apps/out', /the path leaves the repository by the symlink "apps\/out" to "\.\.\/\.\.\/elsewhere"/],
  ['apps/absolute', /leaves the repository by the symlink "apps\/absolute" to "\/etc"/],
  ['apps/ring', /symlinks on the way go in a circle/],
];
for (const [path, message] of PATHS) {
  test(`refuses the path ${path}`, async () => {
    const links = { 'apps/out': '-> ../../elsewhere', 'apps/absolute': '-> /etc', 'apps/ring': '-> ring' };

    const [complaint] = await complaintsIn({ ...PLAIN, ...links }, path);

    assert.match(complaint ?? '', message);
  });
}

test('refuses links out of the repository, dead links and a kustomization among plain files, all at once', async () => {
  const links = { 'apps/web/out.yaml': '-> ../../../etc/passwd', 'apps/web/dead.yaml': '-> nope.yaml' };
  const directory = { recurse: true, include: [], exclude: [] };

  const complaints = await complaintsIn(
    { ...PLAIN, ...links, 'apps/web/kustomization.yaml': 'resources: []' },
    'apps/web',
    { directory },
  );

  assert.equal(complaints.length, 3);
  assert.match(complaints[0] ?? '', /^apps\/web\/dead\.yaml: render: there is no /);
  assert.match(
    complaints[1] ?? '',
    /^apps\/web\/kustomization\.yaml: render: a kustomization stands among plain files/,
  );
  assert.match(complaints[2] ?? '', /^apps\/web\/out\.yaml: render: .*leaves the repository/);
});

test('refuses an application that names two renderers', async () => {
  const directory = { recurse: true, include: [], exclude: [] };

  assert.match(
    (await complaintsIn(PLAIN, 'apps/web', { kustomize: {}, directory }))[0] ?? '',
    /^web: .*directory, kustomize/,
  );
});
