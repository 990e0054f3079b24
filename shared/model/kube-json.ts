import { isJsonObject, type JsonObject } from './json.ts';
import type { KubeObject } from './kube-object.ts';

/** Returns `object` as the plain JSON that it is; no copy. */
export function jsonOf(object: KubeObject): JsonObject {
  const json: unknown = object;
  return isJsonObject(json) ? json : {};
}

/** Tells a Kubernetes object by what every one of them has: apiVersion, kind and a name. */
export function isKubeObject(value: unknown): value is KubeObject {
  if (!isJsonObject(value) || !isJsonObject(value.metadata)) return false;
  return (
    typeof value.apiVersion === 'string' && typeof value.kind === 'string' && typeof value.metadata.name === 'string'
  );
}
