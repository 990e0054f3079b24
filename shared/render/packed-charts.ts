/**
 * Packed dependencies that were committed (`charts/redis-17.3.2.tgz`) are unpacked beside where they stand: what they
 * look up, leave to chance and ask of the cluster is then seen as in any other chart.
 */
import { PlumblineError } from '../errors.ts';
import { type ClosureBuilder, complain } from './closure-builder.ts';
import { joinPath } from './file-tree.ts';
import { MOUNTS } from './mounted-tree.ts';

/** Archives are mounted here, each below its own path: what follows is what people know it by. */
export const PACKED = `${MOUNTS}/packed`;

/** An archive may hold archives, even itself, and all that they unpack to is in memory: helm takes 100 MiB for a chart. */
const MOST_ARCHIVES = 100;
const MOST_MIB = 100;

/** Lays out the archives below `charts/` of the chart in `folder`, and those in them. */
export async function layPackedCharts(builder: ClosureBuilder, folder: string): Promise<void> {
  const seen = new Set<string>();
  let bytes = 0;
  for (;;) {
    const next = [...builder.files.keys()].find((path) => isPackedIn(path, folder) && !seen.has(path));
    if (next === undefined) return;
    const limit = `${MOST_ARCHIVES} archives, or ${MOST_MIB} MiB, of dependencies`;
    if (seen.size >= MOST_ARCHIVES || bytes > MOST_MIB * 1024 * 1024) {
      const remedy = 'remove what the chart does not need, or make several applications of it';
      return complain(builder, next, { wrong: `the chart holds more than ${limit}`, remedy });
    }
    seen.add(next);
    bytes += await layPacked(builder, next);
  }
}

function isPackedIn(path: string, folder: string): boolean {
  return path.startsWith(joinPath(folder, 'charts/')) && /(?:^|\/)charts\/[^/_.][^/]*\.tgz$/.test(path);
}

/** Returns how many bytes it unpacks to. */
async function layPacked(builder: ClosureBuilder, path: string): Promise<number> {
  const file = builder.files.get(path);
  if (file === undefined) return 0;
  try {
    const read = () => builder.tree.read(file.from);
    const tree = await builder.outside.unpack({ id: file.id, subject: path, read });
    if (tree === undefined) return 0;
    const mount = `${PACKED}/${path}`;
    builder.tree.mount(mount, tree);
    builder.files.delete(path);
    const place = path.replace(/\.tgz$/, '');
    let bytes = 0;
    for (const { path: from, id, type } of builder.tree.below(mount)) {
      if (type !== 'file') continue;
      builder.files.set(joinPath(place, from.slice(mount.length + 1)), { id, from });
      bytes += (await builder.tree.read(from)).byteLength;
    }
    return bytes;
  } catch (error) {
    if (!(error instanceof PlumblineError) || error.isOwn) throw error;
    builder.problems.push(...error.problems);
    return 0;
  }
}
