import { isJsonObject, type Json } from '../model/json.ts';
import { YamlError } from './yaml-cursor.ts';

/** The fields of one map while it is composed: the last of equal keys wins, and so does what is merged in. */
export class YamlFields {
  readonly value: Record<string, Json> = {};
  /** What came in by a merge alone, and so may be written once more. */
  #merged: Set<string> | undefined;

  /** Returns true where the key stood there before. */
  set(key: string, value: Json): boolean {
    const isKnown = Object.hasOwn(this.value, key) && this.#merged?.has(key) !== true;
    this.#merged?.delete(key);
    this.#write(key, value);
    return isKnown;
  }

  /** Merges a map, or maps of which the earlier win. @throws {YamlError} at `start` for anything else. */
  merge(value: Json, start: number): void {
    this.#merged ??= new Set();
    for (const source of Array.isArray(value) ? value.toReversed() : [value]) {
      if (!isJsonObject(source)) {
        const wrong = '<< merges a map or a list of maps, and this is neither';
        throw new YamlError(start, wrong, 'name an anchored map, or quote "<<"');
      }
      for (const [key, field] of Object.entries(source)) {
        if (!Object.hasOwn(this.value, key)) this.#merged.add(key);
        this.#write(key, field);
      }
    }
  }

  /** `__proto__` must become a field like any other. */
  #write(key: string, value: Json): void {
    if (key === '__proto__') {
      Object.defineProperty(this.value, key, { value, enumerable: true, configurable: true, writable: true });
    } else this.value[key] = value;
  }
}
