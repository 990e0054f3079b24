import type { Json } from '../model/json.ts';

export interface ChildPlace {
  /** Offset of the key, or of the item itself. */
  readonly key: number;
  /** Offset of the value; undefined: it is left away. */
  readonly value: number | undefined;
  /** What is in it stands elsewhere. */
  readonly isAlias: boolean;
}

/** Where the parts of one document stand, noted while it is composed. Lists and maps are known by identity. */
export class PlaceBook {
  readonly #children = new Map<object, Map<string | number, ChildPlace>>();
  #root: { readonly value: Json; readonly at: number } | undefined;

  noteRoot(value: Json, at: number): void {
    this.#root = { value, at };
  }

  /** Of a key that stands twice the later counts, as its value does. */
  noteChild(parent: object, step: string | number, place: ChildPlace): void {
    const known = this.#children.get(parent) ?? new Map<string | number, ChildPlace>();
    this.#children.set(parent, known.set(step, place));
  }

  /**
   * Returns the offset of the value at `path`, or of its key. What is not there, or comes in by an alias or a merge, is
   * placed at the nearest thing above it that is. Undefined: the document is empty.
   */
  find(path: readonly (string | number)[], { atKey = false }: { readonly atKey?: boolean } = {}): number | undefined {
    if (this.#root === undefined) return undefined;
    let { value, at } = this.#root;
    for (const [depth, step] of path.entries()) {
      if (typeof value !== 'object' || value === null) break;
      const place = this.#children.get(value)?.get(step);
      if (place === undefined) break;
      const isWanted = depth === path.length - 1;
      at = place.value === undefined || (isWanted && atKey) ? place.key : place.value;
      if (place.value === undefined || place.isAlias) break;
      value = childOf(value, step);
    }
    return at;
  }
}

function childOf(value: Exclude<Json, null | string | number | boolean | bigint>, step: string | number): Json {
  if (Array.isArray(value)) return value[Number(step)] ?? null;
  return (value as Readonly<Record<string, Json>>)[step] ?? null;
}
