/**
 * The rights that a run uses, from what is declared. Each stands where the code that needs it is named; a test takes each
 * away and sees what fails (test/e2e/rights-least.test.ts).
 */
import { SYSTEM_NAMESPACE } from '../../config/names.ts';
import type { DesiredApplication } from '../../model/desired-state.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { type ServiceAccountName, splitServiceAccount } from '../../model/service-account.ts';
import { grantingRights } from './granting-rights.ts';
import { isBuiltInGroup, type KindInRules } from './kind-table.ts';
import { type Right, rights } from './right.ts';

export interface DeclaredObjects {
  readonly application: Pick<DesiredApplication, 'name' | 'namespace' | 'createNamespace' | 'serviceAccount'>;
  readonly objects: readonly KubeObject[];
}

export type KindLookup = (object: { readonly apiVersion: string; readonly kind: string }) => KindInRules | undefined;

const CRDS = { group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions' };
/** Why they are not healthy is read from their Pods. */
const WITH_PODS = new Set(['deployments', 'statefulsets', 'daemonsets', 'replicasets', 'jobs']);

/** Returns every right once; objects of kinds that `kindOf` does not know need none here. */
export function neededRights(applications: readonly DeclaredObjects[], kindOf: KindLookup): readonly Right[] {
  const all = [
    ...ownRights(),
    ...applications.flatMap(({ application, objects }) => [
      ...actingRights(application),
      ...objects.flatMap((object) => objectRights(object, application, kindOf(object))),
    ]),
  ];
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

/** To take an account's place, to tell whether it is there, and whether a namespace that it may not make is. */
function actingRights({ serviceAccount, createNamespace }: DeclaredObjects['application']): readonly Right[] {
  const account = serviceAccount === undefined ? undefined : splitServiceAccount(serviceAccount);
  return [
    ...(account === undefined ? [] : rights('impersonate get', { group: '', resource: 'serviceaccounts', ...account })),
    ...(createNamespace === undefined
      ? []
      : rights('get', { group: '', resource: 'namespaces', namespace: '', name: createNamespace })),
  ];
}

function objectRights(
  object: KubeObject,
  application: DeclaredObjects['application'],
  kind: KindInRules | undefined,
): readonly Right[] {
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
    ...(WITH_PODS.has(resource) ? rights('list', { group: '', resource: 'pods', namespace }) : []),
    ...(resource === CRDS.resource ? rights('get', { ...CRDS, namespace: '', ...name }) : []),
    // What a CRD says of its kind is part of what is compared.
    ...(isBuiltInGroup(group) ? [] : rights('list get', { ...CRDS, namespace: '' })),
    ...grantingRights(object, namespace).map((right) => ({ ...holder, ...right })),
  ];
}

function holderOf(account: ServiceAccountName | undefined): Pick<Right, 'account'> {
  return account === undefined ? {} : { account };
}
