/** What an object is called before anyone has asked its cluster. */
import type { KubeObject } from './kube-object.ts';
import { refOf } from './kube-object.ts';
import { formatRef, type RefKey } from './object-ref.ts';

const CLUSTER_SCOPED = new Set([
  'Namespace',
  'PersistentVolume',
  'ClusterRole.rbac.authorization.k8s.io',
  'ClusterRoleBinding.rbac.authorization.k8s.io',
  'CustomResourceDefinition.apiextensions.k8s.io',
  'StorageClass.storage.k8s.io',
  'CSIDriver.storage.k8s.io',
  'PriorityClass.scheduling.k8s.io',
  'IngressClass.networking.k8s.io',
  'RuntimeClass.node.k8s.io',
  'APIService.apiregistration.k8s.io',
  'MutatingWebhookConfiguration.admissionregistration.k8s.io',
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io',
  'ValidatingAdmissionPolicy.admissionregistration.k8s.io',
  'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io',
]);

/**
 * Returns the key under which an object would stand in a cluster; one without a namespace stands in `namespace`. Whether
 * a kind of a custom resource has namespaces is known to the cluster alone: it is taken to have.
 */
export function declaredKey(object: KubeObject, namespace = 'default'): RefKey {
  const ref = refOf(object);
  const kind = ref.group === '' ? ref.kind : `${ref.kind}.${ref.group}`;
  return formatRef({ ...ref, namespace: CLUSTER_SCOPED.has(kind) ? '' : ref.namespace || namespace });
}
