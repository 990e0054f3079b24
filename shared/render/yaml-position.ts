/** Where a value stands in a YAML file: for errors that are found after parsing. */

import { readJson } from './yaml.ts';
import { composeDocument } from './yaml-compose.ts';
import { YamlError } from './yaml-cursor.ts';
import { PlaceBook } from './yaml-place-book.ts';
import { type DocumentText, type Place, placeOf, splitDocuments } from './yaml-stream.ts';

export interface LocateOptions {
  /** Point at the key that leads to the value instead of the value. Default false. */
  readonly atKey?: boolean;
}

/**
 * Returns the place of the value at `path` in the document with that `index` (of `YamlDocument`). What is not there,
 * or comes in by an alias or a merge, is placed at the nearest thing above it that is.
 */
export function locate(
  text: string,
  documentIndex: number,
  path: readonly (string | number)[],
  options: LocateOptions = {},
): Place {
  const part = splitDocuments(text).documents[documentIndex];
  if (part === undefined) return { line: 1, column: 1 };
  const { line, column } = placeOf(part.text, offsetIn(part, path, options));
  return { line: part.line + line - 1, column };
}

function offsetIn(part: DocumentText, path: readonly (string | number)[], options: LocateOptions): number {
  const places = new PlaceBook();
  try {
    composeDocument(part.text, { places, isJson: readJson(part) !== undefined });
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
  }
  return places.find(path, options) ?? part.contentStart;
}
