/**
 * Packed dependencies that were committed (`charts/redis-17.3.2.tgz`) are unpacked beside where they stand: what they
 * look up, leave to chance and ask of the cluster is then seen as in any other chart.
 */
import { PlumblineError } from '../errors.ts';
import type { ClosureBuilder } from './closure-builder.ts';
import { joinPath } from './file-tree.ts';
import { MOUNTS } from './mounted-tree.ts';

/** Archives are mounted here, each below its own path: what follows is what people know it by. */
export const PACKED = `${MOUNTS}/packed`;

/** Lays out the archives below `charts/` of the chart in `folder`, and those in them. */
export async function layPackedCharts(builder: ClosureBuilder, folder: string): Promise<void> {
  const seen = new Set<string>();
  for (;;) {
    const next = [...builder.files.keys()].find((path) => isPackedIn(path, folder) && !seen.has(path));
    if (next === undefined) return;
    seen.add(next);
    await layPacked(builder, next);
  }
}

function isPackedIn(path: string, folder: string): boolean {
  return path.startsWith(joinPath(folder, 'charts/')) && /(?:^|\/)charts\/[^/_.][^/]*\.tgz$/.test(path);
}

async function layPacked(builder: ClosureBuilder, path: string): Promise<void> {
  const file = builder.files.get(path);
  if (file === undefined) return;
  try {
    const read = () => builder.tree.read(file.from);
    const tree = await builder.outside.unpack({ id: file.id, subject: path, read });
    if (tree === undefined) return;
    const mount = `${PACKED}/${path}`;
    builder.tree.mount(mount, tree);
    builder.files.delete(path);
    const place = path.replace(/\.tgz$/, '');
    for (const { path: from, id, type } of builder.tree.below(mount)) {
      if (type === 'file') builder.files.set(joinPath(place, from.slice(mount.length + 1)), { id, from });
    }
  } catch (error) {
    if (!(error instanceof PlumblineError) || error.isOwn) throw error;
    builder.problems.push(...error.problems);
  }
}
