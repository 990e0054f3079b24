/**
 * Where in the repository a fault stands: the very line for plain manifests, the manifest of a base for what kustomize
 * brought in, the template for what a chart rendered, with the line where the name of the field stands there once.
 */
import type { RenderedObject } from '../../model/desired-state.ts';
import type { FindingPlace } from '../../model/finding.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { parseYaml, type YamlDocument } from '../../render/yaml.ts';
import { locate } from '../../render/yaml-position.ts';
import type { Fault, FieldPath } from '../../validate/fault.ts';

/** Returns the text of a file; undefined when it is not there or not ours to read. */
export type ReadText = (path: string) => Promise<string | undefined>;

export type PlaceFault = (rendered: RenderedObject, fault: Pick<Fault, 'path' | 'atKey'>) => Promise<FindingPlace>;

/** Each file is read and parsed once. */
export function faultPlacer(readText: ReadText): PlaceFault {
  const files = new Map<string, Promise<ParsedFile | undefined>>();
  const open = (path: string) => {
    const opening = files.get(path) ?? parseFile(readText, path);
    files.set(path, opening);
    return opening;
  };
  return async ({ object, source }, fault) => {
    const file = await open(source.path);
    const given = { path: source.path, ...(source.line !== undefined && { line: source.line }) };
    if (file === undefined) return given;
    const found = findDocument(file.documents, object, source.line);
    if (found === undefined) return { ...given, ...lineOfName(file.text, fault.path) };
    const path = [...found.path, ...writtenPath(fault.path, found.value)];
    return { path: source.path, ...locate(file.text, found.index, path, { atKey: fault.atKey ?? false }) };
  };
}

interface ParsedFile {
  readonly text: string;
  readonly documents: readonly YamlDocument[];
}

async function parseFile(readText: ReadText, path: string): Promise<ParsedFile | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  // A template is no YAML.
  return { text, documents: /\{\{/.test(text) ? [] : parseYaml(text).documents };
}

interface FoundObject {
  /** Of the document in its file. */
  readonly index: number;
  /** Of the object in the document: within a List it is below `items`. */
  readonly path: FieldPath;
  readonly value: Json;
}

/** By kind and name, which kustomize may have put something before and behind; a document of that line comes first. */
function findDocument(
  documents: readonly YamlDocument[],
  object: KubeObject,
  line: number | undefined,
): FoundObject | undefined {
  const all = documents
    .filter((document) => line === undefined || document.line === line)
    .flatMap(({ document, index }) => objectsIn(document, []).map((one) => ({ ...one, index })))
    .filter(({ value }) => isJsonObject(value) && value.kind === object.kind);
  const { name } = object.metadata;
  return (
    all.find((one) => nameOf(one.value) === name) ??
    all.find((one) => name.includes(nameOf(one.value) || name)) ??
    undefined
  );
}

function objectsIn(value: Json, path: FieldPath): readonly Omit<FoundObject, 'index'>[] {
  if (!isJsonObject(value) || !Array.isArray(value.items) || !String(value.kind).endsWith('List'))
    return [{ path, value }];
  return value.items.flatMap((item: Json, at: number) => objectsIn(item, [...path, 'items', at]));
}

function nameOf(value: Json): string {
  const { metadata } = isJsonObject(value) ? value : {};
  return isJsonObject(metadata) && typeof metadata.name === 'string' ? metadata.name : '';
}

/** What a Secret has as `data` may have been written as `stringData`. */
function writtenPath(path: FieldPath, written: Json): FieldPath {
  const [first, key, ...rest] = path;
  if (first !== 'data' || key === undefined || !isJsonObject(written) || !isJsonObject(written.stringData)) return path;
  return Object.hasOwn(written.stringData, key) ? ['stringData', key, ...rest] : path;
}

/** In a template: the line on which the field is named, where there is but one. */
function lineOfName(text: string, path: FieldPath): { readonly line?: number } {
  const name = path.findLast((step) => typeof step === 'string');
  if (name === undefined) return {};
  const lines = text
    .split('\n')
    .flatMap((line, at) => (line.trimStart().replace(/^- /, '').startsWith(`${name}:`) ? [at + 1] : []));
  const [line, ...others] = lines;
  return line === undefined || others.length > 0 ? {} : { line };
}
