/**
 * Follows a kustomization to everything that it is made of. What kustomize refuses to read is refused here with file and
 * line (its LoadRestrictionsRootOnly: files in or below the folder of the kustomization, symlinks followed).
 */
import { PlumblineError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import { addFolder, addReference, type ClosureBuilder, complain, type Subject, subjectOf } from './closure-builder.ts';
import { KUSTOMIZATION_FILES } from './detect.ts';
import { joinPath, joinReference } from './file-tree.ts';
import { forbiddenFields, type Reference, referencesOf } from './kustomization-references.ts';
import { collectInlinePlugins, collectPluginFile } from './kustomize-plugins.ts';
import { isCycle, isReadable } from './kustomize-restrictions.ts';
import { isPointer, pointerComplaint } from './lfs-pointer.ts';
import { placeIn, placeOfKey, type Referrer } from './referrer.ts';
import { mountBase } from './remote-bases.ts';
import { readRemoteReference } from './remote-reference.ts';
import type { Replacement } from './rewrite-scalars.ts';
import { layRewritten, rewriteKustomization } from './rewritten-kustomizations.ts';
import { readYaml } from './yaml.ts';

/** What was seen on the way. */
interface Walk {
  readonly builder: ClosureBuilder;
  readonly seen: Set<string>;
  /** Kustomizations in which a remote reference became a path, by their place. */
  readonly rewritten: Map<string, string>;
}

interface Visit {
  readonly folder: string;
  /** For the complaint that there is none. */
  readonly subject: Subject;
  /** Folders of the kustomizations above it. */
  readonly above: readonly string[];
}

/** Collects the kustomization of `folder`, and the components that are laid over it, which are relative to it. */
export async function collectKustomization(
  builder: ClosureBuilder,
  folder: string,
  components: readonly string[] = [],
): Promise<void> {
  const walk: Walk = { builder, seen: new Set(), rewritten: new Map() };
  await visit(walk, { folder, subject: joinPath(folder, KUSTOMIZATION_FILES[0]), above: [] });
  for (const [index, reference] of components.entries()) {
    const subject = `render.kustomize.components[${index}]`;
    const found = await addReference(builder, subject, { folder, reference });
    if (found?.found === 'folder') await visit(walk, { folder: found.path, subject, above: [] });
    else if (found !== undefined) complainOfFile(builder, subject, reference);
  }
  layRewritten(builder, walk.rewritten);
}

async function visit(walk: Walk, { folder, subject, above }: Visit): Promise<void> {
  const { builder, seen } = walk;
  if (isCycle(builder, subject, { folder, above }) || seen.has(folder)) return;
  seen.add(folder);
  let found = 0;
  for (const name of KUSTOMIZATION_FILES) {
    if ((await builder.tree.resolve(joinPath(folder, name))).found !== 'file') continue;
    found++;
    await visitFile(walk, joinPath(folder, name), { folder, above: [...above, folder] });
  }
  if (found === 0) {
    const wrong = `the folder ${JSON.stringify(folder)} has no kustomization.yaml`;
    complain(builder, subject, { wrong, remedy: 'add one, or name the files of the folder instead of the folder' });
  }
}

async function visitFile(walk: Walk, path: string, context: Omit<Visit, 'subject'>): Promise<void> {
  const { builder } = walk;
  const { folder } = context;
  const file = await addReference(builder, path, { folder: '', reference: path });
  if (file === undefined || !isReadable(builder, path, { file: file.path, folder, reference: path })) return;
  const text = new TextDecoder().decode(await builder.tree.read(file.path));
  const document = firstDocument(builder, path, text);
  if (document === undefined) return;
  const referrer: Referrer = { path, text, index: document.index, folder };
  for (const field of forbiddenFields(document.value)) {
    complain(builder, placeOfKey(referrer, [field]), {
      wrong: `${field} would make kustomize run Helm and fetch charts, which is not done`,
      remedy: 'declare the chart as an application of its own, or commit what it renders to',
    });
  }
  const replacements: Replacement[] = [];
  for (const reference of referencesOf(document.value)) {
    const to = await follow(walk, referrer, reference, context);
    if (to !== undefined) replacements.push({ at: reference.at, from: reference.value, to });
  }
  const rewritten = replacements.length === 0 ? undefined : rewriteKustomization(builder, referrer, replacements);
  if (rewritten !== undefined) walk.rewritten.set(path, rewritten);
}

function firstDocument(
  builder: ClosureBuilder,
  path: string,
  text: string,
): { readonly value: JsonObject; readonly index: number } | undefined {
  if (isPointer(text)) {
    complain(builder, path, pointerComplaint(path));
    return undefined;
  }
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

/** Returns what must stand in the reference's place: the path of a base that was mounted. Undefined: leave it. */
async function follow(
  walk: Walk,
  referrer: Referrer,
  reference: Reference,
  context: Omit<Visit, 'subject'>,
): Promise<string | undefined> {
  const { builder } = walk;
  const subject = () => placeIn(referrer, reference.at);
  if (reference.role === 'inline plugin') {
    await collectInlinePlugins(builder, reference.value, { folder: referrer.folder, subject });
    return undefined;
  }
  if (await isElsewhere(builder, referrer.folder, reference)) {
    return followElsewhere(walk, { referrer, subject, reference }, context);
  }
  const found = await addReference(builder, subject, { folder: referrer.folder, reference: reference.value });
  if (found === undefined) return undefined;
  if (found.found === 'folder') await followFolder(walk, { folder: found.path, subject, reference }, context);
  else {
    const at = { file: found.path, folder: referrer.folder, reference: reference.value };
    if (reference.role === 'component') complainOfFile(builder, subject, reference.value);
    else if (isReadable(builder, subject, at) && reference.role === 'plugin') {
      await collectPluginFile(builder, found.path, referrer.folder);
    }
  }
  return undefined;
}

async function isElsewhere(builder: ClosureBuilder, folder: string, { value, role }: Reference): Promise<boolean> {
  if (/^https?:\/\//i.test(value)) return true;
  if (role === 'file') return false;
  if (readRemoteReference(value) === undefined) return /^(?:git::)?[a-z0-9+.-]+:\/\//i.test(value);
  const local = joinReference(folder, value);
  return local === undefined || (await builder.tree.resolve(local)).found !== 'file';
}

interface At {
  readonly referrer: Referrer;
  readonly subject: Subject;
  readonly reference: Reference;
}

/** Kustomize reads single files over HTTP too; nobody could say later what they were. */
async function followElsewhere(
  walk: Walk,
  { referrer, subject, reference }: At,
  { above }: Omit<Visit, 'subject'>,
): Promise<string | undefined> {
  const { builder } = walk;
  const remote = readRemoteReference(reference.value);
  const isFile = reference.role === 'file' || /\.(?:ya?ml|json)$/i.test(remote?.path ?? reference.value);
  if (remote === undefined || isFile || /^file:/i.test(reference.value)) {
    const wrong = `${JSON.stringify(reference.value)} would be read from the network, which is not done`;
    const remedy = isFile
      ? 'copy the file into the repository, or name a folder of a Git repository: https://host/org/repo//path?ref=<full commit id>'
      : 'name a folder of a Git repository: https://host/org/repo//path?ref=<full commit id>';
    complain(builder, subject, { wrong, remedy });
    return undefined;
  }
  const folder = await mountBase(builder, subject, remote);
  if (folder === undefined) return undefined;
  await followFolder(walk, { folder, subject, reference }, { folder: referrer.folder, above });
  return `${'../'.repeat(depthOf(referrer.folder))}${folder}`;
}

function depthOf(folder: string): number {
  return folder === '' ? 0 : folder.split('/').length;
}

async function followFolder(
  walk: Walk,
  at: { readonly folder: string; readonly subject: Subject; readonly reference: Reference },
  { folder: from, above }: Omit<Visit, 'subject'>,
): Promise<void> {
  const { builder } = walk;
  const { folder, subject, reference } = at;
  if (reference.role === 'file') {
    const wrong = `${JSON.stringify(reference.value)} is a folder where a file is expected`;
    return complain(builder, subject, { wrong, remedy: 'name the file' });
  }
  await visit(walk, { folder, subject, above });
  if (reference.role !== 'plugin') return;
  // What a kustomization makes of them is not known before it runs: patches may change which files they name. They are
  // read with the restrictions of the kustomization that uses them, so nothing but its own folder can be meant.
  await addFolder(builder, from);
  builder.notes.push(
    `${subjectOf(subject)}: which files these plugins read cannot be known, so everything below ${JSON.stringify(from)} counts as read`,
  );
}

function complainOfFile(builder: ClosureBuilder, subject: Subject, reference: string): void {
  const wrong = `${JSON.stringify(reference)} is a file where the folder of a component is expected`;
  complain(builder, subject, { wrong, remedy: 'name its folder' });
}
