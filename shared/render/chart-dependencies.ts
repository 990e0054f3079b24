/**
 * The dependencies of a chart, laid into `charts/` as `helm dependency build` would do before helm renders it. What was
 * committed there counts; `file://` is taken from the repository; everything else is fetched from a Repository that the
 * fleet declares, in the version that Chart.lock holds. Conditions, tags and aliases are helm's business.
 */
import { PlumblineError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import { type ChartLock, dependenciesOf, isWholeVersion, lockDigests } from './chart-lock.ts';
import { addReference, type ClosureBuilder, complain } from './closure-builder.ts';
import { joinPath, joinReference } from './file-tree.ts';
import { MOUNTS } from './mounted-tree.ts';
import type { PackedChart } from './outside.ts';
import { readYaml } from './yaml.ts';

export interface Chart {
  /** Where its files stand in the repository. */
  readonly folder: string;
  /** Where Helm finds them: another place for a dependency that is laid into `charts/`. */
  readonly place: string;
}

interface Dependency {
  readonly name: string;
  readonly version: string;
  readonly repository: string;
  /** Where it stands in the list: a lock has the same order, and one name may stand there twice. */
  readonly index: number;
}

/** Where dependencies are declared, and where the versions are that they were settled on. */
const FILES = [
  { declared: 'Chart.yaml', locked: 'Chart.lock' },
  { declared: 'requirements.yaml', locked: 'requirements.lock' },
] as const;
/** A chart that depends on itself by `file://` would be laid into itself for ever. */
const MAX_DEPTH = 10;

/** Adds what `chart` depends on to the closure; what is wrong is complained of at the file that declares it. */
export async function collectDependencies(builder: ClosureBuilder, chart: Chart, depth = 0): Promise<void> {
  const manifest = await readDocument(builder, joinPath(chart.folder, 'Chart.yaml'));
  for (const { declared, locked } of FILES) {
    const path = joinPath(chart.folder, declared);
    const document = declared === 'Chart.yaml' ? manifest : await readDocument(builder, path);
    const missing: Dependency[] = [];
    for (const [index, entry] of dependenciesOf(document).entries()) {
      const dependency = { ...entry, index };
      if (await isVendored(builder, chart.folder, dependency.name)) continue;
      if (dependency.repository.startsWith('file://')) await layLocal(builder, { chart, path, dependency, depth });
      else missing.push(dependency);
    }
    if (missing.length === 0 || document === undefined) continue;
    const lockPath = joinPath(chart.folder, locked);
    const lock = await readLock(builder, lockPath);
    await fetchMissing(builder, { chart, path, lockPath, lock, missing, document, manifest });
  }
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

async function readLock(builder: ClosureBuilder, path: string): Promise<ChartLock | undefined> {
  const document = await readDocument(builder, path);
  if (document === undefined) return undefined;
  const { digest } = document;
  return { digest: typeof digest === 'string' ? digest : '', document };
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

async function layLocal(builder: ClosureBuilder, { chart, path, dependency, depth }: Laying): Promise<void> {
  if (depth >= MAX_DEPTH) {
    const wrong = `the dependencies by file:// are nested deeper than ${MAX_DEPTH}`;
    return complain(builder, path, { wrong, remedy: 'let no chart depend on itself' });
  }
  const reference = dependency.repository.slice('file://'.length);
  const found = await addReference(builder, path, { folder: chart.folder, reference });
  if (found === undefined) return;
  if (found.found === 'file') {
    const wrong = `the dependency ${dependency.name} names the file ${JSON.stringify(reference)}`;
    return complain(builder, path, { wrong, remedy: 'name the folder of its chart' });
  }
  const place = joinPath(joinPath(chart.place, 'charts'), dependency.name);
  lay(builder, found.path, place);
  await collectDependencies(builder, { folder: found.path, place }, depth + 1);
}

function lay(builder: ClosureBuilder, folder: string, place: string): void {
  for (const { path: file, id, type } of builder.tree.below(folder)) {
    const laid = joinReference(place, file.slice(folder.length + 1));
    if (type === 'file' && laid !== undefined) builder.files.set(laid, { id, from: file });
  }
}

interface Fetching {
  readonly chart: Chart;
  /** The file that declares them. */
  readonly path: string;
  readonly lockPath: string;
  readonly lock: ChartLock | undefined;
  readonly missing: readonly Dependency[];
  readonly document: JsonObject;
  readonly manifest: JsonObject | undefined;
}

async function fetchMissing(builder: ClosureBuilder, fetching: Fetching): Promise<void> {
  const { chart, path, lockPath, lock, missing, document, manifest } = fetching;
  if (lock !== undefined && !isInSync(builder, { lock, document, apiVersion: manifest?.apiVersion })) {
    return complain(builder, lockPath, {
      wrong: `it does not belong to the dependencies in ${path} any more`,
      remedy: `run "helm dependency update ${chart.folder || '.'}" and commit ${lockPath}`,
    });
  }
  const locked = dependenciesOf(lock?.document);
  for (const dependency of missing) {
    const version = versionOf(dependency, lock && locked);
    if (version === undefined) complainOfRange(builder, fetching, dependency);
    else await layFetched(builder, fetching, { ...dependency, version });
  }
}

/** An alias of a Repository was replaced by its address before helm made the digest. */
function isInSync(
  { outside }: ClosureBuilder,
  at: { readonly lock: ChartLock; readonly document: JsonObject; readonly apiVersion: unknown },
): boolean {
  const digests = lockDigests(at.document, at.lock.document, {
    isVersion1: at.apiVersion === 'v1',
    addressOf: (repository) => outside.addressOf(repository),
  });
  return digests.includes(at.lock.digest);
}

type Locked = ReturnType<typeof dependenciesOf>;

/** Undefined: there is no lock that holds it, and it is a range. */
function versionOf({ name, version, index }: Dependency, locked: Locked | undefined): string | undefined {
  if (locked === undefined) return isWholeVersion(version) ? version : undefined;
  const entry = locked[index];
  return entry?.name === name ? entry.version : undefined;
}

function complainOfRange(builder: ClosureBuilder, { chart, path, lockPath }: Fetching, dependency: Dependency): void {
  const { name, version } = dependency;
  const range = version === '' ? 'has no version' : `is asked for as ${JSON.stringify(version)}`;
  complain(builder, path, {
    wrong: `the dependency ${name} ${range}, and nothing says which version that was settled on`,
    remedy: `run "helm dependency update ${chart.folder || '.'}" and commit ${lockPath}, or ask for an exact version`,
  });
}

async function layFetched(builder: ClosureBuilder, { chart, path }: Fetching, wanted: Dependency): Promise<void> {
  const { name, version, repository } = wanted;
  if (repository === '') {
    const charts = joinPath(chart.folder, 'charts');
    const wrong = `the dependency ${`${name} ${version}`.trim()} names no repository and is not in ${charts}/`;
    return complain(builder, path, { wrong, remedy: `commit it into ${charts}, or name where it comes from` });
  }
  try {
    const fetched = await builder.outside.chart(wanted);
    const mount = `${MOUNTS}/charts/${name}-${fetched.digest}`;
    builder.tree.mount(mount, fetched.tree);
    lay(builder, mount, freePlace(builder, chart, fetched));
  } catch (error) {
    if (!(error instanceof PlumblineError) || error.isOwn) throw error;
    const act = `fetch the dependency ${name} ${version}`;
    for (const { subject, wrong, ...rest } of error.problems) {
      builder.problems.push({ ...rest, subject: path, act, wrong: `${subject}: ${wrong}` });
    }
  }
}

/** Under one name twice, in two versions (with aliases, as helm allows): the second stands beside the first. */
function freePlace(builder: ClosureBuilder, chart: Chart, { name, version }: PackedChart): string {
  const place = joinPath(joinPath(chart.place, 'charts'), name);
  return builder.files.has(joinPath(place, 'Chart.yaml')) ? `${place}-${version}` : place;
}
