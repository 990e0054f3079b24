import type { Declared, RepositoryDeclaration } from '../../model/declarations.ts';
import type { Commit, Revision } from '../../model/revision.ts';
import { rememberEarlier } from '../../render/closure-memory.ts';
import { type FileTree, readFileTree } from '../../render/file-tree.ts';
import type { Source } from '../ports.ts';
import type { FleetSources } from './plan-deps.ts';

/** The files of one commit of one repository. */
export interface OpenTree {
  readonly commit: Commit;
  /** Equal for equal files; part of the key under which closures are remembered. */
  readonly key: string;
  readonly tree: FileTree;
}

export type OpenTrees = (place: {
  readonly repository?: string | undefined;
  readonly revision?: string | undefined;
}) => Promise<OpenTree>;

/**
 * Returns a function that opens the files at a place; each ref is resolved and each commit listed once, so that all
 * applications of one plan see the same files. Left away, the repository is that of the declarations; the revision is
 * their commit there, and the default branch elsewhere.
 */
export function openTrees(
  sources: FleetSources,
  fleetCommit: Commit,
  repositories: readonly Declared<RepositoryDeclaration>[],
): OpenTrees {
  const resolve = remember(async (_key: string, source: Source, ref: string) => source.resolve(ref));
  const list = remember(async (_key: string, source: Source, revision: Revision) => treeAt(source, revision));
  const opened = new Map<string, Source>();
  return async ({ repository, revision }) => {
    const name = repository ?? '';
    const source = opened.get(name) ?? openSource(sources, repositories, repository);
    opened.set(name, source);
    const isDeclared = repository === undefined && revision === undefined;
    const commit = isDeclared ? fleetCommit : await resolve(`${name}@${revision}`, source, revision ?? 'HEAD');
    const key = `${name}@${commit.revision}`;
    return { commit, key, tree: await list(key, source, commit.revision) };
  };
}

/** So many commits of one repository stay open from plan to plan. */
const TREES_KEPT = 4;
/** The last one read stands last. */
const kept = new WeakMap<Source, Map<Revision, FileTree>>();

/** A commit that was read before is the same tree, and what is remembered of it counts on; a new one begins with what the others know. */
async function treeAt(source: Source, revision: Revision): Promise<FileTree> {
  const trees = kept.get(source) ?? new Map<Revision, FileTree>();
  kept.set(source, trees);
  const tree = trees.get(revision) ?? (await readTree(source, revision));
  if (!trees.has(revision)) rememberEarlier(tree, [...trees.values()].reverse());
  trees.delete(revision);
  trees.set(revision, tree);
  const [oldest] = trees.keys();
  if (trees.size > TREES_KEPT && oldest !== undefined) trees.delete(oldest);
  return tree;
}

async function readTree(source: Source, revision: Revision): Promise<FileTree> {
  return readFileTree(await source.snapshot(revision), { honoursIgnoreFiles: true });
}

function openSource(
  sources: FleetSources,
  repositories: readonly Declared<RepositoryDeclaration>[],
  repository: string | undefined,
): Source {
  const found = repositories.find(({ declaration }) => declaration.metadata.name === repository);
  return found === undefined ? sources.fleet : sources.open(found.declaration);
}

/** Returns `read`, called once a key; a failure is remembered too. */
function remember<Rest extends readonly unknown[], T>(
  read: (key: string, ...rest: Rest) => Promise<T>,
): (key: string, ...rest: Rest) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return async (key, ...rest) => {
    const reading = known.get(key) ?? read(key, ...rest);
    known.set(key, reading);
    return reading;
  };
}
