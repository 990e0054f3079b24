import type { Json } from '../model/json.ts';
import { jsonOf } from '../model/kube-json.ts';
import type { KubeObject } from '../model/kube-object.ts';

const IDENTITY: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** Returns the fields beside `apiVersion`, `kind` and `metadata`: `spec`, `data`, `rules`, ... */
export function contentsOf(object: KubeObject): readonly (readonly [string, Json])[] {
  return Object.entries(jsonOf(object)).filter(([name]) => !IDENTITY.has(name));
}

/** Tells whether only the metadata of `object` was read (Secrets and CRDs are listed so); its contents are not known. */
export function isMetadataOnly(object: KubeObject): boolean {
  return contentsOf(object).length === 0;
}
