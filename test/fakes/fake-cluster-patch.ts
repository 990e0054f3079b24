import type { JsonPatchOperation } from '../../shared/job/ports.ts';
import { isJsonObject, type Json } from '../../shared/model/json.ts';
import { canonicalJson } from '../../shared/model/json-text.ts';

/** Returns `value` after the operations (RFC 6902 without move and copy); undefined: one of them does not fit. */
export function applyJsonPatch(value: Json, operations: readonly JsonPatchOperation[]): Json | undefined {
  let result: Json | undefined = value;
  for (const operation of operations) {
    const segments = operation.path
      .split('/')
      .slice(1)
      .map((text) => text.replaceAll('~1', '/').replaceAll('~0', '~'));
    result = result === undefined ? undefined : change(result, segments, operation);
  }
  return result;
}

function change(value: Json, [name, ...rest]: readonly string[], operation: JsonPatchOperation): Json | undefined {
  const next = operation.value as Json;
  if (name === undefined)
    return operation.op === 'test' && canonicalJson(value) !== canonicalJson(next) ? undefined : value;
  if (rest.length > 0 || operation.op === 'test') {
    const child = childOf(value, name);
    const changed = child === undefined ? undefined : change(child, rest, operation);
    return changed === undefined ? undefined : put(value, name, changed, false);
  }
  if (operation.op === 'add') return put(value, name, next, true);
  if (childOf(value, name) === undefined) return undefined;
  return operation.op === 'replace' ? put(value, name, next, false) : removeChild(value, name);
}

function childOf(value: Json, name: string): Json | undefined {
  if (Array.isArray(value)) return value[Number(name)];
  return isJsonObject(value) ? value[name] : undefined;
}

function put(value: Json, name: string, child: Json, insert: boolean): Json | undefined {
  if (isJsonObject(value)) return { ...value, [name]: child };
  if (!Array.isArray(value)) return undefined;
  const index = name === '-' ? value.length : Number(name);
  return value.toSpliced(index, insert ? 0 : 1, child);
}

function removeChild(value: Json, name: string): Json {
  if (Array.isArray(value)) return value.toSpliced(Number(name), 1);
  return Object.fromEntries(Object.entries(value as Record<string, Json>).filter(([key]) => key !== name));
}
