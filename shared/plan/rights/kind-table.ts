/** How kinds are called in rules, where no cluster can be asked: what the API server brings itself, and CRDs. */
import { isJsonObject } from '../../model/json.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { formatGroupKind, type GroupKind } from '../../model/object-ref.ts';

export interface KindInRules {
  readonly group: string;
  /** In the plural, as rules name it. */
  readonly resource: string;
  readonly namespaced: boolean;
}

/** Of Kubernetes 1.36, by group; what is in the cluster at large stands behind the bar. */
const BUILT_IN: Readonly<Record<string, string>> = {
  '': 'ConfigMap Endpoints Event LimitRange PersistentVolumeClaim Pod PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount | Namespace Node PersistentVolume',
  'admissionregistration.k8s.io':
    '| MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration',
  'apiextensions.k8s.io': '| CustomResourceDefinition',
  'apiregistration.k8s.io': '| APIService',
  apps: 'ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet',
  'authentication.k8s.io': '',
  'authorization.k8s.io': '',
  autoscaling: 'HorizontalPodAutoscaler',
  batch: 'CronJob Job',
  'certificates.k8s.io': '| CertificateSigningRequest ClusterTrustBundle',
  'coordination.k8s.io': 'Lease',
  'discovery.k8s.io': 'EndpointSlice',
  'events.k8s.io': 'Event',
  'flowcontrol.apiserver.k8s.io': '| FlowSchema PriorityLevelConfiguration',
  'networking.k8s.io': 'Ingress NetworkPolicy | IPAddress IngressClass ServiceCIDR',
  'node.k8s.io': '| RuntimeClass',
  policy: 'PodDisruptionBudget',
  'rbac.authorization.k8s.io': 'Role RoleBinding | ClusterRole ClusterRoleBinding',
  'resource.k8s.io': 'ResourceClaim ResourceClaimTemplate | DeviceClass ResourceSlice',
  'scheduling.k8s.io': '| PriorityClass',
  'storage.k8s.io': 'CSIStorageCapacity | CSIDriver CSINode StorageClass VolumeAttachment VolumeAttributesClass',
  'storagemigration.k8s.io': '',
};

const TABLE: ReadonlyMap<string, KindInRules> = new Map(
  Object.entries(BUILT_IN).flatMap(([group, text]) => {
    const [namespaced = '', wide = ''] = text.split('|');
    const entries = (names: string, isNamespaced: boolean) =>
      names
        .split(' ')
        .filter((kind) => kind !== '')
        .map((kind) => [formatGroupKind({ group, kind }), kindOf(group, kind, isNamespaced)] as const);
    return [...entries(namespaced, true), ...entries(wide, false)];
  }),
);

/** Tells whether kube-apiserver serves the group itself; a kind of any other one comes from a CRD or an extension server. */
export function isBuiltInGroup(group: string): boolean {
  return Object.hasOwn(BUILT_IN, group);
}

/** Returns how rules name a kind that Kubernetes brings itself; undefined: it is none of those. */
export function builtInKind(kind: GroupKind): KindInRules | undefined {
  return TABLE.get(formatGroupKind(kind));
}

/** Returns the kinds that CRDs among `objects` define, by `Kind.group`. */
export function kindsDefinedIn(objects: readonly KubeObject[]): ReadonlyMap<string, KindInRules> {
  return new Map(
    objects.flatMap(({ kind, spec }) => {
      if (kind !== 'CustomResourceDefinition' || !isJsonObject(spec) || !isJsonObject(spec.names)) return [];
      const { group, scope, names } = spec;
      if (typeof group !== 'string' || typeof names.kind !== 'string' || typeof names.plural !== 'string') return [];
      const inRules = { group, resource: names.plural, namespaced: scope === 'Namespaced' };
      return [[formatGroupKind({ group, kind: names.kind }), inRules] as const];
    }),
  );
}

/** The plural as Kubernetes forms it for its own kinds; Endpoints is one already. */
function kindOf(group: string, kind: string, namespaced: boolean): KindInRules {
  const singular = kind.toLowerCase();
  const isPlural = kind === 'Endpoints';
  const plural = isPlural
    ? singular
    : singular.endsWith('s')
      ? `${singular}es`
      : singular.endsWith('y')
        ? `${singular.slice(0, -1)}ies`
        : `${singular}s`;
  return { group, resource: plural, namespaced };
}
