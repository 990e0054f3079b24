import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { findTools } from '../../../shared/adapters/tools/find-tools.ts';
import { PlumblineError } from '../../../shared/errors.ts';
import type { RenderedObject } from '../../../shared/model/desired-state.ts';
import { readObjects } from '../../../shared/render/read-objects.ts';
import { folderSource } from './folder-source.ts';
import { renderIn } from './render-in.ts';

const CORPORA = join(import.meta.dirname, '../../../../shared/corpora');
const { kubectl, helm } = await findTools();
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

test(
  'renders every kustomization of public repositories as kubectl does, from its closure alone',
  notHere,
  async (t) => {
    const counts = { same: 0, refusedByBoth: 0 };
    for (const repository of readdirSync(join(CORPORA, 'gitops'))) {
      const root = join(CORPORA, 'gitops', repository);
      const files = allFiles(root);
      const folders = [...files.keys()].flatMap(
        (path) => /^(.*)\/(?:kustomization\.ya?ml|Kustomization)$/.exec(path)?.[1] ?? [],
      );
      const compare = async (path: string) => {
        const call = { subject: path, act: 'kustomize', files, links: new Map(), timeoutMs: 60_000 };
        const plain = await kubectl.run({ ...call, arguments: ['kustomize', path] });
        const { rendered, refusal } = await oursOrRefusal(root, path);

        assert.equal(refusal !== undefined, plain.exitCode !== 0, `${path}: ${refusal?.message ?? plain.stderr}`);
        counts[rendered === undefined ? 'refusedByBoth' : 'same']++;
        if (rendered === undefined) return;
        assert.deepEqual(objectsOf(rendered.objects), objectsOf(readObjects(plain.stdout, { path })), path);
        for (const { source } of rendered.objects) assert.ok(files.has(source.path), `${path} from ${source.path}`);
      };
      await Promise.all(folders.map(compare));
    }
    assert.ok(counts.same > 0);
    t.diagnostic(`${counts.same} kustomizations the same, ${counts.refusedByBoth} refused by both`);
  },
);

const CHARTS = [
  ['gitops/podinfo', 'charts/podinfo'],
  ['charts/helm-examples', 'charts/hello-world'],
] as const;
for (const [repository, path] of CHARTS) {
  test(`renders the chart ${path} as helm does, without its hooks`, notHere, async () => {
    const root = join(CORPORA, repository);
    const call = { subject: path, act: 'helm', files: allFiles(root), links: new Map(), timeoutMs: 60_000 };
    const plain = await helm.run({
      ...call,
      arguments: ['template', 'web', path, '--namespace', 'default', '--no-hooks'],
    });

    const { objects } = await renderIn(folderSource(root), { path });

    assert.deepEqual(objectsOf(objects), objectsOf(readObjects(plain.stdout, { path })));
    for (const { source } of objects) assert.ok(call.files.has(source.path), source.path);
  });
}
