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

const BLANKS_AND_COMMENTS = /^(?:\s|#.*)*/;

/** Returns the documents of a stream in order; a fault for each separator that shares its line with something else. */
export function splitDocuments(stream: string): {
  readonly documents: readonly DocumentText[];
  readonly faults: readonly YamlFault[];
} {
  const documents: DocumentText[] = [];
  const faults: YamlFault[] = [];
  const text = withoutByteOrderMark(stream);
  let start = { offset: 0, line: 1 };
  let line = 0;
  for (let at = 0; at < text.length; at = nextLine(text, at)) {
    line++;
    if (!text.startsWith('---', at)) continue;
    const end = nextLine(text, at);
    const rest = text.slice(at + 3, end).trim();
    if (rest !== '' && !rest.startsWith('#')) faults.push(faultOfInline(line, rest));
    documents.push(...documentOf(text.slice(start.offset, at), start.line));
    start = { offset: end, line: line + 1 };
  }
  documents.push(...documentOf(text.slice(start.offset), start.line));
  return { documents, faults };
}

function documentOf(text: string, line: number): readonly DocumentText[] {
  const contentStart = BLANKS_AND_COMMENTS.exec(text)?.[0].length ?? 0;
  return contentStart === text.length ? [] : [{ text, line, contentStart }];
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

function withoutByteOrderMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function nextLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end + 1;
}
