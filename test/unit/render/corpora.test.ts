import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { findTools } from '../../../shared/adapters/tools/find-tools.ts';
import { PlumblineError } from '../../../shared/errors.ts';
import type { RenderedObject } from '../../../shared/model/desired-state.ts';
import { refOf } from '../../../shared/model/kube-object.ts';
import { formatRef } from '../../../shared/model/object-ref.ts';
import { closureOf } from '../../../shared/render/closure.ts';
import { readFileTree } from '../../../shared/render/file-tree.ts';
import { readObjects } from '../../../shared/render/read-objects.ts';
import { rendererSettingsOf } from '../../../shared/render/renderer-settings.ts';
import { folderSource } from './folder-source.ts';
import { renderIn } from './render-in.ts';

const CORPORA = join(import.meta.dirname, '../../../../shared/corpora');
const { kubectl } = await findTools();
const notHere = { skip: existsSync(CORPORA) ? false : 'the corpora are not here' };

/** All regular files of a repository, for a program that runs over the whole of it. */
function allFiles(root: string): ReadonlyMap<string, Uint8Array> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [relative(root, path), readFileSync(path)]));
}

const objectsOf = (rendered: readonly RenderedObject[]) => rendered.map(({ object }) => object);

async function oursOrRefusal(root: string, path: string) {
  try {
    return { rendered: await renderIn(folderSource(root), { path }) };
  } catch (error) {
    if (error instanceof PlumblineError) return { refusal: error };
    throw error;
  }
}

/** What is wrong with the two that kubectl refuses; the second wants the network, which it does not have here. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  'kustomize/examples/transformerconfigs/images':
    /^examples\/transformerconfigs\/images\/kustomization\.yaml:\d+:\d+: render: there is no "kustomizeconfig\/mykind\.yaml"/,
  'kustomize/examples/loadHttp':
    /^examples\/loadHttp\/kustomization\.yaml:\d+:\d+: render: "https:\/\/.*" would be read from the network/,
};

test(
  'renders every kustomization of public repositories as kubectl does, from its closure alone',
  notHere,
  async (t) => {
    const roots = readdirSync(join(CORPORA, 'gitops')).flatMap((repository) => {
      const root = join(CORPORA, 'gitops', repository);
      const files = allFiles(root);
      const paths = [...files.keys()].flatMap(
        (path) => /^(.*)\/(?:kustomization\.ya?ml|Kustomization)$/.exec(path)?.[1] ?? [],
      );
      return paths.map((path) => ({ name: `${repository}/${path}`, root, path, files }));
    });
    let objectCount = 0;
    const refused = new Set<string>();
    const compare = async ({ name, root, path, files }: (typeof roots)[number]): Promise<void> => {
      const call = { subject: path, act: 'kustomize', files, links: new Map(), timeoutMs: 120_000 };
      const plain = await kubectl.run({ ...call, arguments: ['kustomize', path] });
      const { rendered, refusal } = await oursOrRefusal(root, path);

      assert.equal(refusal !== undefined, plain.exitCode !== 0, `${name}: ${refusal?.message ?? plain.stderr}`);
      if (rendered === undefined) {
        assert.match(refusal.message, REFUSED[name] ?? /is not known to be refused/, name);
        refused.add(name);
        return;
      }
      const wanted = objectsOf(readObjects(plain.stdout, { path }));
      const found = objectsOf(rendered.objects);
      assert.equal(found.length, wanted.length, name);
      for (const [at, object] of wanted.entries())
        assert.deepEqual(found[at], object, `${name}: ${formatRef(refOf(object))}`);
      for (const { source } of rendered.objects) assert.ok(files.has(source.path), `${name} from ${source.path}`);
      objectCount += found.length;
    };
    await Promise.all(roots.map(compare));

    assert.equal(roots.length, 26);
    assert.deepEqual([...refused].sort(), Object.keys(REFUSED).sort());
    t.diagnostic(
      `${roots.length - refused.size} kustomizations the same in ${objectCount} objects, ${refused.size} refused by both`,
    );
  },
);

test(
  'the closure of what is in a closure is that closure, for every kustomization, chart and folder there',
  notHere,
  async (t) => {
    let count = 0;
    for (const root of [
      ...readdirSync(join(CORPORA, 'gitops')).map((one) => `gitops/${one}`),
      'charts/helm-examples',
    ]) {
      const source = folderSource(join(CORPORA, root));
      const tree = await readFileTree(source);
      const folders = new Set((await source.list('')).map(({ path }) => dirname(path)));
      for (const path of folders) {
        const settings = await rendererSettingsOf(tree, { name: 'web', path });
        const closure = await closureOf(tree, path, settings).catch(refusedOnly);
        if (closure === undefined || closure.files.size === 0) continue;
        const kept = new Set([
          ...closure.files.keys(),
          ...[...closure.files.values()].map(({ from }) => from),
          ...closure.links.keys(),
        ]);
        const alone = await readFileTree({
          list: async (prefix) => (await source.list(prefix)).filter((file) => kept.has(file.path)),
          read: (file) => source.read(file),
        });
        assert.equal((await closureOf(alone, path, settings)).digest, closure.digest, `${root}/${path}`);
        count++;
      }
    }
    assert.ok(count > 30, String(count));
    t.diagnostic(`${count} closures`);
  },
);

function refusedOnly(error: unknown): undefined {
  if (!(error instanceof PlumblineError)) throw error;
}
