/** js-yaml's parser events of one document, with kubectl's limits, and the places that they stand at. */
import { EVENT_ID, type Event, parseEvents, SCALAR_STYLE, YAMLException } from 'js-yaml';
import type { DocumentText } from './yaml-stream.ts';

/** Far above what Kubernetes objects need (a CRD's schema comes to about 60), far below what ends a stack. */
export const MAX_DEPTH = 250;

/** What go-yaml's reader refuses, quoted or not; js-yaml lets some of it pass inside quotes. */
const CONTROL_CHARACTER = /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/**
 * Returns the events of the one document of `part`, the DOCUMENT event first.
 *
 * @throws {YAMLException} when it does not parse, has a directive, or goes on after `...` (kubectl would drop the rest).
 */
export function documentEvents({ text, contentStart }: DocumentText): readonly Event[] {
  const control = CONTROL_CHARACTER.exec(text);
  if (control !== null) return YAMLException.throwAt(text, control.index, 'control characters are not allowed');
  if (text[contentStart] === '%') {
    return YAMLException.throwAt(text, contentStart, 'kubectl takes no directives (lines that begin with %)');
  }
  const events = parseEvents(text, { maxDepth: MAX_DEPTH });
  const second = events.findIndex((event, at) => at > 0 && event.type === EVENT_ID.DOCUMENT);
  if (second > 0) {
    const position = Math.max(positionOf(events[second + 1]), 0);
    return YAMLException.throwAt(
      text,
      position,
      'kubectl drops what follows the end mark "..."; part documents by ---',
    );
  }
  return events;
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
