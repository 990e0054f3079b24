// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
/**
 * What a template makes one application for each of: the combinations of what its generators find. A generator that
 * cannot say what there is fails as a whole; a file with values that does not parse is the fault of its own item.
 */
import { isOwnFault, PlumblineError } from '../../errors.ts';
import type { ApplicationTemplateDeclaration, PathGenerator } from '../../model/application-template.ts';
import { quoted, suggest } from '../../model/closest-word.ts';
import { selects } from '../../model/cluster-selector.ts';
import type { ClusterDeclaration, TemplateSource } from '../../model/declarations.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import { stringifyJson } from '../../model/json-text.ts';
import { formatProblem, type Problem } from '../../model/problem.ts';
import type { FileTree } from '../file-tree.ts';
import { parseYaml, problemOfFault } from '../yaml.ts';
import { type DeclarationDocument, type FieldFault, type FieldPath, valueAt } from './declaration-document.ts';
import { matchFiles, matchFolders } from './matched-paths.ts';

export interface TemplateItem {
  /** `directory apps/web, cluster prod` */
  readonly label: string;
  readonly values: JsonObject;
  /** Expressions that a field of the item's file makes ambiguous, each with what it could mean. */
  readonly ambiguous: ReadonlyMap<string, string>;
  /** What is wrong with the file that it comes from; then `values` has none of that file. */
  readonly problems: readonly Problem[];
}

export interface TemplateWorld {
  readonly clusters: readonly ClusterDeclaration[];
  /** Names of Repository declarations. */
  readonly repositories: readonly string[];
  /** @throws {PlumblineError} when the repository cannot be read, or has no such revision. */
  readonly open: (source: TemplateSource) => Promise<{ readonly tree: FileTree }>;
}

export interface FoundTemplate {
  readonly document: DeclarationDocument;
  readonly declaration: ApplicationTemplateDeclaration;
}

interface Items {
  readonly items: readonly TemplateItem[];
  /** Not empty: what there is is not known. */
  readonly faults: readonly FieldFault[];
}

/** More is a mistake: a list that was meant for something else, a product that nobody counted. */
const MOST_ITEMS = 10_000;
const LABEL_CHARACTERS = 60;
const FOR_EACH: FieldPath = ['spec', 'forEach'];

/** Returns every item of a template, in the order of clusters, directories, files and list. */
export async function findItems(template: FoundTemplate, world: TemplateWorld): Promise<Items> {
  const { forEach } = template.declaration.spec;
  const { clusters, allowEmpty } = forEach;
  const directories = forEach.directories === undefined ? undefined : placeOf(forEach.directories);
  const files = forEach.files === undefined ? undefined : placeOf(forEach.files);
  const found = await Promise.all([
    clusters === undefined ? undefined : clusterItems(world.clusters.filter((one) => selects(clusters, one))),
    directories && itemsIn('directories', directories, { world, find: folderItems }),
    files && itemsIn('files', files, { world, find: fileItems }),
    forEach.list === undefined ? undefined : listItems(template.document.value),
  ]);
  const generators = found.flatMap((one, index) => (one === undefined ? [] : [{ ...one, index }]));
  const faults = generators.flatMap((one) => one.faults);
  if (faults.length > 0) return { items: [], faults };
  // A selector may find none, as that of an Application: clusters come and go by themselves.
  const empty = allowEmpty ? [] : generators.filter(({ items, index }) => items.length === 0 && index > 0);
  if (empty.length > 0) return { items: [], faults: empty.map(({ index }) => emptyGenerator(index, forEach)) };
  const size = generators.reduce((product, { items }) => product * items.length, 1);
  if (size > MOST_ITEMS) return { items: [], faults: [tooMany(size)] };
  return { items: generators.reduce<readonly TemplateItem[]>(combine, [NO_ITEM]), faults: [] };
}

const NO_ITEM: TemplateItem = { label: '', values: {}, ambiguous: new Map(), problems: [] };

function combine(before: readonly TemplateItem[], { items }: Items): readonly TemplateItem[] {
  return before.flatMap((one) =>
    items.map((other) => ({
      label: one.label === '' ? other.label : `${one.label}, ${other.label}`,
      values: { ...one.values, ...other.values },
      ambiguous: new Map([...one.ambiguous, ...other.ambiguous]),
      problems: [...one.problems, ...other.problems],
    })),
  );
}

/** Returns what a generator reads besides the declarations' own commit. */
export function templateSources({ declaration }: FoundTemplate): readonly TemplateSource[] {
  const { directories, files } = declaration.spec.forEach;
  return [directories, files].flatMap((one) => {
    if (one === undefined || typeof one === 'string') return [];
    const { repository, revision } = one;
    return repository === undefined && revision === undefined ? [] : [{ repository, revision }];
  });
}

function placeOf(written: string | PathGenerator): PathGenerator {
  return typeof written === 'string' ? { path: written, exclude: [] } : written;
}

function clusterItems(clusters: readonly ClusterDeclaration[]): Items {
  const items = clusters.map(({ metadata: { name, labels }, spec: { parameters } }) => ({
    ...NO_ITEM,
    label: `cluster ${name}`,
    values: { cluster: { name, labels, parameters } },
  }));
  return { items, faults: [] };
}

function listItems(document: Json): Items {
  const list = valueAt(document, [...FOR_EACH, 'list']);
  const items = (Array.isArray(list) ? list : []).map((item: Json) => {
    const text = stringifyJson(item);
    const label = `item ${text.length > LABEL_CHARACTERS ? `${text.slice(0, LABEL_CHARACTERS)}…` : text}`;
    return { ...NO_ITEM, label, values: { item } };
  });
  return { items, faults: [] };
}

async function itemsIn(
  generator: 'directories' | 'files',
  place: PathGenerator,
  { world, find }: { readonly world: TemplateWorld; readonly find: FindItems },
): Promise<Items> {
  const { repository, revision } = place;
  const path = [...FOR_EACH, generator, 'repository'];
  if (repository !== undefined && !world.repositories.includes(repository)) {
    const remedy = suggest(repository, world.repositories, 'repository');
    return { items: [], faults: [{ path, wrong: `no repository "${repository}" is declared`, remedy }] };
  }
  try {
    const { tree } = await world.open({ repository, revision });
    return { items: await find(tree, place), faults: [] };
  } catch (error) {
    if (isOwnFault(error) || !(error instanceof PlumblineError)) throw error;
    const [{ code, remedy, ...problem }] = error.problems;
    return { items: [], faults: [{ path, code, wrong: formatProblem({ ...problem, code, remedy: '' }), remedy }] };
  }
}

type FindItems = (tree: FileTree, place: PathGenerator) => Promise<readonly TemplateItem[]>;

async function folderItems(tree: FileTree, place: PathGenerator): Promise<readonly TemplateItem[]> {
  return matchFolders(tree, place).map((path) => ({
    ...NO_ITEM,
    label: `directory ${path}`,
    values: { directory: { path, name: path.slice(path.lastIndexOf('/') + 1) } },
  }));
}

async function fileItems(tree: FileTree, place: PathGenerator): Promise<readonly TemplateItem[]> {
  return Promise.all(matchFiles(tree, place).map(({ path }) => fileItem(tree, path)));
}

async function fileItem(tree: FileTree, path: string): Promise<TemplateItem> {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.(ya?ml|json)$/, '');
  const read = await readValues(tree, path);
  const item = { ...NO_ITEM, label: `file ${path}` };
  if ('problems' in read) return { ...item, values: { file: { path, name } }, problems: read.problems };
  const own = Object.entries({ path, name }).filter(([key, value]) => (read.values[key] ?? value) !== value);
  const ambiguous = own.map(([key, value]) => {
    return [
      `file.${key}`,
      `"${value}", or the field "${key}" of the file, ${stringifyJson(read.values[key] ?? null)}`,
    ] as const;
  });
  return { ...item, values: { file: { ...read.values, path, name } }, ambiguous: new Map(ambiguous) };
}

async function readValues(
  tree: FileTree,
  path: string,
): Promise<{ readonly values: JsonObject } | { readonly problems: readonly Problem[] }> {
  const at = await tree.resolve(path);
  if (at.found !== 'file') return { problems: [unreadable(path, 'it is a symlink that leads to no file')] };
  const { documents, faults } = parseYaml(new TextDecoder().decode(await tree.read(at.path)));
  if (faults.length > 0)
    return { problems: faults.map((fault) => problemOfFault(fault, { subject: path, code: 'ConfigInvalid' })) };
  const [first, ...others] = documents;
  if (first === undefined) return { problems: [unreadable(path, 'it holds nothing')] };
  if (others.length > 0) return { problems: [unreadable(path, `it holds ${documents.length} documents`)] };
  const twice = first.duplicateKeys.map(({ key, line }) =>
    unreadable(`${path}:${line}`, `the field "${key}" stands twice`),
  );
  if (twice.length > 0) return { problems: twice };
  if (!isJsonObject(first.document)) return { problems: [unreadable(path, 'it is no map of fields')] };
  return { values: first.document };
}

function unreadable(subject: string, wrong: string): Problem {
  const remedy = 'write one map of values, as ${file.X} of the template names them';
  return { code: 'ConfigInvalid', subject, act: 'read values for a template', wrong, remedy };
}

function emptyGenerator(
  index: number,
  { directories, files }: ApplicationTemplateDeclaration['spec']['forEach'],
): FieldFault {
  const remedy = 'correct it, or write "allowEmpty: true" where nothing is meant';
  if (index === 1)
    return { path: [...FOR_EACH, 'directories'], wrong: `no folder matches ${patternOf(directories)}`, remedy };
  if (index === 2) return { path: [...FOR_EACH, 'files'], wrong: `no file matches ${patternOf(files)}`, remedy };
  return { path: [...FOR_EACH, 'list'], wrong: 'the list is empty', remedy };
}

function patternOf(written: string | PathGenerator = ''): string {
  const { path, exclude } = placeOf(written);
  return exclude.length === 0 ? `"${path}"` : `"${path}" without ${quoted(exclude)}`;
}

function tooMany(size: number): FieldFault {
  const wrong = `the generators make ${size} applications together; ${MOST_ITEMS} is the most`;
  return { path: FOR_EACH, wrong, remedy: 'make several templates, or leave a generator out' };
}
