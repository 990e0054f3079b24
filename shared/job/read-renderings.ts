import { type CombinedRendering, combineRenderings } from '../model/combine-renderings.ts';
import type { DesiredApplication, Rendering } from '../model/desired-state.ts';

/** Returns what an application's sources give together; undefined: one of the renderings is gone. */
export async function readRenderings(
  read: (key: string) => Promise<Rendering | undefined>,
  { renderings, namespace }: Pick<DesiredApplication, 'renderings' | 'namespace'>,
): Promise<CombinedRendering | undefined> {
  const found: Rendering[] = [];
  for (const rendering of await Promise.all(renderings.map(read))) {
    if (rendering === undefined) return undefined;
    found.push(rendering);
  }
  return combineRenderings(found, namespace);
}
