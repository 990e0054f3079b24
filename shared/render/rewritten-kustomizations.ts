/** Kustomizations in which a base elsewhere became a path: the copy in the workspace alone; lines stay where they are. */
import { createHash } from 'node:crypto';
import { type ClosureBuilder, complain } from './closure-builder.ts';
import { joinPath } from './file-tree.ts';
import { MOUNTS } from './mounted-tree.ts';
import { placeIn, type Referrer } from './referrer.ts';
import { type Replacement, rewriteScalars } from './rewrite-scalars.ts';
import { textTree } from './text-tree.ts';

const REWRITTEN = `${MOUNTS}/rewritten`;

/** Returns the text of the kustomization with the references replaced; undefined: one cannot be, and is complained of. */
export function rewriteKustomization(
  builder: ClosureBuilder,
  referrer: Referrer,
  replacements: readonly Replacement[],
): string | undefined {
  const { text, index } = referrer;
  const rewritten = rewriteScalars(text, index, replacements);
  if (rewritten !== undefined) return rewritten;
  const wrong = 'no path can stand in the place of this reference, because it is not written as it reads';
  const remedy = 'write it on one line, without escapes and without an alias';
  complain(builder, placeIn(referrer, replacements[0]?.at ?? []), { wrong, remedy });
  return undefined;
}

/** Lays the texts over the closure. One that is a symlink becomes a file: who else links to it has other paths. */
export function layRewritten(builder: ClosureBuilder, rewritten: ReadonlyMap<string, string>): void {
  if (rewritten.size === 0) return;
  builder.tree.mount(REWRITTEN, textTree(rewritten));
  for (const [path, text] of rewritten) {
    builder.links.delete(path);
    const id = createHash('sha256').update(text).digest('hex');
    builder.files.set(path, { id, from: joinPath(REWRITTEN, path) });
  }
}
