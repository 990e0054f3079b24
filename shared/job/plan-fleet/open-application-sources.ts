import { PlumblineError } from '../../errors.ts';
import type { SourceLocation } from '../../model/declarations.ts';
import type { Problem } from '../../model/problem.ts';
import type { ApplicationSource } from '../../model/source-spec.ts';
import type { FileTree } from '../../render/file-tree.ts';
import { mountedTree, sourceMount } from '../../render/mounted-tree.ts';
import type { Outside } from '../../render/outside.ts';
import type { OpenTree, OpenTrees } from './open-trees.ts';

export interface OpenSource {
  readonly source: ApplicationSource;
  /** The other sources that have a name are mounted in its tree. */
  readonly place: OpenTree;
}

interface Places {
  readonly trees: OpenTrees;
  readonly outside: Outside;
}

/** Helm: the newest that is no pre-release. */
const ANY_RELEASE = '*';

/** Trees with the same mounts are one, so that what is remembered of a tree is remembered for all who share it. */
const mountedTrees = new WeakMap<FileTree, Map<string, FileTree>>();

/**
 * Opens every source of an application.
 *
 * @throws {PlumblineError} when one of them cannot be read, with the declaration that names it.
 */
export async function openApplicationSources(
  places: Places,
  { sources, location }: { readonly sources: readonly ApplicationSource[]; readonly location: SourceLocation },
): Promise<readonly OpenSource[]> {
  const open = async (source: ApplicationSource) => {
    const place = await openSource(places, source).catch((error: unknown) => {
      throw placed(error, location);
    });
    return { source, place };
  };
  const opened = await Promise.all(sources.map(open));
  return opened.map(({ source, place }) => {
    const others = opened.filter((other) => other.source !== source && other.source.name !== undefined);
    return { source, place: others.length === 0 ? place : withMounts(place, others) };
  });
}

function withMounts({ commit, key, tree }: OpenTree, others: readonly OpenSource[]): OpenTree {
  const mounts = others.map(({ source, place }) => [sourceMount(source.name ?? ''), place] as const);
  const mountedKey = JSON.stringify([key, ...mounts.map(([at, place]) => [at, place.key])]);
  const known = mountedTrees.get(tree) ?? new Map<string, FileTree>();
  mountedTrees.set(tree, known);
  const mounted = known.get(mountedKey) ?? mountAll(tree, mounts);
  known.set(mountedKey, mounted);
  return { commit, key: mountedKey, tree: mounted };
}

function mountAll(tree: FileTree, mounts: readonly (readonly [string, OpenTree])[]): FileTree {
  const mounted = mountedTree(tree);
  for (const [at, place] of mounts) mounted.mount(at, place.tree);
  return mounted;
}

async function openSource({ trees, outside }: Places, source: ApplicationSource): Promise<OpenTree> {
  const { repository = '', revision: version = ANY_RELEASE, chart } = source;
  if (chart === undefined) return trees(source);
  const packed = await outside.chart({ repository: `@${repository}`, name: chart, version });
  const { name, digest, tree } = packed;
  const subject = `${name} ${packed.version}`;
  // Nobody says who packed it, or when.
  const commit = { revision: digest, subject, author: repository, committedAtMs: 0 };
  return { commit, key: `${repository}/${subject}@${digest}`, tree };
}

function placed(error: unknown, { path, line }: SourceLocation): unknown {
  if (!(error instanceof PlumblineError) || error.isOwn) return error;
  const named = ({ subject, act, wrong, ...problem }: Problem): Problem => {
    return { ...problem, subject: `${path}:${line}`, act: 'open the source', wrong: `${subject}: ${act}: ${wrong}` };
  };
  const [first, ...others] = error.problems;
  return new PlumblineError([named(first), ...others.map(named)], { cause: error });
}
