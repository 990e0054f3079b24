/** `kubectl kustomize` over the whole of a repository, as people run it. */
import { findTools } from '../../../shared/adapters/tools/find-tools.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { readObjects } from '../../../shared/render/read-objects.ts';
import type { Texts } from './closure-of.ts';

const { kubectl } = await findTools();

export type Built = { readonly objects: readonly KubeObject[] } | { readonly refused: string };

/** Returns the objects that kubectl prints for a folder, or why it refuses. A value `-> target` is a symlink. */
export async function buildByKubectl(texts: Texts, path: string): Promise<Built> {
  const entries = Object.entries(texts);
  const isLink = ([, text]: readonly [string, string]): boolean => text.startsWith('-> ');
  const { exitCode, stdout, stderr } = await kubectl.run({
    subject: path,
    act: 'kustomize',
    arguments: ['kustomize', path],
    files: new Map(entries.filter((entry) => !isLink(entry)).map(([file, text]) => [file, Buffer.from(text)])),
    links: new Map(entries.filter(isLink).map(([file, text]) => [file, text.slice(3)])),
    timeoutMs: 120_000,
  });
  if (exitCode !== 0) return { refused: stderr };
  return { objects: readObjects(stdout, { path }).map(({ object }) => object) };
}
