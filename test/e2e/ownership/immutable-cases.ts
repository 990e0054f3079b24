/** Fields that the API server does not let change, and refusals that only look so. */
import type { Json, JsonObject } from '../../../shared/model/json.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';

export interface ImmutableCase {
  readonly before: KubeObject;
  /** What Git has then; the same object. */
  readonly after: KubeObject;
  /** The field that is named; undefined: an ordinary refusal. */
  readonly field: string | undefined;
}

const labels = (app: string) => ({ matchLabels: { app } });
const template = (app: string, image = 'web', more: JsonObject = {}): JsonObject => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'web', image, ...more }] },
});

function one(kind: string, apiVersion: string, content: Readonly<Record<string, Json>>): KubeObject {
  return { apiVersion, kind, metadata: { name: 'subject' }, ...content };
}

function pair(
  [kind, apiVersion]: readonly [string, string],
  [before, after]: readonly [JsonObject, JsonObject],
  field: string | undefined,
): ImmutableCase {
  return { before: one(kind, apiVersion, before), after: one(kind, apiVersion, after), field };
}

const DEPLOYMENT = ['Deployment', 'apps/v1'] as const;
const workload = (app: string, more: JsonObject = {}) => ({
  spec: { replicas: 0, selector: labels(app), template: template(app), ...more },
});
const statefulSet = (storage: string, more: JsonObject = {}) => ({
  spec: {
    serviceName: 'subject',
    replicas: 0,
    selector: labels('a'),
    template: template('a'),
    volumeClaimTemplates: [claim(storage)],
    ...more,
  },
});
const claim = (storage: string): JsonObject => ({
  metadata: { name: 'disk' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
});
const job = (image: string, more: JsonObject = {}) => ({
  spec: {
    suspend: true,
    template: { spec: { restartPolicy: 'Never', containers: [{ name: 'web', image }] } },
    ...more,
  },
});
const volume = (path: string) => ({
  spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path } },
});
const binding = (name: string, kind = 'Role') => ({
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name },
  subjects: [],
});

export const immutableCases: Readonly<Record<string, ImmutableCase>> = {
  'the selector of a Deployment': pair(DEPLOYMENT, [workload('a'), workload('b')], 'spec.selector'),
  'the selector of a DaemonSet': pair(
    ['DaemonSet', 'apps/v1'],
    [
      { spec: { selector: labels('a'), template: template('a') } },
      { spec: { selector: labels('b'), template: template('b') } },
    ],
    'spec.selector',
  ),
  'the selector of a ReplicaSet': pair(['ReplicaSet', 'apps/v1'], [workload('a'), workload('b')], 'spec.selector'),
  'the cluster address of a Service': pair(
    ['Service', 'v1'],
    [
      { spec: { clusterIP: 'None', selector: { app: 'a' }, ports: [{ port: 80 }] } },
      { spec: { clusterIP: '10.0.0.77', selector: { app: 'a' }, ports: [{ port: 80 }] } },
    ],
    'spec.clusterIPs[0]',
  ),
  'the template of a Job': pair(['Job', 'batch/v1'], [job('a'), job('b')], 'spec.template.spec'),
  'the completions of a Job': pair(
    ['Job', 'batch/v1'],
    [job('a', { completions: 1, suspend: false }), job('a', { completions: 2, suspend: false })],
    'spec.completions',
  ),
  'the volume claims of a StatefulSet': pair(
    ['StatefulSet', 'apps/v1'],
    [statefulSet('1Gi'), statefulSet('2Gi')],
    'spec',
  ),
  'the service of a StatefulSet': pair(
    ['StatefulSet', 'apps/v1'],
    [statefulSet('1Gi'), statefulSet('1Gi', { serviceName: 'other' })],
    'spec',
  ),
  'the role of a RoleBinding': pair(
    ['RoleBinding', 'rbac.authorization.k8s.io/v1'],
    [binding('a'), binding('b')],
    'roleRef',
  ),
  'the content of an immutable ConfigMap': pair(
    ['ConfigMap', 'v1'],
    [
      { immutable: true, data: { a: 'x' } },
      { immutable: true, data: { a: 'y' } },
    ],
    'data',
  ),
  'the content of an immutable Secret': pair(
    ['Secret', 'v1'],
    [
      { immutable: true, data: { a: 'eA==' } },
      { immutable: true, data: { a: 'eQ==' } },
    ],
    'data',
  ),
  'the type of a Secret': pair(['Secret', 'v1'], [{ type: 'Opaque' }, { type: 'example.com/other' }], 'type'),
  'the access modes of a PersistentVolumeClaim': pair(
    ['PersistentVolumeClaim', 'v1'],
    [
      { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
      { spec: { accessModes: ['ReadWriteMany'], resources: { requests: { storage: '1Gi' } } } },
    ],
    'spec',
  ),
  'the addresses of an EndpointSlice': pair(
    ['EndpointSlice', 'discovery.k8s.io/v1'],
    [
      { addressType: 'IPv4', endpoints: [] },
      { addressType: 'IPv6', endpoints: [] },
    ],
    'addressType',
  ),
  'the image pull policy of a running Pod': pair(
    ['Pod', 'v1'],
    [
      { spec: { containers: [{ name: 'web', image: 'web' }] } },
      { spec: { containers: [{ name: 'web', image: 'web', command: ['other'] }] } },
    ],
    'spec',
  ),
  'the role of a ClusterRoleBinding': pair(
    ['ClusterRoleBinding', 'rbac.authorization.k8s.io/v1'],
    [binding('a', 'ClusterRole'), binding('b', 'ClusterRole')],
    'roleRef',
  ),
  'the provisioner of a StorageClass': pair(
    ['StorageClass', 'storage.k8s.io/v1'],
    [{ provisioner: 'example.com/a' }, { provisioner: 'example.com/b' }],
    'provisioner',
  ),
  'the parameters of a StorageClass': pair(
    ['StorageClass', 'storage.k8s.io/v1'],
    [
      { provisioner: 'example.com/a', parameters: { type: 'a' } },
      { provisioner: 'example.com/a', parameters: { type: 'b' } },
    ],
    'parameters',
  ),
  'the reclaim policy of a StorageClass': pair(
    ['StorageClass', 'storage.k8s.io/v1'],
    [
      { provisioner: 'example.com/a', reclaimPolicy: 'Delete' },
      { provisioner: 'example.com/a', reclaimPolicy: 'Retain' },
    ],
    'reclaimPolicy',
  ),
  'the value of a PriorityClass': pair(
    ['PriorityClass', 'scheduling.k8s.io/v1'],
    [{ value: 1 }, { value: 2 }],
    'value',
  ),
  'the controller of an IngressClass': pair(
    ['IngressClass', 'networking.k8s.io/v1'],
    [{ spec: { controller: 'example.com/a' } }, { spec: { controller: 'example.com/b' } }],
    'spec.controller',
  ),
  'the handler of a RuntimeClass': pair(
    ['RuntimeClass', 'node.k8s.io/v1'],
    [{ handler: 'a' }, { handler: 'b' }],
    'handler',
  ),
  'the source of a PersistentVolume': pair(
    ['PersistentVolume', 'v1'],
    [volume('/a'), volume('/b')],
    'spec.persistentvolumesource',
  ),
  'what a CSIDriver says of Pods': pair(
    ['CSIDriver', 'storage.k8s.io/v1'],
    [{ spec: { attachRequired: true } }, { spec: { attachRequired: false } }],
    'spec.attachedRequired',
  ),
  // Nothing of these would be mended by a new object.
  'a value that speaks of an immutable field': pair(
    DEPLOYMENT,
    [workload('a'), workload('a', { template: template('field is immutable') })],
    undefined,
  ),
  'a template that its selector does not match': pair(
    DEPLOYMENT,
    [workload('a'), workload('a', { template: template('b') })],
    undefined,
  ),
  'a port that is none': pair(
    ['Service', 'v1'],
    [{ spec: { ports: [{ port: 80 }] } }, { spec: { ports: [{ port: 80_000 }] } }],
    undefined,
  ),
  'a name that says "updates are forbidden"': pair(
    ['Service', 'v1'],
    [
      { spec: { ports: [{ name: 'web', port: 80 }] } },
      { spec: { ports: [{ name: 'updates to x are forbidden', port: 80 }] } },
    ],
    undefined,
  ),
  'a quantity that is negative': pair(
    DEPLOYMENT,
    [workload('a'), workload('a', { template: template('a', 'web', { resources: { limits: { cpu: '-1' } } }) })],
    undefined,
  ),
};
