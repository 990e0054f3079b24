/**
 * YAML as kubectl reads it, and back. The rules stand in yaml-stream.ts, yaml-scalar.ts and yaml-compose.ts; here they
 * meet, and faults become problems that name file, line and column.
 */
import { DUMP_SCHEMA, dump, floatYaml11Tag, intYaml11Tag, YAMLException } from 'js-yaml';
import { PlumblineError } from '../errors.ts';
import type { Json } from '../model/json.ts';
import { parseJson } from '../model/json-text.ts';
import type { Problem } from '../model/problem.ts';
import { composeDocument } from './yaml-compose.ts';
import { MAX_DEPTH, parseDocument, placeOf } from './yaml-events.ts';
import { resolvePlain } from './yaml-scalar.ts';
import { type DocumentText, splitDocuments, type YamlFault } from './yaml-stream.ts';

export interface YamlDocument {
  readonly document: Json;
  /** Line of the file that its content begins on, from 1. */
  readonly line: number;
  /** Which document of the file it is, from 0: what `locate` takes. Empty documents and `null` are left out. */
  readonly index: number;
  /** Keys that stand twice in one map, with the line of the later one, which counts. */
  readonly duplicateKeys: readonly { readonly key: string; readonly line: number }[];
}

export interface ReadYamlOptions {
  /** Path of the file; line and column are added to it. */
  readonly subject: string;
  /** Default `RenderFailed`. */
  readonly code?: 'ConfigInvalid' | 'RenderFailed';
}

/**
 * Returns the documents of a YAML or JSON file, without the empty ones.
 *
 * @throws {PlumblineError} with one problem for each document that does not parse.
 */
export function readYaml(text: string, options: ReadYamlOptions): readonly YamlDocument[] {
  const { documents, faults } = parseYaml(text);
  const [first, ...others] = faults.map((fault) => problemOfFault(fault, options));
  if (first !== undefined) throw new PlumblineError([first, ...others]);
  return documents;
}

/** Returns the documents that parse and what is wrong with the others, for a reader that reports everything in one go. */
export function parseYaml(text: string): {
  readonly documents: readonly YamlDocument[];
  readonly faults: readonly YamlFault[];
} {
  const { documents: parts, faults: separatorFaults } = splitDocuments(text);
  const documents: YamlDocument[] = [];
  const faults = [...separatorFaults];
  for (const [index, part] of parts.entries()) {
    try {
      const content = readJson(part) ?? readDocument(part);
      const line = part.line + placeOf(part.text, part.contentStart).line - 1;
      if (content.document !== null) documents.push({ ...content, line, index });
    } catch (error) {
      if (!(error instanceof YAMLException)) throw error;
      faults.push(faultOf(error, part));
    }
  }
  return { documents, faults };
}

/** Returns the problem that a fault is to whoever wrote the file. */
export function problemOfFault(fault: YamlFault, { subject, code = 'RenderFailed' }: ReadYamlOptions): Problem {
  const place = `${subject}:${fault.line}:${fault.column}`;
  return { code, subject: place, act: 'read YAML', wrong: fault.wrong, remedy: fault.remedy };
}

type Content = Pick<YamlDocument, 'document' | 'duplicateKeys'>;

/** Undefined: it is no JSON. JSON has a faster parser, and escapes that YAML refuses. */
function readJson({ text, contentStart }: DocumentText): Content | undefined {
  if (text[contentStart] !== '{') return undefined;
  try {
    const document = parseJson(text);
    if (isDeeperThan(document, MAX_DEPTH)) throw new YAMLException(`nesting exceeded maxDepth (${MAX_DEPTH})`);
    return { document, duplicateKeys: [] };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function readDocument(part: DocumentText): Content {
  const { text, events, originalOffset } = parseDocument(part);
  const lineOf = (position: number) => part.line + placeOf(part.text, originalOffset(position)).line - 1;
  try {
    const { value, duplicates } = composeDocument(text, events);
    return { document: value, duplicateKeys: duplicates.map(({ key, position }) => ({ key, line: lineOf(position) })) };
  } catch (error) {
    if (!(error instanceof YAMLException) || error.mark === undefined) throw error;
    return YAMLException.throwAt(part.text, originalOffset(error.mark.position), error.reason);
  }
}

function isDeeperThan(value: Json, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((field) => isDeeperThan(field, depth - 1));
}

function faultOf({ reason, mark }: YAMLException, part: DocumentText): YamlFault {
  const { line, column } = placeOf(part.text, mark?.position ?? part.contentStart);
  return { line: part.line + line - 1, column, wrong: reason, remedy: remedyFor(reason) };
}

/** What usually is behind the parser's words. */
const REMEDIES: readonly (readonly [string, string])[] = [
  ['tab characters', 'indent with spaces'],
  ['bad indentation', 'indent it like its neighbours, or quote a text that holds ": "'],
  ['missed comma', 'add the comma, or quote a text that begins with { or ['],
  ['end of the stream within a flow collection', 'close the bracket'],
  ['quoted scalar', 'close the quotes'],
];

function remedyFor(reason: string): string {
  return REMEDIES.find(([words]) => reason.includes(words))?.[1] ?? 'correct the YAML there';
}

const FLOAT_TEXT = /^[-+]?(?:[0-9_]*\.|[0-9_]+[eE])/;

function isNumberText(text: string): boolean {
  const value = resolvePlain(text);
  return typeof value === 'number' || typeof value === 'bigint';
}

/** js-yaml's schema for writing, plus int64s and the number forms that only kubectl reads as such (`0X1F`, `1_000e3`). */
const WRITE_SCHEMA = DUMP_SCHEMA.withTags(
  {
    ...intYaml11Tag,
    resolve: (text, isExplicit, tag) =>
      isNumberText(text) && !FLOAT_TEXT.test(text) ? 0 : intYaml11Tag.resolve(text, isExplicit, tag),
    identify: (value) => typeof value === 'bigint' || intYaml11Tag.identify(value),
  },
  {
    ...floatYaml11Tag,
    resolve: (text, isExplicit, tag) => (isNumberText(text) ? 0 : floatYaml11Tag.resolve(text, isExplicit, tag)),
  },
);

/** Returns `value` as one YAML document without anchors, in the style of `kubectl get -o yaml`. */
export function writeYaml(value: Json): string {
  return dump(value, { schema: WRITE_SCHEMA, noRefs: true, lineWidth: -1, seqNoIndent: true });
}
