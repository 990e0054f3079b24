/** What a key of a map comes to, and what cannot be one. Both throw a TypeError for what JSON alone does not have. */
import type { Json } from '../model/json.ts';
import { YamlError } from './yaml-cursor.ts';
import { formatKey, resolveTagged } from './yaml-scalar.ts';

export interface Key {
  readonly name: string;
  readonly start: number;
  /** `<<`: what follows is merged into the map. */
  readonly isMerge: boolean;
}

/** Returns the key that a scalar stands for. @throws {YamlError | TypeError} */
export function keyOf(
  text: string,
  { tag, isPlain, start }: { readonly tag: string; readonly isPlain: boolean; readonly start: number },
): string {
  if (tag === '') return isPlain ? formatKey(text) : text;
  const value = attempt(start, () => resolveTagged(tag, text));
  return typeof value === 'string' ? value : formatKey(text);
}

/** Returns the key that another value stands for. @throws {YamlError | TypeError} */
export function nameOf(value: Json, start: number): string {
  if (value === null) throw new TypeError('null cannot be a key of a map');
  if (typeof value === 'object') {
    throw new YamlError(start, 'a map or a list cannot be a key of a map', 'quote the key if it is a text');
  }
  return typeof value === 'string' ? value : formatKey(String(value));
}

/** Turns what the rules of scalars refuse into an error with a place. */
export function attempt<T>(start: number, resolve: () => T): T {
  try {
    return resolve();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new YamlError(start, error.message, 'quote it if it is a text');
  }
}
