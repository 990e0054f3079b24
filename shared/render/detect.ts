import { type FileTree, joinPath } from './file-tree.ts';

export type RendererKind = 'helm' | 'kustomize' | 'directory';

/** The names that kustomize looks for, in its order; two of them in one folder are an error of its own. */
export const KUSTOMIZATION_FILES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;

/** Returns what a folder is rendered by when the application does not say: a chart, a kustomization, or plain files. */
export async function detectRenderer(tree: FileTree, path: string): Promise<RendererKind> {
  const has = async (name: string) => (await tree.resolve(joinPath(path, name))).found === 'file';
  if (await has('Chart.yaml')) return 'helm';
  for (const name of KUSTOMIZATION_FILES) if (await has(name)) return 'kustomize';
  return 'directory';
}
