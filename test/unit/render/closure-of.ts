import { PlumblineError } from '../../../shared/errors.ts';
import type { RenderSettings } from '../../../shared/model/render-settings/render-settings.ts';
import { closureOf } from '../../../shared/render/closure.ts';
import type { Closure } from '../../../shared/render/closure-builder.ts';
import { readFileTree } from '../../../shared/render/file-tree.ts';
import type { Outside } from '../../../shared/render/outside.ts';
import { rendererSettingsOf } from '../../../shared/render/renderer-settings.ts';
import { textSource } from './folder-source.ts';

export type Texts = Readonly<Record<string, string>>;

/** Returns the closure of `path` in a repository of these texts. */
export async function closureIn(
  texts: Texts,
  path: string,
  render?: RenderSettings,
  outside?: Outside,
): Promise<Closure> {
  const tree = await readFileTree(textSource(texts));
  return closureOf(tree, path, await rendererSettingsOf(tree, { name: 'web', path, render }), outside);
}

/** Returns what is complained of, as people read it. */
export async function complaintsIn(
  texts: Texts,
  path: string,
  render?: RenderSettings,
  outside?: Outside,
): Promise<readonly string[]> {
  try {
    await closureIn(texts, path, render, outside);
    return [];
  } catch (error) {
    if (error instanceof PlumblineError) return error.message.split('\n');
    throw error;
  }
}

export const filesOf = ({ files }: Closure) => [...files.keys()];
