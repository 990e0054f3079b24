import { isJsonObject } from '../model/json.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { groupOf } from '../model/object-ref.ts';
import { hasPassword, isSecretField } from '../model/secret-fields.ts';
import { type DescribeValue, describeValue, type FieldPath } from './fault.ts';

/** Returns what describes the values of `object`; of those that must not be shown it says no more than what they are. */
export function describeWithin(object: KubeObject): DescribeValue {
  const kind = { group: groupOf(object.apiVersion), kind: object.kind };
  return (value, path) => {
    if (typeof value === 'object') return describeValue(value);
    const names = namesOn(object, path);
    const isHidden = names.some((_name, at) => isSecretField(kind, names.slice(0, at + 1)));
    if (!isHidden && !(typeof value === 'string' && hasPassword(value))) return describeValue(value);
    return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
  };
}

/** Entries of a list go by their name, as in `isSecretField`. */
function namesOn(object: KubeObject, path: FieldPath): readonly string[] {
  let at: unknown = object;
  return path.map((step) => {
    const below: unknown = typeof at === 'object' && at !== null ? Reflect.get(at, step) : undefined;
    at = below;
    if (typeof step === 'string') return step;
    return isJsonObject(below) && typeof below.name === 'string' ? below.name : String(step);
  });
}

/** Tells whether messages may quote values of the object. */
export function isQuotable({ apiVersion, kind }: KubeObject): boolean {
  return !(apiVersion === 'v1' && kind === 'Secret');
}
