/** Follows a kustomization to everything that it is made of. */
import { PlumblineError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import { addReference, type ClosureBuilder, complain } from './closure-builder.ts';
import { KUSTOMIZATION_FILES } from './detect.ts';
import { joinPath, joinReference } from './file-tree.ts';
import { forbiddenFields, pluginReferences, type Reference, referencesOf } from './kustomization-references.ts';
import { parseYaml, problemOfFault, readYaml } from './yaml.ts';
import { locate } from './yaml-position.ts';

/** One YAML document that names others. */
interface Referrer {
  readonly path: string;
  readonly text: string;
  readonly index: number;
  /** What its paths are relative to. */
  readonly folder: string;
}

const REMOTE =
  /^[a-z0-9+.-]+:\/\/|^git::|^[\w.-]+@[\w.-]+:|^(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|ssh\.dev\.azure\.com)[:/]|[?&](?:ref|version|timeout|submodules)=|\.git(?:\/|\?|$)|^[\w-]+(?:\.[\w-]+)+\/.+\/\//i;

/** Collects the kustomization of `folder`. */
export async function collectKustomization(builder: ClosureBuilder, folder: string): Promise<void> {
  await visit(builder, { folder, subject: joinPath(folder, KUSTOMIZATION_FILES[0]), seen: new Set() });
}

interface Visit {
  readonly folder: string;
  /** For the complaint that there is none. */
  readonly subject: string;
  readonly seen: Set<string>;
}

async function visit(builder: ClosureBuilder, { folder, subject, seen }: Visit): Promise<void> {
  if (seen.has(folder)) return;
  seen.add(folder);
  let found = 0;
  for (const name of KUSTOMIZATION_FILES) {
    if ((await builder.tree.resolve(joinPath(folder, name))).found !== 'file') continue;
    found++;
    await visitFile(builder, joinPath(folder, name), { folder, seen });
  }
  if (found === 0) {
    const wrong = `the folder ${JSON.stringify(folder)} has no kustomization.yaml`;
    complain(builder, subject, { wrong, remedy: 'add one, or name the files of the folder instead of the folder' });
  }
}

async function visitFile(builder: ClosureBuilder, path: string, context: Omit<Visit, 'subject'>): Promise<void> {
  const file = await addReference(builder, path, { folder: '', reference: path });
  if (file === undefined) return;
  const text = new TextDecoder().decode(await builder.tree.read(file.path));
  const document = firstDocument(builder, path, text);
  if (document === undefined) return;
  const referrer: Referrer = { path, text, index: document.index, folder: context.folder };
  for (const field of forbiddenFields(document.value)) {
    complain(builder, placeIn(referrer, [field], true), {
      wrong: `${field} would make kustomize run Helm and fetch charts, which is not done`,
      remedy: 'declare the chart as an application of its own, or commit what it renders to',
    });
  }
  for (const reference of referencesOf(document.value))
    await followReference(builder, referrer, reference, context.seen);
}

function firstDocument(
  builder: ClosureBuilder,
  path: string,
  text: string,
): { readonly value: JsonObject; readonly index: number } | undefined {
  try {
    const [first] = readYaml(text, { subject: path });
    if (first !== undefined && isJsonObject(first.document)) return { value: first.document, index: first.index };
    complain(builder, path, { wrong: 'the kustomization is empty', remedy: 'give it resources' });
  } catch (error) {
    if (!(error instanceof PlumblineError)) throw error;
    builder.problems.push(...error.problems);
  }
  return undefined;
}

async function followReference(
  builder: ClosureBuilder,
  referrer: Referrer,
  reference: Reference,
  seen: Set<string>,
): Promise<void> {
  const subject = placeIn(referrer, reference.at);
  const { folder } = referrer;
  const local = joinReference(folder, reference.value);
  const isLocal = local !== undefined && (await builder.tree.resolve(local)).found !== 'nothing';
  if (!isLocal && REMOTE.test(reference.value)) return complainOfRemote(builder, subject, reference.value);
  const found = await addReference(builder, subject, { folder, reference: reference.value });
  if (found === undefined) return;
  if (found.found === 'folder') {
    if (reference.role !== 'file') return visit(builder, { folder: found.path, subject, seen });
    const wrong = `${JSON.stringify(reference.value)} is a folder where a file is expected`;
    return complain(builder, subject, { wrong, remedy: 'name the file' });
  }
  if (reference.role === 'plugin') await followPlugin(builder, found.path, { folder, seen });
}

function complainOfRemote(builder: ClosureBuilder, subject: string, reference: string): void {
  complain(builder, subject, {
    wrong: `the remote reference ${JSON.stringify(reference)} is not supported yet`,
    remedy: 'copy what it names into the repository and refer to the copy',
  });
}

/** Settings of builtin generators and transformers name files too; all others would run programs. */
async function followPlugin(builder: ClosureBuilder, path: string, context: Omit<Visit, 'subject'>): Promise<void> {
  const text = new TextDecoder().decode(await builder.tree.read(path));
  const { documents, faults } = parseYaml(text);
  builder.problems.push(...faults.map((fault) => problemOfFault(fault, { subject: path })));
  for (const { document, index } of documents) {
    const referrer: Referrer = { path, text, index, folder: context.folder };
    if (!isJsonObject(document)) continue;
    if (!isHarmless(document)) {
      complain(builder, placeIn(referrer, ['kind']), {
        wrong: `${String(document.kind)} of ${String(document.apiVersion)} is a kustomize plugin that runs a program`,
        remedy: 'use the builtin generators and transformers, or commit what the plugin makes',
      });
    } else
      for (const reference of pluginReferences(document))
        await followReference(builder, referrer, reference, context.seen);
  }
}

function isHarmless({ apiVersion, kind }: JsonObject): boolean {
  return apiVersion === 'builtin' && kind !== 'HelmChartInflationGenerator';
}

function placeIn({ path, text, index }: Referrer, at: readonly (string | number)[], atKey = false): string {
  const { line, column } = locate(text, index, at, { atKey });
  return `${path}:${line}:${column}`;
}
