/** Where a value stands in a YAML file: for errors that are found after parsing. */
import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE, YAMLException } from 'js-yaml';
import { type ParsedDocument, type Place, parseDocument, placeOf, positionOf } from './yaml-events.ts';
import { formatKey } from './yaml-scalar.ts';
import { type DocumentText, splitDocuments } from './yaml-stream.ts';

export interface LocateOptions {
  /** Point at the key that leads to the value instead of the value. Default false. */
  readonly atKey?: boolean;
}

/**
 * Returns the place of the value at `path` in the document with that `index` (of `YamlDocument`). What is not there,
 * or comes in by an alias or a merge, is placed at the nearest thing above it that is.
 */
export function locate(
  text: string,
  documentIndex: number,
  path: readonly (string | number)[],
  options: LocateOptions = {},
): Place {
  const part = splitDocuments(text).documents[documentIndex];
  if (part === undefined) return { line: 1, column: 1 };
  const offset = offsetIn(part, path, options) ?? part.contentStart;
  const { line, column } = placeOf(part.text, offset);
  return { line: part.line + line - 1, column };
}

function offsetIn(part: DocumentText, path: readonly (string | number)[], options: LocateOptions): number | undefined {
  try {
    const parsed = parseDocument(part);
    const offset = walk(parsed, path, options);
    return offset === undefined ? undefined : parsed.originalOffset(offset);
  } catch (error) {
    if (error instanceof YAMLException || error instanceof TypeError) return undefined;
    throw error;
  }
}

type EventText = Pick<ParsedDocument, 'text' | 'events'>;

function walk(source: EventText, path: readonly (string | number)[], options: LocateOptions): number | undefined {
  let at = 1;
  let found = positionOf(source.events[at]);
  for (const [depth, step] of path.entries()) {
    const child = typeof step === 'number' ? itemAt(source, at, step) : fieldAt(source, at, step);
    if (child === undefined) break;
    const value = positionOf(source.events[child.value]);
    const isWanted = depth === path.length - 1;
    found = value < 0 || (isWanted && options.atKey === true) ? child.key : value;
    at = child.value;
  }
  return found < 0 ? undefined : found;
}

interface Child {
  /** Index of the value's event. */
  readonly value: number;
  /** Offset of the key, or of the item itself. */
  readonly key: number;
}

function itemAt({ events }: EventText, at: number, index: number): Child | undefined {
  if (events[at]?.type !== EVENT_ID.SEQUENCE) return undefined;
  let child = at + 1;
  for (let passed = 0; passed < index && events[child]?.type !== EVENT_ID.POP; passed++) child = endOf(events, child);
  if (events[child] === undefined || events[child]?.type === EVENT_ID.POP) return undefined;
  return { value: child, key: positionOf(events[child]) };
}

/** The last of equal keys, as the value is read. */
function fieldAt({ text, events }: EventText, at: number, key: string): Child | undefined {
  if (events[at]?.type !== EVENT_ID.MAPPING) return undefined;
  let found: Child | undefined;
  for (let child = at + 1; events[child] !== undefined && events[child]?.type !== EVENT_ID.POP; ) {
    const value = endOf(events, child);
    if (keyOf(text, events[child]) === key) found = { value, key: positionOf(events[child]) };
    child = endOf(events, value);
  }
  return found;
}

function keyOf(text: string, event: Event | undefined): string | undefined {
  if (event?.type !== EVENT_ID.SCALAR) return undefined;
  const source = getScalarValue(text, event);
  return event.style === SCALAR_STYLE.PLAIN && event.tagStart < 0 ? formatKey(source) : source;
}

/** Returns the index after the node that begins at `start`. */
function endOf(events: readonly Event[], start: number): number {
  let depth = 0;
  for (let at = start; at < events.length; at++) {
    const type = events[at]?.type;
    if (type === EVENT_ID.MAPPING || type === EVENT_ID.SEQUENCE) depth++;
    if (type === EVENT_ID.POP) depth--;
    if (depth === 0) return at + 1;
  }
  return events.length;
}
