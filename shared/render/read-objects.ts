/** From YAML documents to Kubernetes objects: lists flattened, the identity checked, nulls and `stringData` settled. */
import { PlumblineError } from '../errors.ts';
import type { RenderedObject } from '../model/desired-state.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { type KubeObject, refOf } from '../model/kube-object.ts';
import { readObjectPolicy } from '../model/object-policy/read-object-policy.ts';
import { formatRef } from '../model/object-ref.ts';
import type { Problem } from '../model/problem.ts';
import { tooLarge } from './object-size.ts';
import { settleObject } from './settle.ts';
import { parseYaml, problemOfFault, type YamlDocument } from './yaml.ts';

/** Where an object comes from, as a renderer knows it. */
export type ObjectSource = RenderedObject['source'];

export interface ReadObjects {
  readonly objects: readonly RenderedObject[];
  readonly problems: readonly Problem[];
  /** Of keys that stand twice in one map. */
  readonly warnings: readonly string[];
}

/**
 * Returns the objects of a YAML or JSON file in its order.
 *
 * @throws {PlumblineError} RenderFailed with one problem for each document that does not parse or is no object.
 */
export function readObjects(text: string, options: { readonly path: string }): readonly RenderedObject[] {
  const { objects, problems } = readFileObjects(text, options.path);
  throwProblems(problems);
  return objects;
}

/** Returns what a file holds and everything that is wrong in it, for a reader of many files. */
export function readFileObjects(text: string, path: string, readDocuments: typeof objectsOf = objectsOf): ReadObjects {
  const { documents, faults } = parseYaml(text);
  const read = readDocuments(documents, ({ line }) => ({ path, line }));
  return { ...read, problems: [...faults.map((fault) => problemOfFault(fault, { subject: path })), ...read.problems] };
}

/** Returns the objects of documents that are already parsed; `sourceOf` tells where each comes from. */
export function objectsOf(
  documents: readonly YamlDocument[],
  sourceOf: (document: YamlDocument) => ObjectSource,
): ReadObjects {
  const objects: RenderedObject[] = [];
  const problems: Problem[] = [];
  const warnings: string[] = [];
  for (const document of documents) {
    const source = sourceOf(document);
    for (const value of flattened(document.document)) {
      const read = readObject(value);
      if ('object' in read) objects.push({ object: read.object, source });
      else problems.push({ code: 'RenderFailed', subject: placeOf(source), act: 'read the object', ...read });
    }
    for (const { key, line } of document.duplicateKeys) {
      const place = placeOf(source.line === undefined ? source : { path: source.path, line });
      warnings.push(`${place}: ${JSON.stringify(key)} stands twice in one map; the later counts`);
    }
  }
  return { objects, problems, warnings };
}

/** @throws {PlumblineError} with `problems` if there are any. */
export function throwProblems(problems: readonly Problem[]): void {
  const [first, ...others] = problems;
  if (first !== undefined) throw new PlumblineError([first, ...others]);
}

/** Returns `path:line`, or the path alone where the line is not known. */
export function placeOf({ path, line }: ObjectSource): string {
  return line === undefined ? path : `${path}:${line}`;
}

/** kubectl takes the items of `kind: List` and of typed lists such as `ConfigMapList` one by one. */
function flattened(value: Json): readonly Json[] {
  if (!isJsonObject(value) || typeof value.kind !== 'string' || !value.kind.endsWith('List')) return [value];
  return Array.isArray(value.items) ? value.items.flatMap(flattened) : [value];
}

interface Complaint {
  readonly wrong: string;
  readonly remedy: string;
}

function readObject(value: Json): { readonly object: KubeObject } | Complaint {
  if (!isJsonObject(value)) {
    return {
      wrong: `${typeName(value)} stands where an object is expected`,
      remedy: 'write a map with apiVersion and kind',
    };
  }
  const settled = nameHook(settleObject(value));
  const complaint = complaintAboutIdentity(settled);
  if (complaint !== undefined) return complaint;
  const object = settled as unknown as KubeObject; // its identity and metadata were checked just now
  const excess = tooLarge(object);
  return excess === undefined
    ? { object }
    : { wrong: `${formatRef(refOf(object))}: ${excess.wrong}`, remedy: excess.remedy };
}

/** A hook gets a new name for each run; until then it is known by what these names begin with. */
function nameHook(object: JsonObject): JsonObject {
  const { metadata } = object;
  if (!isJsonObject(metadata) || metadata.name !== undefined || typeof metadata.generateName !== 'string')
    return object;
  const named = { ...object, metadata: { ...metadata, name: metadata.generateName } };
  if (complaintAboutIdentity(named) !== undefined) return object;
  const { policy } = readObjectPolicy(named as unknown as KubeObject); // its identity was checked just now
  return policy.hook === undefined ? object : named;
}

function complaintAboutIdentity(object: JsonObject): Complaint | undefined {
  for (const field of ['apiVersion', 'kind']) {
    const complaint = complaintAboutText(object[field], field);
    if (complaint !== undefined) return complaint;
  }
  const { metadata } = object;
  if (!isJsonObject(metadata)) return { wrong: `${object.kind} has no metadata`, remedy: 'give it metadata.name' };
  if (metadata.name === undefined && metadata.generateName !== undefined) {
    return {
      wrong: 'metadata.generateName makes a new object each time',
      remedy: 'give it a fixed metadata.name; hooks alone may do without',
    };
  }
  return (
    complaintAboutText(metadata.name, 'metadata.name', String(object.kind)) ??
    (metadata.namespace === undefined ? undefined : complaintAboutText(metadata.namespace, 'metadata.namespace')) ??
    complaintAboutTexts(metadata.labels, 'metadata.labels') ??
    complaintAboutTexts(metadata.annotations, 'metadata.annotations')
  );
}

function complaintAboutText(value: Json | undefined, field: string, kind = 'the object'): Complaint | undefined {
  if (value === undefined || value === '') return { wrong: `${kind} has no ${field}`, remedy: `give it ${field}` };
  if (typeof value === 'string') return undefined;
  return { wrong: `${field} is ${typeName(value)}, not a text`, remedy: 'put it in quotes' };
}

function complaintAboutTexts(value: Json | undefined, field: string): Complaint | undefined {
  if (value === undefined) return undefined;
  if (!isJsonObject(value)) return { wrong: `${field} is ${typeName(value)}, not a map`, remedy: 'write key: value' };
  for (const [key, text] of Object.entries(value)) {
    if (typeof text === 'string') continue;
    const remedy = typeof text === 'object' ? 'write a text' : 'put it in quotes';
    return { wrong: `${field}.${key} is ${typeName(text)}, not a text`, remedy };
  }
  return undefined;
}

function typeName(value: Json): string {
  if (Array.isArray(value)) return 'a list';
  if (isJsonObject(value)) return 'a map';
  if (value === null) return 'null';
  return typeof value === 'string' ? `the text ${JSON.stringify(value.slice(0, 40))}` : `the ${typeof value} ${value}`;
}
