/** `helm template` over the whole of a repository, as people run it. */
import { findTools } from '../../../shared/adapters/tools/find-tools.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { readObjects } from '../../../shared/render/read-objects.ts';
import type { Texts } from './closure-of.ts';

const { helm } = await findTools();

/** Returns the objects that helm prints; values files are relative to the chart. */
export async function templateByHelm(
  texts: Texts,
  path: string,
  valuesFiles: readonly string[],
): Promise<readonly KubeObject[]> {
  const { exitCode, stdout, stderr } = await helm.run({
    subject: path,
    act: 'helm',
    arguments: [
      'template',
      'web',
      path,
      '--namespace=default',
      ...valuesFiles.map((file) => `--values=${path}/${file}`),
    ],
    files: new Map(Object.entries(texts).map(([file, text]) => [file, Buffer.from(text)])),
    links: new Map(),
    timeoutMs: 120_000,
  });
  if (exitCode !== 0) throw new Error(stderr);
  return readObjects(stdout, { path }).map(({ object }) => object);
}
