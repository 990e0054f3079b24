/**
 * Closures that were collected, from application to application and from commit to commit: one of an earlier commit
 * counts where all that was looked up for it gives the same answers. So a commit costs what it touches, not the charts
 * of the whole repository. No commit is kept for that: what is remembered of one holds answers, not its tree.
 */
import type { Closure } from './closure-builder.ts';
import type { FileTree } from './file-tree.ts';
import { mountedTree } from './mounted-tree.ts';
import type { Outside } from './outside.ts';
import { type Looked, saysTheSame } from './watched-tree.ts';

export interface Collected {
  readonly closure: Closure;
  /** Undefined: more was looked at than the tree, so that another commit cannot say. */
  readonly looked: Looked | undefined;
}

interface Kept {
  readonly closure: Omit<Closure, 'tree'>;
  readonly looked: Looked;
}

interface Memory {
  /** By who fetches what is outside: what the fleet declares may be another with each plan. */
  readonly known: WeakMap<Outside, Map<string, Promise<Closure>>>;
  readonly kept: Map<string, Kept>;
  /** What is kept of earlier commits, those first that are likeliest the same. */
  readonly earlier: readonly ReadonlyMap<string, Kept>[];
}

const memories = new WeakMap<FileTree, Memory>();

/** Lets closures of `earlier` trees of the same repository count for `tree`, where nothing asked for one of it yet. */
export function rememberEarlier(tree: FileTree, earlier: readonly FileTree[]): void {
  const kept = earlier.flatMap((one) => memories.get(one)?.kept ?? []);
  memories.set(tree, { known: new WeakMap(), kept: new Map(), earlier: kept });
}

/** Returns the closure of `tree` that is known under `key`, collected by `collect` where it is not. */
export function rememberedClosure(
  { tree, outside, key }: { readonly tree: FileTree; readonly outside: Outside; readonly key: string },
  collect: () => Promise<Collected>,
): Promise<Closure> {
  const memory = memories.get(tree) ?? { known: new WeakMap(), kept: new Map(), earlier: [] };
  memories.set(tree, memory);
  const known = memory.known.get(outside) ?? new Map<string, Promise<Closure>>();
  memory.known.set(outside, known);
  const closure = known.get(key) ?? findClosure({ tree, key, memory }, collect);
  known.set(key, closure);
  // A repository that could not be read once may be readable the next time.
  closure.catch(() => known.delete(key));
  return closure;
}

async function findClosure(
  { tree, key, memory }: { readonly tree: FileTree; readonly key: string; readonly memory: Memory },
  collect: () => Promise<Collected>,
): Promise<Closure> {
  const own = memory.kept.get(key);
  if (own !== undefined) return { ...own.closure, tree: mountedTree(tree) };
  for (const earlier of memory.earlier) {
    const kept = earlier.get(key);
    if (kept === undefined || !(await saysTheSame(tree, kept.looked))) continue;
    memory.kept.set(key, kept);
    return { ...kept.closure, tree: mountedTree(tree) };
  }
  const { closure, looked } = await collect();
  const { tree: _tree, ...rest } = closure;
  if (looked !== undefined) memory.kept.set(key, { closure: rest, looked });
  return closure;
}
