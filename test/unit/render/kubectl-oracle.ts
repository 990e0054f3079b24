/**
 * What kubectl itself makes of a YAML file, without a cluster: `kubectl label --local` reads the file with the library that
 * `kubectl apply` uses and prints the objects as JSON.
 */
import type { ExternalTool } from '../../../shared/model/external-tool.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../shared/model/json.ts';
import { parseJson } from '../../../shared/model/json-text.ts';

const LABEL = 'plumbline.test/oracle';

export type Verdict = { readonly objects: readonly JsonObject[] } | { readonly error: string };

/** Returns the objects in `text` as kubectl reads them, lists flattened, or its complaint. */
export async function askKubectl(kubectl: ExternalTool, text: string): Promise<Verdict> {
  const { exitCode, stdout, stderr } = await kubectl.run({
    subject: 'oracle',
    act: 'read',
    arguments: ['label', '--local', '--filename', 'in.yaml', `${LABEL}=x`, '--output', 'json'],
    files: new Map([['in.yaml', new TextEncoder().encode(text)]]),
    links: new Map(),
    timeoutMs: 60_000,
  });
  if (exitCode !== 0) return { error: stderr };
  const texts = stdout.split(/(?<=^\})\n/m).filter((part) => part.trim() !== '');
  return { objects: texts.map((part) => withoutLabel(parseJson(part))) };
}

/** Returns a verdict for each of many files, all read in one run; objects are told apart by names that begin `d<file>-`. */
export async function askKubectlOfEach(kubectl: ExternalTool, texts: readonly string[]): Promise<readonly Verdict[]> {
  const { stdout, stderr } = await kubectl.run({
    subject: 'oracle',
    act: 'read',
    arguments: ['label', '--local', '--filename', 'in', '--recursive', `${LABEL}=x`, '--output', 'json'],
    files: new Map(texts.map((text, file) => [`in/${file}.yaml`, new TextEncoder().encode(text)])),
    links: new Map(),
    timeoutMs: 120_000,
  });
  const parts = stdout.split(/(?<=^\})\n?/m).filter((part) => part.trim() !== '');
  const objects = parts.map((part) => withoutLabel(parseJson(part)));
  const names = objects.map(({ metadata }) => (isJsonObject(metadata) ? String(metadata.name) : ''));
  const files = new Set([...stderr.matchAll(/in\/(\d+)\.yaml/g)].map(([, file]) => Number(file)));
  const first = Number(/^d(\d+)-/.exec(names[0] ?? '')?.[1] ?? 0);
  const offset = first - (first % texts.length);
  return texts.map((_, file): Verdict => {
    if (files.has(file)) return { error: 'refused' };
    return { objects: objects.filter((_object, at) => names[at]?.startsWith(`d${offset + file}-`)) };
  });
}

/** Returns `object` as kubectl prints it, but without the label that the question put on it, or labels where none are left. */
export function withoutLabel(object: Json): JsonObject {
  if (!isJsonObject(object) || !isJsonObject(object.metadata)) throw new Error('kubectl printed no object');
  const { labels, managedFields: _hidden, ...metadata } = object.metadata;
  const { [LABEL]: _mark, ...kept } = isJsonObject(labels) ? labels : {};
  return { ...object, metadata: Object.keys(kept).length === 0 ? metadata : { ...metadata, labels: kept } };
}

/** Returns the objects, or fails with what kubectl said. */
export function objectsOfVerdict(verdict: Verdict): readonly JsonObject[] {
  if ('error' in verdict) throw new Error(verdict.error);
  return verdict.objects;
}
