import type { ResourcePath } from '../../job/ports.ts';

/** Returns the path of a collection, or with `name` of one object in it; the namespace of a cluster-wide kind is left out. */
export function formatResourceUrl(
  { kind, version }: ResourcePath,
  namespace: string | undefined,
  name?: string,
): string {
  const root = kind.group === '' ? `/api/${version}` : `/apis/${kind.group}/${version}`;
  const place = kind.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${place}/${kind.resource}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
}

/** Returns `?a=b&c=d` of the parameters that have a value, or ''. */
export function formatQuery(parameters: Readonly<Record<string, string | undefined>>): string {
  const query = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return query.length === 0 ? '' : `?${query.join('&')}`;
}
