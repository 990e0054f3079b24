/**
 * js-yaml's parser events of one document, with kubectl's limits and one leniency that js-yaml lacks: within brackets and
 * quotes go-yaml does not care how far a line is indented (`args: [` closed by a `]` below the key is everyday YAML).
 * Such lines are indented here until js-yaml is content, which changes no value, and offsets are counted back.
 */
import { EVENT_ID, type Event, parseEvents, SCALAR_STYLE, YAMLException } from 'js-yaml';
import type { DocumentText } from './yaml-stream.ts';

/** Far above what Kubernetes objects need (a CRD's schema comes to about 60), far below what ends a stack. */
export const MAX_DEPTH = 250;

/** What go-yaml's reader refuses, quoted or not; js-yaml lets some of it pass inside quotes. */
const CONTROL_CHARACTER = /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** Each mended line costs a parse up to it (about a second in all), so that a hostile file cannot make this quadratic. */
const MAX_REPARSED_CHARACTERS = 3_000_000;

export interface ParsedDocument {
  /** The text that the events point into. */
  readonly text: string;
  /** The DOCUMENT event first. */
  readonly events: readonly Event[];
  /** Returns the offset in the document as it was written. */
  originalOffset(offset: number): number;
}

/**
 * Returns the events of one document.
 *
 * @throws {YAMLException} when it does not parse, has a directive, or goes on after `...` (kubectl would drop the rest).
 * Its mark is an offset in the document as it was written.
 */
export function parseDocument({ text, contentStart }: DocumentText): ParsedDocument {
  const control = CONTROL_CHARACTER.exec(text);
  if (control !== null) return YAMLException.throwAt(text, control.index, 'control characters are not allowed');
  if (text[contentStart] === '%') {
    return YAMLException.throwAt(text, contentStart, 'kubectl takes no directives (lines that begin with %)');
  }
  const parsed = parseMended(text);
  const second = parsed.events.findIndex((event, at) => at > 0 && event.type === EVENT_ID.DOCUMENT);
  if (second < 0) return parsed;
  const position = parsed.originalOffset(Math.max(positionOf(parsed.events[second + 1]), 0));
  return YAMLException.throwAt(text, position, 'kubectl drops what follows the end mark "..."; part documents by ---');
}

function parseMended(text: string): ParsedDocument {
  const shifts: Shift[] = [];
  let current = text;
  for (let reparsed = 0; ; ) {
    try {
      const events = parseEvents(current, { maxDepth: MAX_DEPTH });
      return { text: current, events, originalOffset: (offset) => originalOffset(shifts, offset) };
    } catch (error) {
      if (!(error instanceof YAMLException) || error.mark === undefined) throw error;
      const { position } = error.mark;
      reparsed += position;
      const mended = error.reason === 'deficient indentation' ? mend(current, position, shifts) : undefined;
      if (mended === undefined || reparsed > MAX_REPARSED_CHARACTERS) {
        return YAMLException.throwAt(text, originalOffset(shifts, position), error.reason);
      }
      current = mended;
    }
  }
}

/** Returns `text` with the line of `position` indented; undefined when that was done before. */
function mend(text: string, position: number, shifts: Shift[]): string | undefined {
  const start = text.lastIndexOf('\n', position - 1) + 1;
  const before = text.slice(start, position);
  if (before.trim() !== '') {
    // js-yaml also complains of a tab that parts a key from its value, further to the right in such a line.
    const tab = /^[^'"]*?[-:,?[{] *(\t)/d.exec(before)?.indices?.[1]?.[0] ?? before.trimEnd().length;
    return before[tab] === '\t' ? `${text.slice(0, start + tab)} ${text.slice(start + tab + 1)}` : undefined;
  }
  if (shifts.some(({ at }) => at === start)) return undefined;
  const by = deepestIndentation(text) + 1;
  shifts.push({ at: start, by });
  return `${text.slice(0, start)}${' '.repeat(by + before.length)}${text.slice(position)}`;
}

/** Blanks put in at `at`, an offset in the text that has all of them; in ascending order. */
interface Shift {
  readonly at: number;
  readonly by: number;
}

function originalOffset(shifts: readonly Shift[], offset: number): number {
  return shifts.reduce((sum, { at, by }) => sum - Math.min(Math.max(offset - at, 0), by), offset);
}

function deepestIndentation(text: string): number {
  return (text.match(/^ +/gm) ?? []).reduce((deepest, { length }) => Math.max(deepest, length), 0);
}

/** Returns the offset that `event` begins at; -1 for the end of a node and for a value that is left away. */
export function positionOf(event: Event | undefined): number {
  if (event === undefined || event.type === EVENT_ID.POP || event.type === EVENT_ID.DOCUMENT) return -1;
  if (event.type === EVENT_ID.ALIAS) return event.anchorStart - 1;
  if (event.type !== EVENT_ID.SCALAR) return event.start;
  const opensWithQuote = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
  return opensWithQuote ? event.valueStart - 1 : event.valueStart;
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
