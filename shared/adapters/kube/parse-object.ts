import type { ResourcePath } from '../../job/ports.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import type { KubeObject } from '../../model/kube-object.ts';

/** Returns the `apiVersion` of a path: `v1`, `apps/v1`. */
function apiVersionOf({ kind, version }: ResourcePath): string {
  return kind.group === '' ? version : `${kind.group}/${version}`;
}

/**
 * Returns a live object; `apiVersion` and `kind` are those of the path, because items of a LIST have none and
 * metadata-only answers carry those of PartialObjectMetadata. Undefined: the value is no object.
 */
export function parseObject(value: Json | undefined, path: ResourcePath): KubeObject | undefined {
  if (!isJsonObject(value) || !isJsonObject(value.metadata)) return undefined;
  if (typeof value.metadata.name !== 'string') return undefined;
  const { apiVersion: _version, kind: _kind, ...rest } = value;
  // The API server's own schema stands behind every other field of the metadata.
  return { apiVersion: apiVersionOf(path), kind: path.kind.kind, ...rest } as KubeObject;
}

/** One page of a LIST. */
export interface ObjectPage {
  readonly items: readonly KubeObject[];
  /** Where the next page starts. */
  readonly next?: string;
}

/** Undefined: the value is no list. */
export function parseObjectPage(value: Json, path: ResourcePath): ObjectPage | undefined {
  if (!isJsonObject(value)) return undefined;
  // Go writes an empty slice that was never made as null.
  const listed = value.items ?? [];
  if (!Array.isArray(listed)) return undefined;
  const items = listed.map((item: Json) => parseObject(item, path));
  if (!items.every((item) => item !== undefined)) return undefined;
  const next = isJsonObject(value.metadata) ? value.metadata.continue : undefined;
  return typeof next === 'string' && next !== '' ? { items, next } : { items };
}
