/**
 * One table for the types of all releases: two are the same when they and everything below them are. Types may refer to
 * themselves, so sameness is found by refinement: unequal where their own words differ, then where what they refer to
 * is unequal, until nothing changes.
 */
import { createHash } from 'node:crypto';
import type { NamedSchema } from './read-openapi.ts';

export interface SharedTypes {
  /** References are places in this table. */
  readonly table: readonly unknown[];
  indexOf(release: number, type: string): number;
}

export function shareTypes(releases: readonly ReadonlyMap<string, NamedSchema>[]): SharedTypes {
  let classes = releases.map((types) => new Map([...types].map(([name]) => [name, name])));
  for (let known = 0, found = -1; found !== known; ) {
    known = found;
    classes = releases.map((types, at) => {
      const classOf = (name: string) => classes[at]?.get(name) ?? name;
      return new Map([...types].map(([name, schema]) => [name, digestOf([name, replaceRefs(schema, classOf)])]));
    });
    found = new Set(classes.flatMap((of) => [...of.values()])).size;
  }
  const names = [...new Set(classes.flatMap((of) => [...of.values()]))];
  const indexByClass = new Map(names.map((name, index) => [name, index]));
  const indexOf = (release: number, type: string) => indexByClass.get(classes[release]?.get(type) ?? '') ?? -1;
  const table: unknown[] = [];
  for (const [release, types] of releases.entries()) {
    for (const [name, schema] of types) {
      table[indexOf(release, name)] ??= replaceRefs(schema, (type) => indexOf(release, type));
    }
  }
  return { table, indexOf };
}

function replaceRefs(value: unknown, replace: (name: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => replaceRefs(one, replace));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      key === '$ref' && typeof one === 'string' ? replace(one) : replaceRefs(one, replace),
    ]),
  );
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 24);
}
