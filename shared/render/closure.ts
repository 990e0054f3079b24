/**
 * The files that a rendering may depend on, and no others: whatever else changes in the repository renders nothing anew,
 * and the renderer sees nothing else. Every reference is checked before a program of others runs: it must exist, stay
 * inside of the repository and need no network.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../model/json-text.ts';
import {
  type Closure,
  type ClosureBuilder,
  type Complaint,
  closureBuilder,
  complain,
  ignoredComplaint,
  leavesRepository,
} from './closure-builder.ts';
import { type Collected, rememberedClosure } from './closure-memory.ts';
import { collectDirectory } from './directory-closure.ts';
import { type FileTree, joinReference, type Resolved } from './file-tree.ts';
import { collectChart } from './helm-closure.ts';
import { collectKustomization } from './kustomize-closure.ts';
import { componentsOf } from './kustomize-overlay.ts';
import { type MountedTree, mountedTree } from './mounted-tree.ts';
import { NOTHING_OUTSIDE, type Outside } from './outside.ts';
import { throwProblems } from './read-objects.ts';
import type { RendererSettings } from './renderer-settings.ts';
import { watchedTree } from './watched-tree.ts';

/**
 * Returns the closure of a path under the settings that `rendererSettingsOf` gave. One commit serves many applications,
 * and one application many clusters: each closure is collected once.
 *
 * @throws {PlumblineError} RenderFailed with every reference that is wrong.
 */
export function closureOf(
  tree: FileTree,
  path: string,
  settings: RendererSettings,
  outside: Outside = NOTHING_OUTSIDE,
): Promise<Closure> {
  const key = canonicalJson([path, readBy(settings)]);
  return rememberedClosure({ tree, outside, key }, () => collect({ tree, outside }, path, settings));
}

/** What of the settings decides which files are read. */
function readBy(settings: RendererSettings): RendererSettings | readonly unknown[] {
  switch (settings.kind) {
    case 'directory':
      return settings;
    case 'kustomize':
      return [settings.kind, componentsOf(settings.overlay)];
    case 'helm':
      return [settings.kind, settings.valuesFiles, settings.ignoreMissingValuesFiles];
  }
}

async function collect(
  place: { readonly tree: FileTree; readonly outside: Outside },
  path: string,
  settings: RendererSettings,
): Promise<Collected> {
  const watched = watchedTree(place.tree);
  const mounted = mountedTree(watched.tree);
  let isMounted = false;
  const mount: MountedTree['mount'] = (at, other) => {
    isMounted = true;
    mounted.mount(at, other);
  };
  const builder = closureBuilder({ ...mounted, mount }, place.outside);
  const { tree } = builder;
  const local = joinReference('', path);
  const folder: Resolved =
    local === undefined ? { found: 'outside', path, links: new Map() } : await tree.resolve(local);
  if (folder.found === 'folder') {
    for (const [link, target] of folder.links) builder.links.set(link, target);
    await collectFolder(builder, folder.path, settings);
  } else complain(builder, path, complaintAbout(folder));
  throwProblems(builder.problems);
  const closure = finished(builder, folder.path);
  return isMounted
    ? { closure, looked: undefined }
    : { closure: { ...closure, tree: mountedTree(place.tree) }, looked: watched.looked };
}

async function collectFolder(builder: ClosureBuilder, folder: string, settings: RendererSettings): Promise<void> {
  switch (settings.kind) {
    case 'directory':
      return collectDirectory(builder, folder, settings);
    case 'kustomize':
      return collectKustomization(builder, folder, componentsOf(settings.overlay));
    case 'helm':
      return collectChart(builder, folder, settings);
  }
}

function finished({ tree, files, links, facts, notes, valuesFiles }: ClosureBuilder, path: string): Closure {
  const sorted = new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
  const ids = [...sorted].map(([file, { id, from }]) => [file, id, ...(from === file ? [] : [from])]);
  const digest = createHash('sha256')
    .update(canonicalJson([path, ids, [...links].sort(), valuesFiles, notes]))
    .digest('hex');
  return { path, tree, files: sorted, links, facts, notes, valuesFiles, digest };
}

function complaintAbout(dead: Exclude<Resolved, { readonly found: 'folder' }>): Complaint {
  if (dead.found === 'ignored') return ignoredComplaint(dead.rule, 'the path');
  const { found, links } = dead;
  if (found !== 'outside') return PATH_COMPLAINTS[found];
  const remedy = 'let spec.source.path name a folder inside of the repository';
  return { wrong: `the path ${leavesRepository(links)}`, remedy };
}

const PATH_COMPLAINTS = {
  nothing: { wrong: 'there is no such folder in the repository', remedy: 'correct spec.source.path' },
  file: {
    wrong: 'this is a file',
    remedy: 'let spec.source.path name its folder, and pick the file with render.directory.include',
  },
  loop: { wrong: 'the symlinks on the way go in a circle', remedy: 'correct the symlinks' },
  submodule: {
    wrong: 'the path lies in a Git submodule, which is not followed',
    remedy: 'declare the repository of the submodule as a Repository of its own',
  },
} as const;
