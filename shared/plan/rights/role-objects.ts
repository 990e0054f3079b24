/** From rights to the objects that give them: a ClusterRole for the cluster at large, a Role a namespace, bindings. */
import type { Json, JsonObject } from '../../model/json.ts';
import { type ServiceAccountName, splitServiceAccount } from '../../model/service-account.ts';
import { RBAC_GROUP } from './granting-rights.ts';
import type { Right } from './right.ts';

export interface Subject {
  readonly kind: 'Group' | 'User';
  readonly name: string;
}

/**
 * Returns the objects in the order that they can be applied in: the namespaces that the Roles stand in, then by holder,
 * Plumbline first. Roles are named `plumbline-<fleet>`, those of an account with its name behind.
 */
export function roleObjects(fleet: string, all: readonly Right[], subject: Subject): readonly JsonObject[] {
  const namespaces = [...new Set(all.map(({ namespace }) => namespace))].filter((name) => name !== '').sort();
  const byHolder = Map.groupBy(all, ({ account }) => account ?? '');
  const holders = [...byHolder].sort(([one], [other]) => (one < other ? -1 : 1));
  return [
    ...namespaces.map((name): JsonObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    ...holders.flatMap(([account, rights]) => {
      const who = account === '' ? subjectOf(subject) : accountSubject(account);
      const name = account === '' ? `plumbline-${fleet}` : `plumbline-${fleet}-${account.replace('/', '-')}`;
      return rolesOf(name, rights, who);
    }),
  ];
}

function rolesOf(name: string, all: readonly Right[], subject: JsonObject): readonly JsonObject[] {
  const given = new Set(all.map(keyOf));
  const needed = all.filter((right) => wider(right).every((other) => !given.has(keyOf(other))));
  const byPlace = [...Map.groupBy(needed, ({ namespace }) => namespace)].sort(([a], [b]) => (a < b ? -1 : 1));
  return byPlace.flatMap(([namespace, rights]) => {
    const kind = namespace === '' ? 'ClusterRole' : 'Role';
    const metadata = { name, ...(namespace !== '' && { namespace }) };
    const apiVersion = `${RBAC_GROUP}/v1`;
    const roleRef = { apiGroup: RBAC_GROUP, kind, name };
    return [
      { apiVersion, kind, metadata, rules: rulesOf(rights) },
      { apiVersion, kind: `${kind}Binding`, metadata, roleRef, subjects: [subject] },
    ];
  });
}

/** Returns the rights that say the same of more: of every name, of every namespace, of both. */
function wider(right: Right): readonly Right[] {
  const { name, ...unnamed } = right;
  const everywhere = { ...right, namespace: '' };
  return [
    ...(name === undefined ? [] : [unnamed]),
    ...(right.namespace === '' ? [] : [everywhere]),
    ...(name === undefined || right.namespace === '' ? [] : [{ ...unnamed, namespace: '' }]),
  ];
}

function keyOf({ verb, group, resource, namespace, name }: Right): string {
  return JSON.stringify([verb, group, resource, namespace, name]);
}

interface Rule {
  readonly group: string;
  readonly resources: readonly string[];
  readonly names: readonly string[];
  readonly verbs: readonly string[];
}

/** Returns few rules that give just these rights: what differs in nothing but names, then in resources, is one rule. */
function rulesOf(all: readonly Right[]): readonly Json[] {
  const single = group(
    all,
    ({ verb: _verb, namespace: _place, account: _who, ...what }) => what,
    (what, of): Rule => ({
      group: what.group,
      resources: [what.resource],
      names: what.name === undefined ? [] : [what.name],
      verbs: sorted(of.map(({ verb }) => verb)),
    }),
  );
  const byNames = group(
    single,
    ({ names, ...rest }) => ({ ...rest, isNamed: names.length > 0 }),
    ({ isNamed: _named, ...rest }, of): Rule => ({ ...rest, names: sorted(of.flatMap(({ names }) => names)) }),
  );
  const byResource = group(
    byNames,
    ({ resources: _resources, ...rest }) => rest,
    (rest, of): Rule => ({ ...rest, resources: sorted(of.flatMap(({ resources }) => resources)) }),
  );
  return byResource.map(({ group: apiGroup, resources, names, verbs }) => ({
    apiGroups: [apiGroup],
    resources: [...resources],
    ...(names.length > 0 && { resourceNames: [...names] }),
    verbs: [...verbs],
  }));
}

/** Groups `items` by what `keyOf` leaves of them, in the order of those keys. */
function group<T, Key, R>(
  items: readonly T[],
  keyOf: (item: T) => Key,
  join: (key: Key, of: readonly T[]) => R,
): readonly R[] {
  const groups = new Map<string, { readonly key: Key; readonly of: T[] }>();
  for (const item of items) {
    const key = keyOf(item);
    const text = JSON.stringify(key);
    const found = groups.get(text) ?? { key, of: [] };
    groups.set(text, found);
    found.of.push(item);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { key, of }]) => join(key, of));
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}

function subjectOf({ kind, name }: Subject): JsonObject {
  return { kind, name, apiGroup: RBAC_GROUP };
}

function accountSubject(account: ServiceAccountName): JsonObject {
  return { kind: 'ServiceAccount', ...splitServiceAccount(account) };
}
