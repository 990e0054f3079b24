import { isJsonObject, type Json } from '../model/json.ts';
import { YamlError } from './yaml-cursor.ts';

/** Begins no key that YAML can write: half a character. */
const MARK = '\udc00';
const REMEDY = 'quote it if it is a text';

/**
 * What YAML can say and JSON cannot: `.inf`, a key that is null. It is wrong where it is left in the end; where a later
 * equal key hides it, kubectl never minds, because it turns into JSON what it has read.
 */
export class NotJson {
  readonly #faults: YamlError[] = [];

  /** Returns what stands for such a number until the end. */
  number(start: number, text: string): Json {
    this.#faults.push(new YamlError(start, `${text} is a number that JSON does not have`, REMEDY));
    return Number.NaN;
  }

  /** Returns the key, or what stands for it until the end where `read` throws a TypeError. */
  key(start: number, read: () => string): string {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.#faults.push(new YamlError(start, error.message, REMEDY));
      return `${MARK}${this.#faults.length - 1}`;
    }
  }

  /** @throws {YamlError} for what is left of it in `value`. */
  assertNoneIn(value: Json): void {
    const [first] = this.#faults;
    if (first === undefined) return;
    const mark = findMark(value);
    if (mark !== undefined) throw this.#faults[mark] ?? first;
  }
}

/** Returns the number of a key's fault, -1 for a number's. */
function findMark(value: Json): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : -1;
  const parts = isJsonObject(value)
    ? Object.entries(value)
    : Array.isArray(value)
      ? value.map((item) => ['', item] as const)
      : [];
  for (const [key, part] of parts) {
    const found = key.startsWith(MARK) ? Number(key.slice(1)) : findMark(part);
    if (found !== undefined) return found;
  }
  return undefined;
}
