// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
/**
 * `${directory.name}`, `${file.X}`, `${item.X}` and, for an item of one cluster, `${cluster.X}` in a template. A text
 * that is one expression alone takes the value with its type, a map or a list too; within a longer text only what is
 * itself a text, a number or a boolean can stand. What is filled in is never looked through for expressions again.
 */
import { closestWord } from '../../model/closest-word.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type { FieldFault, FieldPath } from './declaration-document.ts';

const EXPRESSION = /\$\$\{|\$\{([^}]*)(\}?)/g;
const ALONE = /^\$\{([^}]*)\}$/;
/** What a mistyped expression is compared with, and how much of it people are shown. */
const MOST_KNOWN = 500;
const MOST_SHOWN = 12;

export interface FillScope {
  /** By first word: `{directory: {name, path}}`. */
  readonly values: JsonObject;
  /** First words that are left as they are: they are filled in later, for each cluster. */
  readonly later: readonly string[];
  /** Fields of the item's file that bear the name of something else: `${file.name}` is not one of them. */
  readonly ambiguous: ReadonlyMap<string, string>;
}

interface FilledIn {
  readonly value: Json;
  readonly faults: readonly FieldFault[];
}

/** Returns `value` with its expressions filled in, and what is wrong with them; `path` is where it stands. */
export function fillIn(value: Json, path: FieldPath, scope: FillScope): FilledIn {
  if (typeof value === 'string') return fillText(value, path, scope);
  if (Array.isArray(value)) {
    const items = value.map((item: Json, index) => fillIn(item, [...path, index], scope));
    return { value: items.map((item) => item.value), faults: items.flatMap(({ faults }) => faults) };
  }
  if (!isJsonObject(value)) return { value, faults: [] };
  const fields = Object.entries(value).map(([key, field]) => [key, fillIn(field, [...path, key], scope)] as const);
  return {
    value: Object.fromEntries(fields.map(([key, field]) => [key, field.value])),
    faults: fields.flatMap(([, { faults }]) => faults),
  };
}

function fillText(text: string, path: FieldPath, scope: FillScope): FilledIn {
  const [, alone] = ALONE.exec(text) ?? [];
  if (alone !== undefined && !isLater(alone, scope)) {
    const found = evaluate(alone.trim(), scope);
    return 'wrong' in found
      ? { value: text, faults: [{ path, ...found }] }
      : { value: escaped(found.value), faults: [] };
  }
  const faults: FieldFault[] = [];
  const value = text.replace(EXPRESSION, (whole: string, inner?: string, close?: string) => {
    if (inner === undefined || isLater(inner, scope)) return whole;
    const found = close === '' ? unclosed(whole) : evaluateText(inner.trim(), scope);
    if ('wrong' in found) faults.push({ path, ...found });
    return 'wrong' in found ? whole : found.text.replaceAll('${', '$$${');
  });
  return { value, faults };
}

function isLater(expression: string, { later }: FillScope): boolean {
  return later.includes(firstWord(expression));
}

function firstWord(expression: string): string {
  return expression.trim().split('.')[0] ?? '';
}

interface Wrong {
  readonly wrong: string;
  readonly remedy: string;
}

function unclosed(whole: string): Wrong {
  return { wrong: `"${whole}" is not closed`, remedy: 'close it with "}", or write "$${" for a plain "${"' };
}

function evaluateText(expression: string, scope: FillScope): { readonly text: string } | Wrong {
  const found = evaluate(expression, scope);
  if ('wrong' in found) return found;
  if (found.value !== null && typeof found.value !== 'object') return { text: String(found.value) };
  const what = found.value === null ? 'nothing' : Array.isArray(found.value) ? 'a list' : 'a map of fields';
  return {
    wrong: `\${${expression}} is ${what}, which cannot stand within a text`,
    remedy: 'name a field of it, or let the expression stand alone',
  };
}

function evaluate(expression: string, scope: FillScope): { readonly value: Json } | Wrong {
  const clash = scope.ambiguous.get(expression);
  if (clash !== undefined)
    return { wrong: `\${${expression}} could mean two things: ${clash}`, remedy: 'rename the field' };
  const value = lookUp(scope.values, expression);
  return value === undefined ? unknownExpression(expression, scope) : { value };
}

/** A key may hold dots itself (`app.kubernetes.io/name`): the longest that fits counts. Items of lists are numbers. */
function lookUp(from: Json, rest: string): Json | undefined {
  if (typeof from !== 'object' || from === null) return undefined;
  const fields = new Map<string, Json>(Object.entries(from));
  for (let end = rest.length; end > 0; end = rest.lastIndexOf('.', end - 1)) {
    const field = fields.get(rest.slice(0, end));
    const found = field === undefined || end === rest.length ? field : lookUp(field, rest.slice(end + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

function unknownExpression(expression: string, { values, later }: FillScope): Wrong {
  const known = [...expressionsIn(values, '')].slice(0, MOST_KNOWN);
  const closest = closestWord(expression, known);
  const meant = closest === undefined ? '' : `did you mean \${${closest}}? `;
  const shown = [...known.slice(0, MOST_SHOWN), ...later.map((word) => `${word}.*`)].map((one) => `\${${one}}`);
  const more = known.length > MOST_SHOWN ? ' and more' : '';
  const remedy = `${meant}known are ${shown.join(', ')}${more}; a plain "\${" is written "$\${"`;
  return { wrong: `\${${expression}} is unknown`, remedy };
}

function* expressionsIn(value: Json, prefix: string): Generator<string> {
  if (!isJsonObject(value)) {
    yield prefix;
    return;
  }
  for (const [key, field] of Object.entries(value))
    yield* expressionsIn(field, prefix === '' ? key : `${prefix}.${key}`);
}

/** The clusters' own `${...}` are filled in after these: what comes from an item is no expression. */
function escaped(value: Json): Json {
  if (typeof value === 'string') return value.replaceAll('${', '$$${');
  if (Array.isArray(value)) return value.map(escaped);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, escaped(field)]));
}
