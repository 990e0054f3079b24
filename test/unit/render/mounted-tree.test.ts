import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type FileTree, readFileTree } from '../../../shared/render/file-tree.ts';
import { mountedTree, sourceMount } from '../../../shared/render/mounted-tree.ts';
import { textSource } from './folder-source.ts';

const VALUES = sourceMount('values');

async function treeOf(texts: Readonly<Record<string, string>>): Promise<FileTree> {
  return readFileTree(textSource(texts));
}

async function textAt(tree: FileTree, path: string): Promise<string> {
  return new TextDecoder().decode(await tree.read(path));
}

describe('a tree with others mounted in it', () => {
  it('finds, lists and reads the files of each mount below its folder', async () => {
    const tree = mountedTree(await treeOf({ 'a.yaml': 'own' }));
    tree.mount(VALUES, await treeOf({ 'prod/b.yaml': 'mounted' }));

    const found = await tree.resolve(`${VALUES}/prod/b.yaml`);

    assert.deepEqual([found.found, found.path], ['file', `${VALUES}/prod/b.yaml`]);
    assert.equal(await textAt(tree, found.path), 'mounted');
    assert.deepEqual(
      tree.below(VALUES).map(({ path }) => path),
      [`${VALUES}/prod/b.yaml`],
    );
    assert.deepEqual((await tree.resolve(VALUES)).found, 'folder');
    assert.deepEqual((await tree.resolve('a.yaml')).found, 'file');
  });

  it('knows in which mount a path lies, also of what was mounted before', async () => {
    const inner = mountedTree(await treeOf({ 'a.yaml': 'own' }));
    inner.mount(VALUES, await treeOf({ 'b.yaml': 'mounted' }));
    const tree = mountedTree(inner);
    tree.mount('.plumbline/bases/x', await treeOf({ 'c.yaml': 'base' }));

    assert.equal(tree.mountOf(`${VALUES}/b.yaml`), VALUES);
    assert.equal(tree.mountOf('.plumbline/bases/x/c.yaml'), '.plumbline/bases/x');
    assert.equal(tree.mountOf('a.yaml'), undefined);
    assert.equal(await textAt(tree, `${VALUES}/b.yaml`), 'mounted');
  });

  it('sees nothing of a repository where others are mounted', async () => {
    const own = await treeOf({ [`${VALUES}/b.yaml`]: 'planted', '.plumblineignore': 'x', 'a.yaml': 'own' });

    assert.equal((await own.resolve(`${VALUES}/b.yaml`)).found, 'nothing');
    assert.deepEqual(
      own.below('').map(({ path }) => path),
      ['.plumblineignore', 'a.yaml'],
    );
  });
});

describe('a symlink', () => {
  it('whose text is longer than any path leads nowhere, however many steps it has', async () => {
    const target = 'a/'.repeat(1_000_000);
    const tree = await readFileTree({
      list: async () => [{ path: 'link', id: '1', type: 'symlink' }],
      read: async () => new TextEncoder().encode(target),
    });

    assert.equal((await tree.resolve('link')).found, 'nothing');
  });
});
