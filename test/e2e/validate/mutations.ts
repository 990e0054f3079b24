/** An object, wrong in one way: what people do to manifests, at every field of one that is right. */
import { isJsonObject, type Json, type JsonObject } from '../../../shared/model/json.ts';

export interface Mutation {
  readonly what: string;
  readonly object: JsonObject;
}

type Path = readonly (string | number)[];

/** Returns every mutation of `object`: none touches what makes the address of the object. */
export function mutationsOf(object: JsonObject): readonly Mutation[] {
  return placesIn(object, []).flatMap(({ path, value }) => {
    const name = path.join('.');
    if (/^(apiVersion|kind|metadata|metadata\.name|metadata\.namespace)$/.test(name)) return [];
    const changed = (what: string, next: Json | undefined): Mutation => ({
      what: `${what} ${name}`,
      object: replaceAt(object, path, next),
    });
    const added = isJsonObject(value)
      ? [
          changed('add a field to', { ...value, bogusField: 'x' }),
          changed('make a text of', 'x'),
          changed('make a list of', [value]),
        ]
      : [];
    const removed = typeof path.at(-1) === 'string' ? [changed('remove', undefined)] : [];
    return [
      ...added,
      ...removed,
      ...wrongScalars(value).map(([what, next]) => changed(what, next)),
      ...wrongLists(value).map(([what, next]) => changed(what, next)),
    ];
  });
}

function wrongScalars(value: Json): readonly (readonly [string, Json])[] {
  if (typeof value === 'string') {
    return [
      ['make a number of', 7],
      ['make true of', true],
      ['misspell', `${value}Bogus`],
      ['shout', value.toUpperCase()],
      ['empty', ''],
      ['make a map of', { a: 'b' }],
    ];
  }
  if (typeof value === 'number' || typeof value === 'bigint') {
    return [
      ['put quotes around', String(value)],
      ['take half of', Number(value) + 0.5],
      ['make huge', 2 ** 40],
      ['make negative', -5],
      ['make true of', true],
    ];
  }
  if (typeof value === 'boolean')
    return [
      ['put quotes around', String(value)],
      ['make a number of', 1],
    ];
  return [];
}

function wrongLists(value: Json): readonly (readonly [string, Json])[] {
  if (!Array.isArray(value)) return [];
  const [first] = value;
  return [
    ['make a map of', { a: 'b' }],
    ['make a text of', 'x'],
    ['empty', []],
    ...(first === undefined ? [] : [['repeat the first of', [...value, first]] as const]),
  ];
}

function placesIn(value: Json, path: Path): readonly { readonly path: Path; readonly value: Json }[] {
  const below = isJsonObject(value)
    ? Object.entries(value).flatMap(([name, field]) => placesIn(field, [...path, name]))
    : Array.isArray(value)
      ? value.flatMap((item: Json, at: number) => placesIn(item, [...path, at]))
      : [];
  return path.length === 0 ? below : [{ path, value }, ...below];
}

function replaceAt(value: JsonObject, path: Path, next: Json | undefined): JsonObject {
  const changed = replace(value, path, next);
  if (!isJsonObject(changed)) throw new Error('the whole object was replaced');
  return changed;
}

function replace(value: Json, [step, ...rest]: Path, next: Json | undefined): Json | undefined {
  if (step === undefined) return next;
  if (Array.isArray(value)) {
    return value.flatMap((item: Json, at: number) => {
      const changed = at === step ? replace(item, rest, next) : item;
      return changed === undefined ? [] : [changed];
    });
  }
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).flatMap(([name, field]) => {
    const changed = name === step ? replace(field, rest, next) : field;
    return changed === undefined ? [] : [[name, changed] as const];
  });
  return Object.fromEntries(entries);
}
