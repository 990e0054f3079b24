import { formatGroupKind, type GroupKind, groupOf, versionOf } from '../../model/object-ref.ts';
import type { Discovery, ResourcePath, ServedKind } from '../ports.ts';

/** The kinds that a cluster serves, by `Kind.group`. */
export type ServedKinds = ReadonlyMap<string, ServedKind>;

export function servedKindsOf(discovery: Discovery): ServedKinds {
  return new Map(discovery.kinds.map((kind) => [formatGroupKind(kind), kind]));
}

/** Returns where objects of that kind and version are served; undefined: not at all. */
export function pathOf(
  served: ServedKinds,
  object: { readonly apiVersion: string; readonly kind: string },
): ResourcePath | undefined {
  const kind = served.get(formatGroupKind({ group: groupOf(object.apiVersion), kind: object.kind }));
  const version = versionOf(object.apiVersion);
  return kind?.versions.includes(version) ? { kind, version } : undefined;
}

/** Returns the preferred version's path; undefined: the kind is not served. */
export function preferredPathOf(served: ServedKinds, groupKind: GroupKind): ResourcePath | undefined {
  const kind = served.get(formatGroupKind(groupKind));
  const version = kind?.versions[0];
  return kind && version !== undefined ? { kind, version } : undefined;
}
