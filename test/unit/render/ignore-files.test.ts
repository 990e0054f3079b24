/** Which files ignore files hide: compared with `git check-ignore` over patterns and trees that fast-check makes. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import type { SnapshotFile } from '../../../shared/model/snapshot.ts';
import { closureOf } from '../../../shared/render/closure.ts';
import { readFileTree } from '../../../shared/render/file-tree.ts';
import { withoutIgnored } from '../../../shared/render/ignore-files.ts';
import { parseIgnoreLine } from '../../../shared/render/ignore-pattern.ts';
import { rendererSettingsOf } from '../../../shared/render/renderer-settings.ts';
import { makeRepository, type TestRepository } from '../../contract/source-repository.ts';
import { textSource } from './folder-source.ts';

type Texts = Readonly<Record<string, string>>;

async function keep(texts: Texts) {
  const files = Object.keys(texts)
    .sort()
    .map((path): SnapshotFile => ({ path, id: path, type: 'file' }));
  return withoutIgnored(files, async (path) => new TextEncoder().encode(texts[path]));
}
const keptOf = async (texts: Texts): Promise<readonly string[]> => (await keep(texts)).files.map(({ path }) => path);

describe('ignore files', () => {
  it('hide what they name below their folder, and name the line that does', async () => {
    const texts = {
      '.plumblineignore': '# what is not applied\n*.md\ndocs/\n!apps/README.md\n',
      'README.md': '',
      'apps/README.md': '',
      'apps/web/web.yaml': '',
      'apps/.sourceignore': '/web/draft.yaml\n',
      'apps/web/draft.yaml': '',
      'docs/a.yaml': '',
    };
    const { files, ignoredBy } = await keep(texts);

    assert.deepEqual(
      files.map(({ path }) => path),
      ['.plumblineignore', 'apps/.sourceignore', 'apps/README.md', 'apps/web/web.yaml'],
    );
    assert.deepEqual(ignoredBy('docs/a.yaml'), { path: '.plumblineignore', line: 3 });
    assert.deepEqual(ignoredBy('docs'), { path: '.plumblineignore', line: 3 });
    assert.deepEqual(ignoredBy('apps/web/draft.yaml'), { path: 'apps/.sourceignore', line: 1 });
    assert.equal(ignoredBy('apps/web/web.yaml'), undefined);
  });

  it('take nothing back that lies in an ignored folder', async () => {
    const texts = {
      '.plumblineignore': 'docs\n!docs/a.yaml\n',
      'docs/a.yaml': '',
      'docs/.plumblineignore': '!a.yaml\n',
    };

    assert.deepEqual(await keptOf(texts), ['.plumblineignore']);
  });

  it("of ours come after Flux's in one folder", async () => {
    const texts = { '.plumblineignore': '!a.yaml\n', '.sourceignore': '*.yaml\n', 'a.yaml': '', 'b.yaml': '' };

    assert.deepEqual(await keptOf(texts), ['.plumblineignore', '.sourceignore', 'a.yaml']);
  });

  it('cost no file anything where there are none', async () => {
    const read = () => assert.fail('nothing is to be read');
    const files: readonly SnapshotFile[] = [{ path: 'a.yaml', id: '1', type: 'file' }];

    assert.equal((await withoutIgnored(files, read)).files, files);
  });

  it('are matched at once, however many stars they have', () => {
    const hostile = parseIgnoreLine(`${'*a'.repeat(2_000)}b`);
    const folders = parseIgnoreLine(`${'**/a/'.repeat(500)}b`);

    assert.equal(hostile?.matches('a'.repeat(4_000)), false);
    assert.equal(folders?.matches('a/'.repeat(2_000)), false);
  });
});

describe('ignore files compared with git', () => {
  let repository: TestRepository;
  let remove: () => Promise<void>;
  before(async () => {
    ({ repository, remove } = await makeRepository());
  });
  after(async () => remove());

  const name = fc.constantFrom('a', 'b', 'ab', 'abc', 'a.md', 'b-c', 'A', '[x]', 'a b', '!a', '#a');
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
  const piece = fc.constantFrom(
    'a',
    'b',
    'c',
    '*',
    '**',
    '?',
    '[ab]',
    '[!a]',
    '[a-c]',
    '[^b]',
    '[[:upper:]]',
    '.md',
    '\\*',
    '\\!',
    ' ',
    '\\ ',
    '-',
    '[]a]',
    '[a',
    '\\',
  );
  const segment = fc.oneof(
    { weight: 2, arbitrary: name },
    { weight: 1, arbitrary: fc.constant('**') },
    { weight: 3, arbitrary: fc.array(piece, { minLength: 1, maxLength: 3 }).map((pieces) => pieces.join('')) },
  );
  const pattern = fc
    .tuple(
      fc.constantFrom('', '', '!', '\\!', '#', '\\#'),
      fc.constantFrom('', '', '/'),
      fc.array(segment, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('', '', '/', ' ', '\\ ', '/**', '\r'),
    )
    .map(([sign, start, segments, end]) => `${sign}${start}${segments.join('/')}${end}`);
  const ignoreFile = fc.array(pattern, { minLength: 1, maxLength: 5 }).map((lines) => `${lines.join('\n')}\n`);

  it('hides exactly what git ignores', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(path, { minLength: 1, maxLength: 12 }),
        ignoreFile,
        fc.option(fc.tuple(path, ignoreFile), { nil: undefined }),
        async (paths, atRoot, below) => {
          const leaves = leavesOf([...paths, ...(below === undefined ? [] : [`${below[0]}/x`])]);
          const nested =
            below === undefined || leaves.includes(below[0]) ? {} : { [`${below[0]}/.gitignore`]: below[1] };
          const texts: Texts = {
            ...Object.fromEntries(leaves.map((leaf) => [leaf, ''])),
            ...nested,
            '.gitignore': atRoot,
          };
          await repository.git('clean', '--quiet', '-ffdx');
          await repository.write(texts);
          const { status, stdout } = spawnSync(
            'git',
            ['-C', repository.path, 'check-ignore', '--no-index', '--stdin', '-z'],
            {
              input: leaves.join('\0'),
              env: { PATH: `${process.env.PATH}`, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
            },
          );
          assert.ok(status === 0 || status === 1);
          const ignored = new Set(stdout.toString().split('\0'));
          const ours = Object.fromEntries(
            Object.entries(texts).map(([key, text]) => [key.replace('.gitignore', '.plumblineignore'), text]),
          );
          const kept = new Set(await keptOf(ours));
          for (const leaf of leaves) {
            assert.equal(!kept.has(leaf), ignored.has(leaf), `${leaf} of ${JSON.stringify(texts)}`);
            compared += 1;
          }
        },
      ),
      { numRuns: 300 },
    );
    assert.ok(compared > 1_000, `${compared} paths`);
  });
});

/** A path that another one lies below would be file and folder at once. */
function leavesOf(paths: readonly string[]): readonly string[] {
  const unique = [...new Set(paths)];
  return unique.filter((one) => !unique.some((other) => other.startsWith(`${one}/`)));
}

describe('a rendering of a tree with ignore files', () => {
  const treeOf = (texts: Texts) => readFileTree(textSource(texts), { honoursIgnoreFiles: true });
  const SETTINGS = { kind: 'directory', recurse: true, include: [], exclude: [] } as const;

  it('does not see what they hide', async () => {
    const tree = await treeOf({ '.plumblineignore': 'draft.yaml\n', 'web/a.yaml': 'a', 'web/draft.yaml': 'b' });
    const { files } = await closureOf(tree, 'web', { ...SETTINGS, include: ['*.yaml'] });

    assert.deepEqual([...files.keys()], ['web/a.yaml']);
  });

  it('says which line hides what a kustomization refers to, and the path itself', async () => {
    const tree = await treeOf({
      'web/.sourceignore': '# not yet\ndraft.yaml\n',
      '.plumblineignore': '/old/\n',
      'web/kustomization.yaml': 'resources: [draft.yaml]\n',
      'web/draft.yaml': '',
      'old/a.yaml': '',
    });

    const settings = await rendererSettingsOf(tree, {
      name: 'web',
      path: 'web',
      render: undefined,
      namespace: undefined,
    });
    await assert.rejects(
      closureOf(tree, 'web', settings),
      /"draft\.yaml" is hidden by web\/\.sourceignore:2; take it out/,
    );
    await assert.rejects(
      closureOf(tree, 'old', { ...SETTINGS, include: ['*.yaml'] }),
      /the path is hidden by \.plumblineignore:1/,
    );
  });
});
