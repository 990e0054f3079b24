/** Where in the repository a file stands that Helm names by the names of charts: in `charts/`, under an alias, elsewhere. */
import { isJsonObject, type JsonObject } from '../../model/json.ts';
import { joinPath, parentOf } from '../file-tree.ts';
import type { RenderInput } from '../input.ts';
import { parseYaml } from '../yaml.ts';

type Files = Pick<RenderInput, 'files' | 'origins'>;

/**
 * Returns the file that people know for `path`, which is that of the chart in the repository and then a path as Helm
 * writes it. A packed dependency stands for all that is in it; what is not found stays as it is.
 */
export function originOf(path: string, input: Files): string {
  const found = input.files.has(path) ? path : folderByFolder(path, input.files);
  return input.origins?.[found] ?? found;
}

/** Helm writes `charts/<name>` whatever the folder is called, and the alias instead of the name. */
function folderByFolder(path: string, files: Files['files']): string {
  const [chart = '', ...dependencies] = path.split(/\/charts\//);
  let folder = chart;
  for (const [index, below] of dependencies.entries()) {
    const name = below.split('/')[0] ?? '';
    const charts = joinPath(folder, 'charts');
    const direct = joinPath(charts, name);
    const known = files.has(joinPath(direct, 'Chart.yaml')) ? direct : undefined;
    const next = known ?? dependencyIn(folder, name, files);
    if (next === undefined) return path;
    if (files.has(next)) return next;
    folder = next;
    if (index === dependencies.length - 1) return joinPath(folder, below.slice(name.length + 1));
  }
  return path;
}

/** Returns the folder or the archive of a dependency. */
function dependencyIn(folder: string, called: string, files: Files['files']): string | undefined {
  const declared = readDocument(files, joinPath(folder, 'Chart.yaml'))?.dependencies;
  const aliased = Array.isArray(declared)
    ? declared.filter(isJsonObject).find(({ alias }) => alias === called)
    : undefined;
  const name = typeof aliased?.name === 'string' ? aliased.name : called;
  const charts = joinPath(folder, 'charts/');
  const inside = [...files.keys()].filter(
    (path) => path.startsWith(charts) && path.slice(charts.length).split('/').length <= 2,
  );
  return (
    inside
      .filter((path) => path.endsWith('/Chart.yaml'))
      .map(parentOf)
      .find((at) => nameIn(files, at) === name) ??
    inside.find((path) => path.startsWith(`${charts}${name}-`) && path.endsWith('.tgz'))
  );
}

function nameIn(files: Files['files'], folder: string): unknown {
  return readDocument(files, joinPath(folder, 'Chart.yaml'))?.name;
}

function readDocument(files: Files['files'], path: string): JsonObject | undefined {
  const [first] = parseYaml(new TextDecoder().decode(files.get(path))).documents;
  return isJsonObject(first?.document) ? first.document : undefined;
}
