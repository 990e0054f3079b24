/**
 * The rights that a run uses, from what is declared. Each stands where the code that needs it is named; a test takes each
 * away and sees what fails (test/e2e/rights-least.test.ts).
 */
import { SYSTEM_NAMESPACE } from '../../config/names.ts';
import type { DesiredApplication } from '../../model/desired-state.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { readObjectPolicy } from '../../model/object-policy/read-object-policy.ts';
import { type ServiceAccountName, splitServiceAccount } from '../../model/service-account.ts';
import type { SyncPolicy } from '../../model/sync-policy.ts';
import { grantingRights } from './granting-rights.ts';
import { isBuiltInGroup, type KindInRules } from './kind-table.ts';
import { type Right, rights } from './right.ts';

export interface DeclaredObjects {
  readonly application: Pick<DesiredApplication, 'name' | 'namespace' | 'createNamespace' | 'serviceAccount'> & {
    readonly sync?: Pick<SyncPolicy, 'adopt'>;
  };
  readonly objects: readonly KubeObject[];
}

export type KindLookup = (object: { readonly apiVersion: string; readonly kind: string }) => KindInRules | undefined;

const CRDS = { group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions' };
const WITH_PODS = new Set(['deployments', 'statefulsets', 'daemonsets', 'replicasets', 'jobs', 'rollouts', 'pods']);
/** Healthy as soon as they are there. */
const NEVER_ILL = new Set([
  ...['configmaps', 'secrets', 'serviceaccounts', 'limitranges', 'resourcequotas', 'networkpolicies', 'leases'],
  ...['roles', 'rolebindings'],
]);

/** Objects of kinds that `kindOf` does not know need no right here. */
export function neededRights(applications: readonly DeclaredObjects[], kindOf: KindLookup): readonly Right[] {
  return distinctRights([
    ...ownRights(),
    ...applications.flatMap(({ application, objects }) => [
      ...applicationRights(application),
      ...objects.flatMap((object) => objectRights(object, application, kindOf)),
    ]),
  ]);
}

/** Returns every right once. */
export function distinctRights(all: readonly Right[]): readonly Right[] {
  return [...new Map(all.map((right) => [JSON.stringify(right), right])).values()];
}

/** Whatever is declared: which cluster it is, the anchor and the ApplySet parents, and their LIST. */
function ownRights(): readonly Right[] {
  const configMaps = { group: '', resource: 'configmaps' };
  return [
    ...rights('get', { group: '', resource: 'namespaces', namespace: '', name: 'kube-system' }),
    ...rights('get', { group: '', resource: 'namespaces', namespace: '', name: SYSTEM_NAMESPACE }),
    ...rights('list', { ...configMaps, namespace: '' }),
    ...rights('get create patch delete', { ...configMaps, namespace: SYSTEM_NAMESPACE }),
  ];
}

/** To take an account's place and to tell whether it is there; to see a namespace that it may not make; to adopt. */
function applicationRights(application: DeclaredObjects['application']): readonly Right[] {
  const { serviceAccount, createNamespace, namespace = 'default', sync } = application;
  const account = serviceAccount === undefined ? undefined : splitServiceAccount(serviceAccount);
  const isHelms = sync?.adopt.some((owner) => owner === 'helm' || owner === 'any') ?? false;
  return [
    ...(account === undefined ? [] : rights('impersonate get', { group: '', resource: 'serviceaccounts', ...account })),
    ...(createNamespace === undefined
      ? []
      : rights('get', { group: '', resource: 'namespaces', namespace: '', name: createNamespace })),
    // A release that was adopted is put aside where Helm keeps it.
    ...(isHelms ? rights('list', { group: '', resource: 'secrets', namespace }) : []),
    ...(isHelms ? rights('patch', { ...holderOf(serviceAccount), group: '', resource: 'secrets', namespace }) : []),
  ];
}

function objectRights(
  object: KubeObject,
  application: DeclaredObjects['application'],
  kindOf: KindLookup,
): readonly Right[] {
  const kind = kindOf(object);
  if (kind === undefined) return [];
  const { group, resource } = kind;
  const namespace = kind.namespaced ? (object.metadata.namespace ?? application.namespace ?? 'default') : '';
  const holder = holderOf(application.serviceAccount);
  // A namespace is a border by itself. In the cluster at large only what is declared, by its name: an apply names what it
  // makes, so that the API server asks for `create` by name too.
  const name = namespace === '' ? { name: object.metadata.name } : {};
  return [
    ...rights('list', { group, resource, namespace: '' }),
    ...rights('get create patch delete', { ...holder, group, resource, namespace, ...name }),
    ...(resource === CRDS.resource ? rights('get', { ...CRDS, namespace: '', ...name }) : []),
    // What a CRD says of its kind is part of what is compared.
    ...(isBuiltInGroup(group) ? [] : rights('list get', { ...CRDS, namespace: '' })),
    ...explainingRights(kind, namespace),
    ...policyRights(object, { holder, namespace, kindOf }),
    ...grantingRights(object, namespace).map((right) => ({ ...holder, ...right })),
  ];
}

/** Why something is not healthy: Pods of workloads, the log of one that fails, events (reconcile/explain-health.ts). */
function explainingRights({ resource, namespaced }: KindInRules, namespace: string): readonly Right[] {
  if (!namespaced || NEVER_ILL.has(resource)) return [];
  const events = rights('list', { group: '', resource: 'events', namespace });
  if (!WITH_PODS.has(resource)) return events;
  const pods = rights('list', { group: '', resource: 'pods', namespace });
  return [...events, ...pods, ...rights('get', { group: '', resource: 'pods/log', namespace })];
}

/** What annotations ask for: the log of a hook that failed, objects that come first and are nobody's here. */
function policyRights(
  object: KubeObject,
  {
    holder,
    namespace,
    kindOf,
  }: { readonly holder: Pick<Right, 'account'>; readonly namespace: string; readonly kindOf: KindLookup },
): readonly Right[] {
  const { policy } = readObjectPolicy(object);
  const hasLog = policy.hook !== undefined && (object.kind === 'Job' || object.kind === 'Pod');
  const needed = policy.dependsOn.flatMap((ref) => {
    const kind = kindOf({ apiVersion: `${ref.group}/v1`, kind: ref.kind });
    return kind
      ? rights('get', {
          ...holder,
          group: kind.group,
          resource: kind.resource,
          namespace: ref.namespace,
          name: ref.name,
        })
      : [];
  });
  return [...needed, ...(hasLog ? rights('get', { ...holder, group: '', resource: 'pods/log', namespace }) : [])];
}

function holderOf(account: ServiceAccountName | undefined): Pick<Right, 'account'> {
  return account === undefined ? {} : { account };
}
