/**
 * Two applications that declare one object in one cluster would undo each other's work for ever: neither's new state is
 * taken. Whether a kind of a custom resource has namespaces is known to the cluster alone; what slips through here is
 * refused there (plan/guards/duplicate-object.ts).
 */
import type { RenderedObject } from '../../model/desired-state.ts';
import { refOf } from '../../model/kube-object.ts';
import { formatRef, type RefKey } from '../../model/object-ref.ts';
import type { Problem } from '../../model/problem.ts';

export interface DeclaredObjects {
  readonly application: string;
  /** Of objects that name none. */
  readonly namespace: string | undefined;
  readonly objects: readonly RenderedObject[];
}

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

/** Returns the problems of each application that declares an object of another one; both are named. */
export function findDuplicates(declared: readonly DeclaredObjects[]): ReadonlyMap<string, readonly Problem[]> {
  const firstByKey = new Map<RefKey, Place>();
  const problems = new Map<string, readonly Problem[]>();
  for (const here of declared.flatMap(placesOf)) {
    const first = firstByKey.get(here.key);
    if (first === undefined) firstByKey.set(here.key, here);
    else if (first.application !== here.application) {
      const found = [problemOf(first, here)];
      for (const { application } of [first, here]) {
        problems.set(application, [...(problems.get(application) ?? []), ...found]);
      }
    }
  }
  return problems;
}

interface Place {
  readonly key: RefKey;
  readonly application: string;
  readonly place: string;
}

function placesOf({ application, namespace, objects }: DeclaredObjects): readonly Place[] {
  return objects.map(({ object, source: { path, line } }) => {
    return { key: keyOf(object, namespace), application, place: line === undefined ? path : `${path}:${line}` };
  });
}

function keyOf(object: RenderedObject['object'], namespace = 'default'): RefKey {
  const ref = refOf(object);
  const kind = ref.group === '' ? ref.kind : `${ref.kind}.${ref.group}`;
  return formatRef({ ...ref, namespace: CLUSTER_SCOPED.has(kind) ? '' : ref.namespace || namespace });
}

function problemOf(first: Place, second: Place): Problem {
  return {
    code: 'DuplicateObject',
    subject: first.key,
    act: 'plan',
    wrong: `it is declared twice: by application ${first.application} (${first.place}) and by ${second.application} (${second.place})`,
    remedy: 'keep it in one of them',
  };
}
