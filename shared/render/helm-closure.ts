/** Everything that a chart is made of: its folder, its dependencies, the values files beside it. */
import { PlumblineError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import { addFolder, addReference, type ClosureBuilder, complain, type FactsUsed } from './closure-builder.ts';
import { joinPath, joinReference } from './file-tree.ts';
import { readYaml } from './yaml.ts';

/** Collects the chart in `folder` and the values files, which are relative to it. */
export async function collectChart(
  builder: ClosureBuilder,
  folder: string,
  { valuesFiles }: { readonly valuesFiles: readonly string[] },
): Promise<void> {
  if ((await builder.tree.resolve(joinPath(folder, 'Chart.yaml'))).found !== 'file') {
    const remedy = 'let spec.source.path name the folder of a chart, or choose another renderer';
    return complain(builder, folder, { wrong: 'there is no Chart.yaml in the folder', remedy });
  }
  await addFolder(builder, folder);
  for (const reference of valuesFiles) await addValuesFile(builder, folder, reference);
  await collectDependencies(builder, { folder, place: folder });
  builder.facts = await factsUsedBy(builder, folder);
}

async function addValuesFile(builder: ClosureBuilder, folder: string, reference: string): Promise<void> {
  if (/^[a-z0-9+.-]+:\/\//i.test(reference)) {
    const wrong = `the remote values file ${JSON.stringify(reference)} is not supported yet`;
    return complain(builder, folder, { wrong, remedy: 'copy it into the repository' });
  }
  const found = await addReference(builder, folder, { folder, reference });
  if (found?.found !== 'folder') return;
  const wrong = `the values file ${JSON.stringify(reference)} is a folder`;
  complain(builder, folder, { wrong, remedy: 'name a file' });
}

interface Chart {
  /** Where its files stand in the repository. */
  readonly folder: string;
  /** Where Helm finds them: another place for a dependency that is laid into `charts/`. */
  readonly place: string;
}

/**
 * Helm wants each dependency in `charts/`. What is declared as `file://` is laid there as `helm dependency build` would
 * do; what comes from a chart repository must have been committed.
 */
async function collectDependencies(builder: ClosureBuilder, chart: Chart, depth = 0): Promise<void> {
  for (const file of ['Chart.yaml', 'requirements.yaml']) {
    const path = joinPath(chart.folder, file);
    for (const dependency of await dependenciesIn(builder, path)) {
      if (await isVendored(builder, chart.folder, dependency.name)) continue;
      if (dependency.repository.startsWith('file://') && depth < 10) {
        await layDependency(builder, { chart, path, dependency, depth });
      } else complainOfMissing(builder, path, chart, dependency);
    }
  }
}

interface Dependency {
  readonly name: string;
  readonly version: string;
  readonly repository: string;
}

async function dependenciesIn(builder: ClosureBuilder, path: string): Promise<readonly Dependency[]> {
  const document = await readDocument(builder, path);
  const declared = document?.dependencies;
  if (!Array.isArray(declared)) return [];
  return declared.filter(isJsonObject).map(({ name, version, repository }) => ({
    name: String(name),
    version: typeof version === 'string' ? version : '',
    repository: typeof repository === 'string' ? repository : '',
  }));
}

async function readDocument(builder: ClosureBuilder, path: string): Promise<JsonObject | undefined> {
  const file = await builder.tree.resolve(path);
  if (file.found !== 'file') return undefined;
  try {
    const [first] = readYaml(new TextDecoder().decode(await builder.tree.read(file.path)), { subject: path });
    return isJsonObject(first?.document) ? first.document : undefined;
  } catch (error) {
    if (!(error instanceof PlumblineError)) throw error;
    builder.problems.push(...error.problems);
    return undefined;
  }
}

async function isVendored(builder: ClosureBuilder, folder: string, name: string): Promise<boolean> {
  const charts = joinPath(folder, 'charts');
  const resolved = await builder.tree.resolve(charts);
  if (resolved.found !== 'folder') return false;
  if ((await builder.tree.resolve(joinPath(joinPath(charts, name), 'Chart.yaml'))).found === 'file') return true;
  const below = builder.tree.below(resolved.path).map(({ path }) => path.slice(resolved.path.length + 1));
  return below.some((file) => file.startsWith(`${name}-`) && /^v?[0-9].*\.tgz$/.test(file.slice(name.length + 1)));
}

interface Laying {
  readonly chart: Chart;
  readonly path: string;
  readonly dependency: Dependency;
  readonly depth: number;
}

async function layDependency(builder: ClosureBuilder, { chart, path, dependency, depth }: Laying): Promise<void> {
  const reference = dependency.repository.slice('file://'.length);
  const found = await addReference(builder, path, { folder: chart.folder, reference });
  if (found === undefined) return;
  if (found.found === 'file') {
    const wrong = `the dependency ${dependency.name} names the file ${JSON.stringify(reference)}`;
    return complain(builder, path, { wrong, remedy: 'name the folder of its chart' });
  }
  const place = joinPath(joinPath(chart.place, 'charts'), dependency.name);
  for (const { path: file, id, type } of builder.tree.below(found.path)) {
    const laid = joinReference(place, file.slice(found.path.length + 1));
    if (type === 'file' && laid !== undefined) builder.files.set(laid, { id, from: file });
  }
  await collectDependencies(builder, { folder: found.path, place }, depth + 1);
}

function complainOfMissing(builder: ClosureBuilder, path: string, chart: Chart, dependency: Dependency): void {
  const { name, version, repository } = dependency;
  const origin = repository === '' ? '' : ` of ${repository}`;
  complain(builder, path, {
    wrong: `the dependency ${`${name} ${version}`.trim()}${origin} is not in charts/, and chart repositories are not fetched yet`,
    remedy: `run "helm dependency build ${chart.folder}" and commit ${joinPath(chart.folder, 'charts')}`,
  });
}

/**
 * Only what a chart can see may be part of its input digest: else each new CRD in a cluster renders every chart anew.
 * Templates may stand in any file (`tpl`, `.Files`), packed dependencies cannot be looked into.
 */
async function factsUsedBy(builder: ClosureBuilder, folder: string): Promise<FactsUsed> {
  const crds = joinPath(folder, 'crds/');
  const used = await Promise.all(
    [...builder.files].map(async ([path, { from }]): Promise<FactsUsed> => {
      if (path.endsWith('.tgz')) return 'all';
      if (path.startsWith(crds)) return 'none';
      return factsNamedIn(new TextDecoder().decode(await builder.tree.read(from)));
    }),
  );
  return used.reduce(moreFacts, 'none');
}

/** Returns the facts that a text would show when it is rendered as a template. */
export function factsNamedIn(text: string): FactsUsed {
  if (/\bCapabilities\b(?!\.(?:KubeVersion|HelmVersion)\b)/.test(text)) return 'all';
  return /\bCapabilities\b|^kubeVersion:/m.test(text) ? 'version' : 'none';
}

/** Returns the larger of two sets of facts. */
export function moreFacts(a: FactsUsed, b: FactsUsed): FactsUsed {
  const order = ['none', 'version', 'all'] as const;
  return order[Math.max(order.indexOf(a), order.indexOf(b))] ?? 'all';
}
