import type { SourceLocation } from '../../model/declarations.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type { ErrorCode, Problem } from '../../model/problem.ts';
import { locate } from '../yaml-position.ts';

/** One YAML document of the declarations folder, before it is known to be a declaration. */
export interface DeclarationDocument {
  readonly path: string;
  readonly text: string;
  /** From 0, as `locate` takes it. */
  readonly index: number;
  /** Whether the file holds others too. */
  readonly isOneOfSeveral: boolean;
  readonly value: Json;
}

export type FieldPath = readonly (string | number)[];

/** What is wrong with one field of a document, and what would be right. */
export interface FieldFault {
  readonly path: FieldPath;
  readonly wrong: string;
  readonly remedy: string;
  /** Point at the key instead of the value: the field itself is wrong. */
  readonly atKey?: boolean;
  /** Default `ConfigInvalid`. */
  readonly code?: ErrorCode;
}

/** Returns the problem that `fault` is to whoever wrote the document: its subject is `plumbline/apps.yaml:12:5 (document 2)`. */
export function problemOf(document: DeclarationDocument, fault: FieldFault): Problem {
  const { line, column } = locate(document.text, document.index, fault.path, { atKey: fault.atKey ?? false });
  const place = `${document.path}:${line}:${column}`;
  const subject = document.isOneOfSeveral ? `${place} (document ${document.index + 1})` : place;
  const named = nameOf(document);
  const field = fault.path.length === 0 ? '' : `${formatPath(fault.path)}: `;
  const wrong = `${named === undefined ? '' : `${named}: `}${field}${fault.wrong}`;
  return { code: fault.code ?? 'ConfigInvalid', subject, act: 'read declarations', wrong, remedy: fault.remedy };
}

/** Returns where the document, or one of its fields, stands. */
export function locationOf(document: DeclarationDocument, path: FieldPath = []): SourceLocation {
  const known = path.length === 0 ? starts.get(document) : undefined;
  const location = known ?? { path: document.path, ...locate(document.text, document.index, path) };
  if (path.length === 0) starts.set(document, location);
  return location;
}

/** Where documents begin, which is asked in every plan. */
const starts = new WeakMap<DeclarationDocument, SourceLocation>();

/** Returns the value at `path`; undefined where there is none. */
export function valueAt(value: unknown, path: FieldPath): unknown {
  let at = value;
  for (const segment of path) {
    if (Array.isArray(at)) at = at[Number(segment)];
    else at = isJsonObject(at) && Object.hasOwn(at, segment) ? at[segment] : undefined;
  }
  return at;
}

/** Returns `Application "podinfo"`, as far as the document says so. */
function nameOf({ value }: DeclarationDocument): string | undefined {
  if (!isJsonObject(value) || typeof value.kind !== 'string') return undefined;
  const name = declaredName(value);
  return name === undefined ? value.kind : `${value.kind} "${name}"`;
}

/** Returns `metadata.name` where it is a text. */
export function declaredName(value: JsonObject): string | undefined {
  const name = valueAt(value, ['metadata', 'name']);
  return typeof name === 'string' ? name : undefined;
}

/** Returns `spec.sync.ignore[0].fields`. */
function formatPath(path: FieldPath): string {
  return path
    .map((segment) => (typeof segment === 'number' ? `[${segment}]` : `.${segment}`))
    .join('')
    .replace(/^\./, '');
}
