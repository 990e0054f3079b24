/** Puts other texts in the place of some scalars of a YAML file and leaves every line where it is. */
import { isJsonObject, type Json } from '../model/json.ts';
import { canonicalJson } from '../model/json-text.ts';
import { parseYaml } from './yaml.ts';
import { locate } from './yaml-position.ts';

export interface Replacement {
  /** Where the scalar stands in the document. */
  readonly at: readonly (string | number)[];
  readonly from: string;
  readonly to: string;
}

/**
 * Returns `text` with the scalars replaced in the document with that index. Undefined: one of them is not written as it
 * reads (escapes, several lines, an alias), so that nothing can stand in its place.
 */
export function rewriteScalars(text: string, index: number, replacements: readonly Replacement[]): string | undefined {
  const edits = replacements.map(({ at, from, to }) => ({ start: startOf(text, index, at, from), from, to }));
  let rewritten = text;
  for (const { start, from, to } of edits.toSorted((a, b) => (b.start ?? 0) - (a.start ?? 0))) {
    if (start === undefined) return undefined;
    rewritten = rewritten.slice(0, start) + to + rewritten.slice(start + from.length);
  }
  const wanted = replacements.reduce((document, { at, to }) => withValue(document, at, to), documentIn(text, index));
  return canonicalJson(documentIn(rewritten, index)) === canonicalJson(wanted) ? rewritten : undefined;
}

/** A quote may stand before it. */
function startOf(text: string, index: number, at: Replacement['at'], from: string): number | undefined {
  const { line, column } = locate(text, index, at);
  let start = 0;
  for (let before = 1; before < line; before++) start = text.indexOf('\n', start) + 1;
  start += column - 1;
  return [start, start + 1].find((offset) => text.startsWith(from, offset));
}

function documentIn(text: string, index: number): Json {
  return parseYaml(text).documents.find((document) => document.index === index)?.document ?? null;
}

function withValue(value: Json, [step, ...rest]: Replacement['at'], to: string): Json {
  if (step === undefined) return to;
  if (Array.isArray(value)) return value.map((item, at) => (at === step ? withValue(item, rest, to) : item));
  if (!isJsonObject(value)) return value;
  return { ...value, [step]: withValue(value[step] ?? null, rest, to) };
}
