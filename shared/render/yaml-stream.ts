/**
 * Parts a YAML stream into documents as kubectl does: at lines that begin with `---`, before anything is parsed, so
 * also inside a block scalar. Source: apimachinery v0.36, util/yaml, YAMLReader.
 */

/** One document of a stream that holds more than blanks and comments. */
export interface DocumentText {
  readonly text: string;
  /** Line of the file that `text` begins on, from 1. */
  readonly line: number;
  /** Offset in `text` of the first character that is neither blank nor comment. */
  readonly contentStart: number;
}

/** Where a file breaks the rules; line and column count from 1. */
export interface YamlFault {
  readonly line: number;
  readonly column: number;
  readonly wrong: string;
  readonly remedy: string;
}

export interface Place {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
}

/** Returns the place of an offset in `text`. */
export function placeOf(text: string, offset: number): Place {
  let line = 1;
  let lineStart = 0;
  for (let end = text.indexOf('\n'); end >= 0 && end < offset; end = text.indexOf('\n', end + 1)) {
    line++;
    lineStart = end + 1;
  }
  return { line, column: offset - lineStart + 1 };
}

/** A byte order mark counts as a blank, as it does in JavaScript. */
const BLANKS_AND_COMMENTS = /^(?:\s|#.*)*/;

/** Returns the documents of a stream in order; a fault for each separator that shares its line with something else. */
export function splitDocuments(stream: string): {
  readonly documents: readonly DocumentText[];
  readonly faults: readonly YamlFault[];
} {
  const documents: DocumentText[] = [];
  const faults: YamlFault[] = [];
  let start = { offset: 0, line: 1 };
  let line = 0;
  for (let at = 0; at < stream.length; at = nextLine(stream, at)) {
    line++;
    if (!stream.startsWith('---', at)) continue;
    const end = nextLine(stream, at);
    const rest = stream.slice(at + 3, end).trim();
    if (rest !== '' && !rest.startsWith('#')) faults.push(faultOfInline(line, rest));
    documents.push(...documentOf(stream.slice(start.offset, at), start.line));
    start = { offset: end, line: line + 1 };
  }
  documents.push(...documentOf(stream.slice(start.offset), start.line));
  return { documents, faults };
}

function documentOf(text: string, line: number): readonly DocumentText[] {
  const contentStart = BLANKS_AND_COMMENTS.exec(text)?.[0].length ?? 0;
  if (contentStart === text.length) return [];
  // kubectl reads lines, and ends the last one too.
  return [{ text: text.endsWith('\n') ? text : `${text}\n`, line, contentStart }];
}

function faultOfInline(line: number, rest: string): YamlFault {
  const shown = rest.length > 40 ? `${rest.slice(0, 40)}...` : rest;
  return {
    line,
    column: 4,
    wrong: `${JSON.stringify(shown)} stands on the line of the document separator ---`,
    remedy: 'begin the document on the next line',
  };
}

function nextLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end + 1;
}
