/**
 * Builds the value of one YAML document from js-yaml's parser events, with kubectl's meaning: its scalars
 * (yaml-scalar.ts), the last of equal keys wins, `<<` overwrites what stands before it in the map and yields to what
 * comes after, unknown tags mean nothing. Aliases share one value; what they would come to when written out is bounded.
 */
import {
  EVENT_ID,
  type Event,
  getScalarValue,
  type MappingEvent,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
  YAMLException,
} from 'js-yaml';
import { isJsonObject, type Json } from '../model/json.ts';
import { positionOf } from './yaml-events.ts';
import { formatKey, resolvePlain, resolveTagged } from './yaml-scalar.ts';

/** More than an API server takes in one request (3 MiB); a few nested aliases would otherwise write out to gigabytes. */
const MAX_ALIASED_CHARACTERS = 4 * 1024 * 1024;

/** A key that stands twice in a map; the later value counts. */
export interface DuplicateKey {
  readonly key: string;
  /** Offset in the document's text. */
  readonly position: number;
}

interface Anchor {
  readonly value: Json;
  readonly size: number;
}

interface Composer {
  readonly source: string;
  readonly events: readonly Event[];
  readonly anchors: Map<string, Anchor | 'open'>;
  readonly duplicates: DuplicateKey[];
  next: number;
  /** Characters and nodes composed so far, aliases written out. */
  size: number;
  aliased: number;
}

/**
 * Returns the value of the document whose events these are: what stands between its DOCUMENT event and the POP of it.
 *
 * @throws {YAMLException} with a mark into `source`.
 */
export function composeDocument(
  source: string,
  events: readonly Event[],
): { readonly value: Json; readonly duplicates: readonly DuplicateKey[] } {
  const composer: Composer = { source, events, anchors: new Map(), duplicates: [], next: 1, size: 0, aliased: 0 };
  return { value: composeNode(composer), duplicates: composer.duplicates };
}

function composeNode(composer: Composer): Json {
  const event = composer.events[composer.next++];
  if (event?.type === EVENT_ID.ALIAS) return followAlias(composer, event.anchorStart, event.anchorEnd);
  if (event === undefined || event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP) {
    throw new YAMLException('a value was expected');
  }
  const anchor = openAnchor(composer, event);
  const value = composeContent(composer, event);
  if (anchor !== undefined) closeAnchor(composer, anchor, value);
  return value;
}

type Content = ScalarEvent | SequenceEvent | MappingEvent;

function composeContent(composer: Composer, event: Content): Json {
  switch (event.type) {
    case EVENT_ID.SCALAR:
      return composeScalar(composer, event);
    case EVENT_ID.SEQUENCE:
      return composeSequence(composer);
    case EVENT_ID.MAPPING:
      return composeMapping(composer);
  }
}

interface OpenAnchor {
  readonly name: string;
  readonly sizeBefore: number;
}

/** Counts the node, and announces its name so that an alias inside of it is found out. */
function openAnchor(composer: Composer, event: Content): OpenAnchor | undefined {
  const sizeBefore = composer.size++;
  if (event.anchorStart < 0) return undefined;
  const name = composer.source.slice(event.anchorStart, event.anchorEnd);
  composer.anchors.set(name, 'open');
  return { name, sizeBefore };
}

function closeAnchor(composer: Composer, { name, sizeBefore }: OpenAnchor, value: Json): void {
  composer.anchors.set(name, { value, size: composer.size - sizeBefore });
}

function followAlias(composer: Composer, start: number, end: number): Json {
  const name = composer.source.slice(start, end);
  const anchor = composer.anchors.get(name);
  if (anchor === undefined) return fail(composer, start, `nothing is anchored as &${name} before *${name}`);
  if (anchor === 'open') return fail(composer, start, `&${name} contains itself by *${name}`);
  composer.size += anchor.size;
  composer.aliased += anchor.size;
  if (composer.aliased > MAX_ALIASED_CHARACTERS) {
    return fail(composer, start, 'written out, the aliases come to more than 4 MiB');
  }
  return anchor.value;
}

function composeSequence(composer: Composer): Json {
  const items: Json[] = [];
  while (composer.events[composer.next]?.type !== EVENT_ID.POP) items.push(composeNode(composer));
  composer.next++;
  return items;
}

function composeMapping(composer: Composer): Json {
  const fields: Record<string, Json> = {};
  const own = new Set<string>();
  while (composer.events[composer.next]?.type !== EVENT_ID.POP) {
    const keyEvent = composer.events[composer.next];
    const position = positionOf(keyEvent);
    if (isMerge(composer, keyEvent)) {
      composer.next++;
      mergeInto(composer, fields, { value: composeNode(composer), position });
      continue;
    }
    const key = composeKey(composer);
    if (own.has(key)) composer.duplicates.push({ key, position });
    own.add(key);
    setField(fields, key, composeNode(composer));
  }
  composer.next++;
  return fields;
}

function mergeInto(
  composer: Composer,
  fields: Record<string, Json>,
  { value, position }: { readonly value: Json; readonly position: number },
): void {
  // Of several maps the earlier wins, so the later are written first.
  const sources = Array.isArray(value) ? value.toReversed() : [value];
  for (const source of sources) {
    if (!isJsonObject(source)) fail(composer, position, '<< merges a map or a list of maps, and this is neither');
    else for (const [key, field] of Object.entries(source)) setField(fields, key, field);
  }
}

/** `__proto__` must become a field like any other. */
function setField(fields: Record<string, Json>, key: string, value: Json): void {
  if (key === '__proto__') {
    Object.defineProperty(fields, key, { value, enumerable: true, configurable: true, writable: true });
  } else fields[key] = value;
}

function isMerge(composer: Composer, event: Event | undefined): boolean {
  if (event?.type !== EVENT_ID.SCALAR || event.style !== SCALAR_STYLE.PLAIN) return false;
  return getScalarValue(composer.source, event) === '<<';
}

function composeKey(composer: Composer): string {
  const event = composer.events[composer.next];
  if (event?.type === EVENT_ID.SCALAR && event.style === SCALAR_STYLE.PLAIN && event.tagStart < 0) {
    composer.next++;
    const anchor = openAnchor(composer, event);
    const text = getScalarValue(composer.source, event);
    const key = attempt(composer, event, () => formatKey(text));
    if (anchor !== undefined) closeAnchor(composer, anchor, key);
    return key;
  }
  const position = positionOf(event);
  const key = composeNode(composer);
  if (typeof key === 'object') return fail(composer, position, 'a map, a list or null cannot be a key of a map');
  return typeof key === 'string' ? key : attempt(composer, event, () => formatKey(String(key)));
}

function composeScalar(composer: Composer, event: ScalarEvent): Json {
  const text = getScalarValue(composer.source, event);
  composer.size += text.length;
  const tag = tagOf(composer, event);
  if (tag !== '') return attempt(composer, event, () => resolveTagged(tag, text));
  if (event.style !== SCALAR_STYLE.PLAIN) return text;
  const value = resolvePlain(text);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return fail(composer, positionOf(event), `${text} is a number that JSON does not have; quote it if it is a text`);
  }
  return value;
}

/** Full name of the tag; `''` without one. `!` alone makes a text, as an unknown tag does. */
function tagOf(composer: Composer, event: { readonly tagStart: number; readonly tagEnd: number }): string {
  if (event.tagStart < 0) return '';
  const raw = composer.source.slice(event.tagStart, event.tagEnd);
  if (raw.startsWith('!<')) return raw.slice(2, -1);
  return raw.startsWith('!!') ? `tag:yaml.org,2002:${raw.slice(2)}` : raw;
}

function attempt<T>(composer: Composer, event: Event | undefined, resolve: () => T): T {
  try {
    return resolve();
  } catch (error) {
    return fail(composer, positionOf(event), error instanceof TypeError ? error.message : String(error));
  }
}

function fail(composer: Composer, position: number, reason: string): never {
  return YAMLException.throwAt(composer.source, Math.max(position, 0), reason);
}
