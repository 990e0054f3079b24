/**
 * YAML as kubectl reads it, and back. The rules stand in yaml-stream.ts, yaml-scalar.ts and yaml-compose.ts; here they
 * meet, and faults become problems that name file, line and column.
 */
import { DUMP_SCHEMA, dump, floatYaml11Tag, intYaml11Tag } from 'js-yaml';
import { PlumblineError } from '../errors.ts';
import type { Json } from '../model/json.ts';
import { parseJson } from '../model/json-text.ts';
import type { Problem } from '../model/problem.ts';
import { composeDocument, type DuplicateKey } from './yaml-compose.ts';
import { YamlError } from './yaml-cursor.ts';
import { MAX_DEPTH } from './yaml-misplaced.ts';
import { resolvePlain } from './yaml-scalar.ts';
import { type DocumentText, placeOf, splitDocuments, type YamlFault } from './yaml-stream.ts';

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
      if (!(error instanceof YamlError)) throw error;
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

/** Returns what a document in JSON holds. Undefined: it is none. JSON has a faster parser, and escapes that YAML refuses. */
export function readJson({ text, contentStart }: DocumentText): Content | undefined {
  if (text[contentStart] !== '{') return undefined;
  try {
    const document = parseJson(text);
    if (isDeeperThan(document, MAX_DEPTH)) {
      throw new YamlError(contentStart, `it is nested deeper than ${MAX_DEPTH} levels`, 'make it flatter');
    }
    return { document, duplicateKeys: [] };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What kubectl's reader refuses wherever it stands. */
const CONTROL_CHARACTER = /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

function readDocument({ text, line }: DocumentText): Content {
  const control = CONTROL_CHARACTER.exec(text);
  if (control !== null) {
    throw new YamlError(
      control.index,
      'control characters are not allowed',
      'remove it, or write it as an escape in double quotes',
    );
  }
  const { value, duplicates } = composeDocument(text);
  return { document: value, duplicateKeys: linesOf(text, line, duplicates) };
}

/** One pass over the text for all of them: there may be as many as there are lines. */
function linesOf(text: string, firstLine: number, duplicates: readonly DuplicateKey[]): YamlDocument['duplicateKeys'] {
  let line = firstLine;
  let from = 0;
  return duplicates
    .toSorted((a, b) => a.position - b.position)
    .map(({ key, position }) => {
      const { line: further } = placeOf(text.slice(from, position), position - from);
      line += further - 1;
      from = position;
      return { key, line };
    });
}

function isDeeperThan(value: Json, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((field) => isDeeperThan(field, depth - 1));
}

function faultOf({ message, remedy, offset }: YamlError, part: DocumentText): YamlFault {
  const { line, column } = placeOf(part.text, offset);
  return { line: part.line + line - 1, column, wrong: message, remedy };
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
