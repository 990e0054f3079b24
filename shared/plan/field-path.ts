/**
 * One field of an object as server-side apply names it: by field name, by the keys of a list item, by the value of a
 * set item, or by position. Source: structured-merge-diff v6, fieldpath/element.go.
 */
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { canonicalJson } from '../model/json-text.ts';

export type PathElement =
  | { readonly element: 'field'; readonly name: string }
  | { readonly element: 'key'; readonly key: JsonObject }
  | { readonly element: 'value'; readonly value: Json }
  | { readonly element: 'index'; readonly index: number };

export type FieldPath = readonly PathElement[];

/** Returns the element that a fieldsV1 key stands for: `f:name`, `k:{...}`, `v:...` or `i:0`; undefined for `.`. */
export function parsePathElement(key: string): PathElement | undefined {
  const rest = key.slice(2);
  if (key.startsWith('f:')) return { element: 'field', name: rest };
  if (key.startsWith('i:')) return { element: 'index', index: Number(rest) };
  if (key.startsWith('v:')) return { element: 'value', value: JSON.parse(rest) };
  if (!key.startsWith('k:')) return undefined;
  const parsed: unknown = JSON.parse(rest);
  return isJsonObject(parsed) ? { element: 'key', key: parsed } : undefined;
}

/** Returns the fieldsV1 key of an element; the opposite of `parsePathElement`. */
export function formatPathElement(element: PathElement): string {
  switch (element.element) {
    case 'field':
      return `f:${element.name}`;
    case 'key':
      return `k:${canonicalJson(element.key)}`;
    case 'value':
      return `v:${canonicalJson(element.value)}`;
    case 'index':
      return `i:${element.index}`;
  }
}

/**
 * Returns the position of the item that `key` names; -1 when there is none. A key field that an item leaves out counts
 * as equal where no item has them all: the API server fills in defaults of keys (`protocol: TCP`), a rendered object
 * need not have them.
 */
export function indexOfKey(list: readonly Json[], key: JsonObject): number {
  const exact = list.findIndex((item) => keyMatch(item, key) === 'exact');
  return exact >= 0 ? exact : list.findIndex((item) => keyMatch(item, key) === 'in part');
}

function keyMatch(item: Json, key: JsonObject): 'exact' | 'in part' | 'none' {
  if (!isJsonObject(item)) return 'none';
  const names = Object.keys(key);
  const present = names.filter((name) => item[name] !== undefined);
  const equal = present.every((name) => canonicalJson(item[name]) === canonicalJson(key[name]));
  if (!equal || present.length === 0) return 'none';
  return present.length === names.length ? 'exact' : 'in part';
}

/** Returns the position in `list` of the item that `element` names; -1 when there is none. */
function indexIn(list: readonly Json[], element: PathElement): number {
  switch (element.element) {
    case 'field':
      return -1;
    case 'index':
      return element.index < list.length ? element.index : -1;
    case 'key':
      return indexOfKey(list, element.key);
    case 'value': {
      const wanted = canonicalJson(element.value);
      return list.findIndex((item) => canonicalJson(item) === wanted);
    }
  }
}

/** Returns the JSON pointer segments of `path` in `object`; undefined where the path leads nowhere. */
export function resolvePath(
  object: Json,
  path: FieldPath,
): { readonly value: Json; readonly segments: readonly string[] } | undefined {
  let value: Json | undefined = object;
  const segments: string[] = [];
  for (const element of path) {
    let segment: string;
    if (element.element === 'field') {
      segment = element.name;
      value = isJsonObject(value) ? value[segment] : undefined;
    } else if (Array.isArray(value)) {
      const index = indexIn(value, element);
      segment = String(index);
      value = value[index];
    } else return undefined;
    if (value === undefined) return undefined;
    segments.push(segment);
  }
  return { value, segments };
}

/** Returns the value at `path`; undefined where the path leads nowhere. */
export function valueAt(object: Json, path: FieldPath): Json | undefined {
  return resolvePath(object, path)?.value;
}

/** Returns the value at JSON pointer `segments`; undefined where they lead nowhere. */
export function valueIn(object: Json, segments: readonly string[]): Json | undefined {
  let value: Json | undefined = object;
  for (const segment of segments) {
    if (Array.isArray(value)) value = value[Number(segment)];
    else value = isJsonObject(value) ? value[segment] : undefined;
  }
  return value;
}

/** Returns the path for people: `spec.template.spec.containers[app].image`, `metadata.labels[app.kubernetes.io/name]`. */
export function printPath(path: FieldPath): string {
  let text = '';
  for (const element of path) {
    switch (element.element) {
      case 'field':
        text += /[./[\]]/.test(element.name) ? `[${element.name}]` : `${text === '' ? '' : '.'}${element.name}`;
        break;
      case 'key':
        text += `[${Object.values(element.key).map(String).join(',')}]`;
        break;
      case 'value':
        text += `[${typeof element.value === 'string' ? element.value : canonicalJson(element.value)}]`;
        break;
      case 'index':
        text += `[${element.index}]`;
        break;
    }
  }
  return text;
}

/**
 * Returns the path as the API server prints it in the causes of a conflict:
 * `.spec.template.spec.containers[name="app"].image`. Printing claimed paths and comparing texts is exact where parsing
 * a printed path is not: field names are not quoted there.
 */
export function printServerPath(path: FieldPath): string {
  let text = '';
  for (const element of path) {
    switch (element.element) {
      case 'field':
        text += `.${element.name}`;
        break;
      case 'key':
        text += `[${Object.keys(element.key)
          .sort()
          .map((name) => `${name}=${canonicalJson(element.key[name])}`)
          .join(',')}]`;
        break;
      case 'value':
        text += `[=${canonicalJson(element.value)}]`;
        break;
      case 'index':
        text += `[${element.index}]`;
        break;
    }
  }
  return text;
}

/** Returns the JSON pointer (RFC 6901) of `segments`. */
export function pointerOf(segments: readonly string[]): string {
  return segments.map((segment) => `/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Returns the segments of a JSON pointer (RFC 6901). */
export function parsePointer(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/**
 * Returns the pointer of `path` for fields that are gone from every object at hand: list items stand by position where
 * `object` still has them, else as `*`, the form that `ignore` rules take.
 */
export function pointerIn(object: Json, path: FieldPath): string {
  const segments: string[] = [];
  let value: Json | undefined = object;
  for (const element of path) {
    if (element.element === 'field') {
      segments.push(element.name);
      value = isJsonObject(value) ? value[element.name] : undefined;
      continue;
    }
    const index: number = Array.isArray(value) ? indexIn(value, element) : -1;
    segments.push(index < 0 ? '*' : String(index));
    value = Array.isArray(value) ? value[index] : undefined;
  }
  return pointerOf(segments);
}
