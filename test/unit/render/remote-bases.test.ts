import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { findTools } from '../../../shared/adapters/tools/find-tools.ts';
import { PlumblineError } from '../../../shared/errors.ts';
import { readFileTree } from '../../../shared/render/file-tree.ts';
import { NOTHING_OUTSIDE, type Outside } from '../../../shared/render/outside.ts';
import { readObjects } from '../../../shared/render/read-objects.ts';
import { closureIn, complaintsIn, filesOf, type Texts } from './closure-of.ts';
import { textSource } from './folder-source.ts';
import { complaintsOf, renderIn } from './render-in.ts';

const run = promisify(execFile);
const { kubectlPath } = await findTools();
const folder = mkdtempSync(join(tmpdir(), 'plumbline-bases-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const ID = '0123456789abcdef0123456789abcdef01234567';
const OTHER_ID = 'fedcba9876543210fedcba9876543210fedcba98';
const configMap = (name: string, data = 'k: v') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {${data}}\n`;

/** Repositories by address and commit; the others are not declared. */
function outsideOf(repositories: Readonly<Record<string, Texts>>): Outside & { readonly asked: string[] } {
  const asked: string[] = [];
  const base: Outside['base'] = async ({ url, revision }) => {
    asked.push(`${url}@${revision}`);
    const texts = repositories[`${url}@${revision}`];
    if (texts !== undefined) return readFileTree(textSource(texts));
    const wrong = `no Repository of the fleet has the address ${url}`;
    throw new PlumblineError([{ code: 'ConfigInvalid', subject: url, act: 'fetch', wrong, remedy: 'declare it' }]);
  };
  return { ...NOTHING_OUTSIDE, base, asked };
}

const BASE: Texts = {
  'deploy/kustomization.yaml':
    'resources: [a.yaml, ../more]\nnamePrefix: base-\nconfigMapGenerator: [{name: made, files: [f.txt]}]\n',
  'deploy/a.yaml': configMap('a'),
  'deploy/f.txt': 'text',
  'more/kustomization.yaml': 'resources: [b.yaml]\n',
  'more/b.yaml': configMap('b'),
  'part/kustomization.yaml':
    'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{path: p.yaml}]\n',
  'part/p.yaml': configMap('own', 'k: patched'),
  'unrelated.txt': 'x',
};
/** With what a person may write around the references. */
const appAt = (address: string, ref: string): Texts => ({
  'app/kustomization.yaml': `# the base\nresources:\n- own.yaml\n- ${address}//deploy?ref=${ref} # pinned\ncomponents: ["${address}//part?ref=${ref}"]\nnameSuffix: -x\n`,
  'app/own.yaml': configMap('own'),
});

async function writeRepository(
  name: string,
  texts: Texts,
): Promise<{ readonly root: string; readonly commit: string }> {
  const root = join(folder, name);
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const git = async (...parameters: readonly string[]) =>
    (await run('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...parameters], { cwd: root })).stdout;
  await git('init', '-q');
  await git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  await git('add', '.');
  await git('commit', '-q', '-m', 'all');
  return { root, commit: (await git('rev-parse', 'HEAD')).trim() };
}

test('renders bases, components and bases of bases elsewhere as kubectl does that clones them', async () => {
  const inner = await writeRepository('inner', {
    'kustomization.yaml': 'resources: [c.yaml]\n',
    'c.yaml': configMap('c'),
  });
  const nested = (address: string): Texts => ({
    ...BASE,
    'more/kustomization.yaml': `resources:\n- b.yaml\n- '${address}?ref=${inner.commit}'\n`,
  });
  const outer = await writeRepository('outer', nested(`file://${inner.root}`));
  const { root } = await writeRepository('app', appAt(`file://${outer.root}`, outer.commit));
  const built = await run(kubectlPath, ['kustomize', join(root, 'app')]);
  const outside = outsideOf({
    [`https://git.example.com/org/outer@${outer.commit}`]: nested('https://git.example.com/org/inner'),
    [`https://git.example.com/org/inner@${inner.commit}`]: {
      'kustomization.yaml': 'resources: [c.yaml]\n',
      'c.yaml': configMap('c'),
    },
  });

  const { objects } = await renderIn(textSource(appAt('https://git.example.com/org/outer', outer.commit)), {
    path: 'app',
    outside,
  });

  const wanted = readObjects(built.stdout, { path: 'app' }).map(({ object }) => object);
  assert.deepEqual(
    objects.map(({ object }) => object),
    wanted,
  );
  assert.equal(wanted.length, 5);
  assert.deepEqual(objects.map(({ source }) => source.path.replace(/@[0-9a-f]{40}/, '@ID')).sort(), [
    '.plumbline/bases/git.example.com/org/inner@ID/c.yaml',
    '.plumbline/bases/git.example.com/org/outer@ID/deploy/a.yaml',
    '.plumbline/bases/git.example.com/org/outer@ID/deploy/kustomization.yaml',
    '.plumbline/bases/git.example.com/org/outer@ID/more/b.yaml',
    'app/own.yaml',
  ]);
  assert.equal(outside.asked.length, 2);
});

test('takes of a base what the rendering reads, and another commit is another closure', async () => {
  const address = 'https://git.example.com/org/base';
  const outside = outsideOf({ [`${address}@${ID}`]: BASE, [`${address}@${OTHER_ID}`]: BASE });

  const closure = await closureIn(appAt(address, ID), 'app', undefined, outside);
  const other = await closureIn(appAt(address, OTHER_ID), 'app', undefined, outside);

  const mount = `.plumbline/bases/git.example.com/org/base@${ID}`;
  assert.deepEqual(filesOf(closure), [
    ...['deploy/a.yaml', 'deploy/f.txt', 'deploy/kustomization.yaml', 'more/b.yaml'].map((path) => `${mount}/${path}`),
    ...['more/kustomization.yaml', 'part/kustomization.yaml', 'part/p.yaml'].map((path) => `${mount}/${path}`),
    'app/kustomization.yaml',
    'app/own.yaml',
  ]);
  assert.notEqual(closure.digest, other.digest);
});

test('keeps every line of a kustomization where it is, a symlinked one too', async () => {
  const address = 'https://git.example.com/org/base';
  const texts = {
    ...appAt(address, ID),
    'app/kustomization.yaml': '-> inner.yaml',
    'app/inner.yaml': appAt(address, ID)['app/kustomization.yaml'] ?? '',
  };

  const closure = await closureIn(texts, 'app', undefined, outsideOf({ [`${address}@${ID}`]: BASE }));

  const file = closure.files.get('app/kustomization.yaml');
  const mount = `../.plumbline/bases/git.example.com/org/base@${ID}`;
  assert.equal(
    new TextDecoder().decode(await closure.tree.read(file?.from ?? '')),
    `# the base\nresources:\n- own.yaml\n- ${mount}/deploy # pinned\ncomponents: ["${mount}/part"]\nnameSuffix: -x\n`,
  );
  assert.ok(!closure.links.has('app/kustomization.yaml'));
});

const SPELLINGS = [
  ['git@git.example.com:org/base.git//deploy?ref=', 'git@git.example.com:org/base.git'],
  ['ssh://git@git.example.com/org/base//deploy?ref=', 'ssh://git@git.example.com/org/base'],
  ['git::https://git.example.com/org/base/deploy?version=', 'https://git.example.com/org/base'],
  ['github.com/org/base/deploy?timeout=10s&ref=', 'https://github.com/org/base'],
] as const;
for (const [spelling, url] of SPELLINGS) {
  test(`fetches ${spelling}...`, async () => {
    const outside = outsideOf({ [`${url}@${ID}`]: BASE });

    const closure = await closureIn(
      { 'kustomization.yaml': `resources: ["${spelling}${ID}"]\n` },
      '',
      undefined,
      outside,
    );

    assert.equal(closure.files.size, 6);
  });
}

const at = (reference: string, more: Texts = {}): Texts => ({
  'app/kustomization.yaml': `resources:\n- own.yaml\n- ${reference}\n`,
  'app/own.yaml': configMap('own'),
  ...more,
});
const ADDRESS = 'https://git.example.com/org/base';
const REFUSED: readonly (readonly [string, Texts, RegExp])[] = [
  [
    'a branch, with what to do',
    at(`${ADDRESS}//deploy?ref=main`),
    /^app\/kustomization\.yaml:3:3: render: the remote base https:\/\/git\.example\.com\/org\/base has the ref "main", which may mean another commit tomorrow; pin it: .*git ls-remote https:\/\/git\.example\.com\/org\/base main.*kind: Repository, metadata: \{name: base\}, spec: \{git: \{url: "https:\/\/git\.example\.com\/org\/base"\}\}\}$/,
  ],
  ['no ref', at(`${ADDRESS}//deploy`), /has no \?ref=, which may mean another commit tomorrow; pin it/],
  [
    'a repository that is not declared',
    at(`https://git.example.com/org/other//deploy?ref=${ID}`),
    /^app\/kustomization\.yaml:3:3: render: no Repository of the fleet has the address https:\/\/git\.example\.com\/org\/other; declare it$/,
  ],
  [
    'a folder that is not there',
    at(`${ADDRESS}//nope?ref=${ID}`),
    /^app\/kustomization\.yaml:3:3: render: there is no folder "nope" in .* at 0123456789ab; /,
  ],
  [
    'a file',
    at(`${ADDRESS}//unrelated.txt?ref=${ID}`),
    /unrelated\.txt is a file in .*, and kustomize takes folders alone/,
  ],
  [
    'a manifest by HTTP',
    at(`${ADDRESS}//deploy/a.yaml?ref=${ID}`),
    /would be read from the network, which is not done; copy the file/,
  ],
  [
    'a folder without a kustomization',
    at(`${ADDRESS}//docs?ref=${ID}`),
    /^app\/kustomization\.yaml:3:3: render: the folder "\.plumbline\/bases\/git\.example\.com\/org\/base@[0-9a-f]{40}\/docs" has no kustomization\.yaml/,
  ],
  [
    'a path of the base out of its repository',
    at(`${ADDRESS}//escapes?ref=${ID}`),
    /^\.plumbline\/bases\/.*\/escapes\/kustomization\.yaml:1:13: render: "\.\.\/\.\.\/\.\.\/app" leaves the repository/,
  ],
  [
    'a symlink of the base out of its repository',
    at(`${ADDRESS}//link?ref=${ID}`),
    /leaves the repository by the symlink/,
  ],
  [
    'a reference that nothing can replace',
    { 'app/kustomization.yaml': `resources:\n- >-\n  ${ADDRESS}//deploy?ref=${ID}\n` },
    /^app\/kustomization\.yaml:2:3: render: no path can stand in the place of this reference/,
  ],
];
for (const [what, texts, message] of REFUSED) {
  test(`refuses ${what}`, async () => {
    const base = {
      ...BASE,
      'docs/readme.md': 'x',
      'escapes/kustomization.yaml': 'resources: [../../../app]\n',
      link: '-> ../../outside',
    };

    const complaints = await complaintsIn(texts, 'app', undefined, outsideOf({ [`${ADDRESS}@${ID}`]: base }));

    assert.equal(complaints.length, 1, complaints.join('\n'));
    assert.match(complaints[0] ?? '', message);
  });
}

test('says what kustomize refuses in a base with the file of the base', async () => {
  const base = { 'kustomization.yaml': 'resources: [a.yaml, a.yaml]\n', 'a.yaml': configMap('a') };

  const [complaint] = await complaintsOf(textSource(at(`${ADDRESS}?ref=${ID}`)), {
    path: 'app',
    outside: outsideOf({ [`${ADDRESS}@${ID}`]: base }),
  });

  assert.match(
    complaint ?? '',
    /^\.plumbline\/bases\/git\.example\.com\/org\/base@[0-9a-f]{40}\/kustomization\.yaml: kustomize: may not add/,
  );
});

test('a server that does not answer is no fault of the file', async () => {
  const outside: Outside = {
    ...NOTHING_OUTSIDE,
    base: async ({ url }) => {
      throw new PlumblineError([
        { code: 'SourceUnreachable', subject: url, act: 'fetch', wrong: 'no answer', remedy: '' },
      ]);
    },
  };

  await assert.rejects(
    closureIn(at(`${ADDRESS}?ref=${ID}`), 'app', undefined, outside),
    (error) => error instanceof PlumblineError && error.code === 'SourceUnreachable',
  );
});
