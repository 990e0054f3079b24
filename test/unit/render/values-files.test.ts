import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PlumblineError } from '../../../shared/errors.ts';
import { closureOf } from '../../../shared/render/closure.ts';
import { readFileTree } from '../../../shared/render/file-tree.ts';
import { mountedTree, sourceMount } from '../../../shared/render/mounted-tree.ts';
import { rendererSettingsOf } from '../../../shared/render/renderer-settings.ts';
import type { Texts } from './closure-of.ts';
import { textSource } from './folder-source.ts';

const REPOSITORY = {
  'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'charts/web/prod.yaml': '',
  'values/eu/b.yaml': '',
  'values/eu/a.yaml': '',
  'values/eu/deep/c.yaml': '',
  'values/us/a.yaml': '',
  'values/eu/readme.md': '',
  'values/[odd].yaml': '',
  'linked.yaml': '-> values/us/a.yaml',
  'links/z.yaml': '-> ../values/us/a.yaml',
  'links/a.yaml': '-> ../values/eu/a.yaml',
};
const OTHER = { 'envs/prod.yaml': '', 'envs/eu/x.yaml': '', 'envs/eu/y.yaml': '', 'envs/out.yaml': '-> ../../secret' };

interface Wanted {
  readonly valuesFiles: readonly string[];
  readonly ignoreMissingValuesFiles?: boolean;
  readonly repository?: Texts;
}

async function closureWith({ repository = REPOSITORY, valuesFiles, ...helm }: Wanted) {
  const tree = mountedTree(await readFileTree(textSource(repository)));
  tree.mount(sourceMount('envs'), await readFileTree(textSource(OTHER)));
  const render = { helm: { ...helm, valuesFiles: [...valuesFiles], values: {}, includeCRDs: true } };
  return closureOf(tree, 'charts/web', await rendererSettingsOf(tree, { name: 'web', path: 'charts/web', render }));
}

async function complaintsWith(wanted: Wanted): Promise<readonly string[]> {
  try {
    await closureWith(wanted);
    return [];
  } catch (error) {
    if (error instanceof PlumblineError) return error.message.split('\n');
    throw error;
  }
}

const FOUND: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  [
    'plain paths in their order',
    ['../../values/us/a.yaml', './prod.yaml'],
    ['values/us/a.yaml', 'charts/web/prod.yaml'],
  ],
  ['a pattern sorted', ['../../values/eu/*.yaml'], ['values/eu/a.yaml', 'values/eu/b.yaml']],
  [
    '** through folders',
    ['../../values/**/*.yaml'],
    ['values/[odd].yaml', 'values/eu/a.yaml', 'values/eu/b.yaml', 'values/eu/deep/c.yaml', 'values/us/a.yaml'],
  ],
  ['a pattern of folders', ['../../values/*/a.yaml'], ['values/eu/a.yaml', 'values/us/a.yaml']],
  ['choices', ['../../values/{us,eu}/a.yaml'], ['values/eu/a.yaml', 'values/us/a.yaml']],
  ['a file whose name looks like a pattern', ['../../values/[odd].yaml'], ['values/[odd].yaml']],
  ['the target of a link', ['../../linked.yaml'], ['values/us/a.yaml']],
  ['the targets of links that a pattern matches', ['../../links/*'], ['values/eu/a.yaml', 'values/us/a.yaml']],
  ['a file of another source', ['$envs/envs/prod.yaml'], ['.plumbline/sources/envs/envs/prod.yaml']],
  [
    'a pattern in another source',
    ['$envs/envs/eu/*.yaml'],
    ['.plumbline/sources/envs/envs/eu/x.yaml', '.plumbline/sources/envs/envs/eu/y.yaml'],
  ],
];
for (const [what, valuesFiles, expected] of FOUND) {
  test(`finds values files: ${what}`, async () => {
    const { files, valuesFiles: found } = await closureWith({ valuesFiles });

    assert.deepEqual(found, expected);
    for (const path of expected) assert.ok(files.has(path), path);
  });
}

test('leaves out what is missing when told to, and still brings the others', async () => {
  const valuesFiles = ['nope.yaml', 'nope/*.yaml', '$envs/nope.yaml', 'prod.yaml'];

  const { valuesFiles: found } = await closureWith({ valuesFiles, ignoreMissingValuesFiles: true });

  assert.deepEqual(found, ['charts/web/prod.yaml']);
});

const REFUSED: readonly (readonly [string, string, string])[] = [
  [
    'a pattern that matches nothing',
    'nope/*.yaml',
    'charts/web: render: no file matches the values files "nope/*.yaml"; correct the pattern, or set ignoreMissingValuesFiles: true',
  ],
  [
    'a source that the application does not have',
    '$other/prod.yaml',
    'charts/web: render: the values file "$other/prod.yaml" names the source "other", which the application does not have; write "$name/path" with the name of one of spec.sources',
  ],
  [
    'a path out of another source',
    '$envs/../../x.yaml',
    'charts/web: render: the values file "$envs/../../x.yaml" leaves its repository; write "$name/path" with the name of one of spec.sources',
  ],
  [
    'a link out of another source',
    '$envs/envs/out.yaml',
    'charts/web: render: "envs/out.yaml" leaves the repository by the symlink ".plumbline/sources/envs/envs/out.yaml" to "../../secret"; copy what it names into the repository',
  ],
];
for (const [what, file, message] of REFUSED) {
  test(`refuses ${what}`, async () => {
    assert.deepEqual(await complaintsWith({ valuesFiles: [file] }), [message]);
    assert.equal(
      (await complaintsWith({ valuesFiles: [file], ignoreMissingValuesFiles: true })).length,
      what.includes('nothing') ? 0 : 1,
    );
  });
}

test('has another digest when a pattern finds one file more, or the same files in another order', async () => {
  const digest = async (wanted: Wanted) => (await closureWith(wanted)).digest;
  const both = ['../../values/eu/a.yaml', '../../values/eu/b.yaml'];

  const pattern = await digest({ valuesFiles: ['../../values/eu/*.yaml'] });

  assert.equal(await digest({ valuesFiles: both }), pattern);
  assert.notEqual(await digest({ valuesFiles: both.toReversed() }), pattern);
  const more = { ...REPOSITORY, 'values/eu/c.yaml': '' };
  assert.notEqual(await digest({ valuesFiles: ['../../values/eu/*.yaml'], repository: more }), pattern);
});
