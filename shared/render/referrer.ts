import { locate } from './yaml-position.ts';

/** A kustomization, or a file of plugins that it names. */
export interface Referrer {
  readonly path: string;
  readonly text: string;
  /** Of the document that counts. */
  readonly index: number;
  /** What its paths are relative to. */
  readonly folder: string;
}

/** Returns `path:line:column` of the value at `at`. */
export function placeIn({ path, text, index }: Referrer, at: readonly (string | number)[]): string {
  const { line, column } = locate(text, index, at);
  return `${path}:${line}:${column}`;
}

/** Returns `path:line:column` of the name of the field at `at`. */
export function placeOfKey({ path, text, index }: Referrer, at: readonly (string | number)[]): string {
  const { line, column } = locate(text, index, at, { atKey: true });
  return `${path}:${line}:${column}`;
}
