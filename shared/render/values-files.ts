/**
 * The values files of a chart: paths and patterns relative to its folder, `$name/path` in another source of the
 * application. A pattern stands for what it matches, sorted, so that a later file wins in a way that people can foresee.
 */
import { posix } from 'node:path';
import { addReference, type ClosureBuilder, complain } from './closure-builder.ts';
import { joinReference, parentOf } from './file-tree.ts';
import { sourceMount } from './mounted-tree.ts';

export interface ValuesFilesWanted {
  readonly valuesFiles: readonly string[];
  /** Files that are not there, and patterns that match nothing, are left out. */
  readonly ignoreMissingValuesFiles?: boolean;
}

/** Adds the values files of the chart in `folder` and returns their paths from the root, the one that wins last. */
export async function addValuesFiles(
  builder: ClosureBuilder,
  folder: string,
  { valuesFiles, ignoreMissingValuesFiles = false }: ValuesFilesWanted,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const reference of valuesFiles) {
    const place = await placeOf(builder, folder, reference);
    if (place === undefined) continue;
    const paths = await filesAt(builder, place, ignoreMissingValuesFiles);
    found.push(...paths);
  }
  return found;
}

interface Place {
  /** The chart, for complaints. */
  readonly chart: string;
  /** As it is declared. */
  readonly reference: string;
  /** What `rest` is relative to. */
  readonly folder: string;
  readonly rest: string;
}

/** Returns where a reference counts from; undefined: the complaint is noted. */
async function placeOf(builder: ClosureBuilder, chart: string, reference: string): Promise<Place | undefined> {
  const name = JSON.stringify(reference);
  if (/^[a-z0-9+.-]+:\/\//i.test(reference)) {
    const remedy = 'copy it into the repository, or declare its repository as another source and write "$name/path"';
    complain(builder, chart, { wrong: `the values file ${name} is an address, which is not fetched`, remedy });
    return undefined;
  }
  const [, source, rest] = /^\$([^/{]*)\/(.*)$/.exec(reference) ?? [];
  if (source === undefined || rest === undefined) return { chart, reference, folder: chart, rest: reference };
  const folder = sourceMount(source);
  const resolved = source === '' ? undefined : await builder.tree.resolve(folder);
  const wrong =
    resolved?.found !== 'folder'
      ? `the values file ${name} names the source ${JSON.stringify(source)}, which the application does not have`
      : joinReference('', rest) === undefined
        ? `the values file ${name} leaves its repository`
        : undefined;
  if (wrong === undefined) return { chart, reference, folder, rest };
  complain(builder, chart, { wrong, remedy: 'write "$name/path" with the name of one of spec.sources' });
  return undefined;
}

async function filesAt(builder: ClosureBuilder, place: Place, mayBeMissing: boolean): Promise<readonly string[]> {
  const { chart, reference, folder, rest } = place;
  const path = joinReference(folder, rest);
  const isMissing = path !== undefined && (await builder.tree.resolve(path)).found === 'nothing';
  if (isMissing && /[*?[{]/.test(rest)) return matching(builder, { ...place, path }, mayBeMissing);
  if (isMissing && mayBeMissing) return [];
  const found = await addReference(builder, chart, { folder, reference: rest });
  if (found?.found === 'file') return [found.path];
  if (found !== undefined) {
    complain(builder, chart, {
      wrong: `the values file ${JSON.stringify(reference)} is a folder`,
      remedy: 'name a file, or "folder/*.yaml" for all of the folder',
    });
  }
  return [];
}

async function matching(
  builder: ClosureBuilder,
  { chart, reference, path: pattern }: Place & { readonly path: string },
  mayBeMissing: boolean,
): Promise<readonly string[]> {
  const steps = pattern.split('/');
  const start = parentOf(pattern.slice(0, pattern.search(/[*?[{]/)));
  const resolved = await builder.tree.resolve(start);
  const relative = steps.slice(start === '' ? 0 : start.split('/').length).join('/');
  const below = resolved.found === 'folder' ? builder.tree.below(resolved.path) : [];
  const within = resolved.path === '' ? 0 : resolved.path.length + 1;
  const paths: string[] = [];
  for (const { path, type } of below) {
    if (type === 'submodule' || !posix.matchesGlob(path.slice(within), relative)) continue;
    const found = await addReference(builder, chart, { folder: '', reference: path });
    if (found?.found === 'file') paths.push(found.path);
  }
  for (const [link, target] of resolved.links) builder.links.set(link, target);
  if (paths.length === 0 && !mayBeMissing) {
    complain(builder, chart, {
      wrong: `no file matches the values files ${JSON.stringify(reference)}`,
      remedy: 'correct the pattern, or set ignoreMissingValuesFiles: true',
    });
  }
  return paths;
}
