import { type YamlCursor, YamlError } from './yaml-cursor.ts';

/** A place at which a key may have begun. */
export interface KeyPlace {
  readonly tokenNumber: number;
  readonly start: number;
  readonly line: number;
  readonly column: number;
  /** Nothing else can begin there. */
  readonly isRequired: boolean;
}

const MAX_KEY_CHARACTERS = 1024;

/** Where keys may have begun: one place at most outside of brackets, and one within each that is open. */
export class KeyPlaces {
  readonly #cursor: YamlCursor;
  /** The innermost last. */
  readonly #places: (KeyPlace | undefined)[] = [undefined];

  constructor(cursor: YamlCursor) {
    this.#cursor = cursor;
  }

  get isWithinBrackets(): boolean {
    return this.#places.length > 1;
  }

  open(): void {
    this.#places.push(undefined);
  }

  close(): void {
    if (this.isWithinBrackets) this.#places.pop();
  }

  /** Tells whether the token of that number may still become a key. @throws {YamlError} when it had to and cannot. */
  includes(tokenNumber: number): boolean {
    for (let level = 0; level < this.#places.length; level++) {
      if (this.#places[level]?.tokenNumber === tokenNumber) return this.#placeAt(level) !== undefined;
    }
    return false;
  }

  /** Returns the innermost place that a colon here would end. @throws {YamlError} */
  current(): KeyPlace | undefined {
    return this.#placeAt(this.#places.length - 1);
  }

  /** A key may begin where the cursor stands. */
  save(tokenNumber: number, isRequired: boolean): void {
    this.drop();
    const { at: start, line, column } = this.#cursor;
    this.#places[this.#places.length - 1] = { tokenNumber, start, line, column, isRequired };
  }

  /** What began at the innermost place is no key. @throws {YamlError} when it had to be one. */
  drop(): void {
    const place = this.#places.at(-1);
    if (place?.isRequired) throw missingColon(place);
    this.forget();
  }

  /** The innermost place has become a key. */
  forget(): void {
    this.#places[this.#places.length - 1] = undefined;
  }

  #placeAt(level: number): KeyPlace | undefined {
    const place = this.#places[level];
    if (place === undefined) return undefined;
    if (place.line === this.#cursor.line && !this.#isTooLong(place)) return place;
    if (place.isRequired) throw missingColon(place);
    this.#places[level] = undefined;
    return undefined;
  }

  /** Characters beyond the BMP count once. */
  #isTooLong({ start }: KeyPlace): boolean {
    const { at, text } = this.#cursor;
    if (at - start <= MAX_KEY_CHARACTERS) return false;
    return [...text.slice(start, Math.min(at, start + 2 * MAX_KEY_CHARACTERS + 2))].length > MAX_KEY_CHARACTERS;
  }
}

function missingColon({ start }: KeyPlace): YamlError {
  const remedy = 'end the key with ": ", or indent it like the text above that it belongs to';
  return new YamlError(start, 'a key without a colon', remedy);
}
