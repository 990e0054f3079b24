/**
 * Variables in manifests, where `render.substitute` asks for them, with Flux's meaning: each object is written as YAML,
 * its `${...}` are filled in there, and it is read again. So `replicas: ${COUNT}` becomes a number, and
 * `"${quote}${PORT}${quote}"` with a variable that holds a quote a text. Source: fluxcd/pkg/kustomize, SubstituteVariables.
 */
import { describePlace, type Gathered, valueAt } from '../../model/gathered.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type { Problem } from '../../model/problem.ts';
import { VARIABLE_NAME } from '../../model/render-settings/substitute.ts';
import type { RenderInput } from '../input.ts';
import { type ObjectSource, objectsOf, placeOf, type ReadObjects } from '../read-objects.ts';
import type { SubstituteSettings } from '../renderer-settings.ts';
import { parseYaml, writeYaml, type YamlDocument } from '../yaml.ts';
import { expand, type Variables } from './expand.ts';
import { readText } from './read-expression.ts';

const DISABLED = ['kustomize.toolkit.fluxcd.io/substitute', 'plumbline.dev/substitute'];

/** Returns what `objectsOf` does, variables filled in where the settings ask for it. */
export function objectsWithVariables(
  documents: readonly YamlDocument[],
  sourceOf: (document: YamlDocument) => ObjectSource,
  { settings, gathered }: Pick<RenderInput, 'settings' | 'gathered'>,
): ReadObjects {
  if (settings.substitute === undefined) return objectsOf(documents, sourceOf);
  const { variables, wrongNames } = variablesOf(settings.substitute, gathered);
  const problems: Problem[] = [...wrongNames];
  const filled = documents.flatMap((document): readonly YamlDocument[] => {
    const result = fillIn(document.document, variables);
    if (result.ok) return [{ ...document, document: result.value }];
    const { wrong, remedy } = result;
    problems.push({
      code: 'RenderFailed',
      subject: placeOf(sourceOf(document)),
      act: 'fill in variables',
      wrong,
      remedy,
    });
    return [];
  });
  const read = objectsOf(filled, sourceOf);
  return { ...read, problems: [...problems, ...read.problems] };
}

function variablesOf(
  { variables: own, from, strict }: SubstituteSettings,
  gathered: Gathered | undefined,
): { readonly variables: Variables; readonly wrongNames: readonly Problem[] } {
  const values = new Map<string, string>();
  const wrongNames: Problem[] = [];
  for (const reference of from) {
    const found = valueAt(gathered, reference);
    const entries = found.found === 'entries' ? Object.entries(found.entries) : [];
    for (const [name, value] of entries) {
      if (VARIABLE_NAME.test(name)) values.set(name, withoutBreaks(value));
      else wrongNames.push(noVariable(describePlace(reference), name));
    }
  }
  for (const [name, value] of Object.entries(own)) values.set(name, withoutBreaks(value));
  return { variables: { values, strict }, wrongNames };
}

/** As Flux does, so that a value cannot begin a field of its own. */
function withoutBreaks(value: string): string {
  return value.replaceAll('\n', '');
}

function noVariable(subject: string, name: string): Problem {
  const wrong = `the key ${JSON.stringify(name)} is the name of no variable`;
  const remedy = 'rename it: letters, digits and "_", no digit first; or take it out of render.substitute.from';
  return { code: 'RenderFailed', subject, act: 'read variables', wrong, remedy };
}

type Filled =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly wrong: string; readonly remedy: string };

function fillIn(value: Json, variables: Variables): Filled {
  if (!isJsonObject(value) || isDisabled(value)) return { ok: true, value };
  if (!isList(value)) return fillInObject(value, variables);
  const items: Json[] = [];
  for (const item of value.items) {
    const filled = fillIn(item, variables);
    if (!filled.ok) return filled;
    items.push(filled.value);
  }
  return { ok: true, value: { ...value, items } };
}

function isList(value: JsonObject): value is JsonObject & { readonly items: readonly Json[] } {
  return typeof value.kind === 'string' && value.kind.endsWith('List') && Array.isArray(value.items);
}

function isDisabled({ metadata }: JsonObject): boolean {
  if (!isJsonObject(metadata)) return false;
  const { labels, annotations } = metadata;
  return DISABLED.some((key) =>
    [labels, annotations].some((texts) => isJsonObject(texts) && texts[key] === 'disabled'),
  );
}

function fillInObject(object: JsonObject, variables: Variables): Filled {
  const text = writeYaml(object);
  if (!text.includes('$')) return { ok: true, value: object };
  const read = readText(text);
  if (!read.ok) return { ok: false, wrong: `${nameOf(object)}: ${read.fault.wrong}`, remedy: read.fault.remedy };
  const expanded = expand(read.nodes, variables);
  if (!expanded.ok) return { ok: false, wrong: `${nameOf(object)}: ${expanded.wrong}`, remedy: expanded.remedy };
  const { documents, faults } = parseYaml(expanded.text);
  const [first, ...others] = documents;
  if (first !== undefined && others.length === 0 && faults.length === 0) return { ok: true, value: first.document };
  // What the parser says would quote the text, and with it values of Secrets.
  const wrong = `${nameOf(object)}: with its variables filled in it is no YAML any more`;
  return { ok: false, wrong, remedy: 'quote what a variable is put into, or correct its value' };
}

function nameOf({ kind, metadata }: JsonObject): string {
  const name = isJsonObject(metadata) ? metadata.name : undefined;
  return `${String(kind ?? 'the object')} ${String(name ?? 'without a name')}`;
}
