import { randomBytes } from 'node:crypto';
import { APPLIED_ANNOTATION } from '../../../shared/config/names.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { eventually } from '../../controlplane/eventually.ts';
import { AGAIN, applyAsOurselves, drift, type OwnershipCase, STILL } from './case.ts';

const KUBECTL = { manager: 'kubectl-edit' };

function configMap(): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'flags' }, data: { alpha: 'on', beta: 'off' } };
}

function service(): KubeObject {
  const ports = [
    { name: 'http', port: 80, targetPort: 8080 },
    { name: 'metrics', port: 90 },
  ];
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', labels: { tier: 'web' } },
    spec: { selector: { app: 'web' }, ports },
  };
}

function networkPolicy(spec: object): KubeObject {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'web' }, spec: { ...spec } };
}

function pod(): KubeObject {
  const resources = { limits: { cpu: '100m' }, requests: { cpu: '100m' } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'one' },
    spec: {
      // No node has it, so that no kubelet needs to know what is tried.
      nodeSelector: { nowhere: 'yes' },
      terminationGracePeriodSeconds: 0,
      containers: [{ name: 'app', image: 'registry.example/app:1', resources }],
    },
  };
}

/** Its rules are gathered by a controller from roles with a label that no other test uses. */
function aggregatedRole(unique: string): readonly KubeObject[] {
  const group = 'rbac.authorization.k8s.io';
  const label = { [`own.example.com/${unique}`]: 'yes' };
  const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }];
  return [
    {
      apiVersion: `${group}/v1`,
      kind: 'ClusterRole',
      metadata: { name: `own-${unique}` },
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: label }] },
      rules: [],
    },
    { apiVersion: `${group}/v1`, kind: 'ClusterRole', metadata: { name: `own-${unique}-part`, labels: label }, rules },
  ];
}

const AGGREGATED = aggregatedRole(randomBytes(5).toString('hex'));

export const configDrift: readonly OwnershipCase[] = [
  {
    name: 'a key of a ConfigMap is edited',
    objects: [configMap()],
    act: (others, it) => others.patch(it, 'merge', { data: { beta: 'on' } }, KUBECTL),
    verdict: drift('data.beta', 'kubectl-edit'),
  },
  {
    name: 'a key of a ConfigMap is removed',
    objects: [configMap()],
    act: (others, it) => others.patch(it, 'merge', { data: { beta: null } }, KUBECTL),
    verdict: drift('data.beta', 'nobody'),
  },
  {
    name: 'the whole data of a ConfigMap is removed',
    objects: [configMap()],
    act: (others, it) => others.patch(it, 'merge', { data: null }, KUBECTL),
    verdict: drift('data.alpha', 'nobody'),
  },
  {
    name: 'a value of a Secret is edited',
    objects: [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'token' }, data: { token: 'b3Vycw==' } }],
    act: (others, it) => others.patch(it, 'merge', { data: { token: 'dGhlaXJz' } }, KUBECTL),
    verdict: drift('data.token', 'kubectl-edit'),
  },
  {
    name: 'a value of a Secret is edited through stringData',
    objects: [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'token' }, data: { token: 'b3Vycw==' } }],
    act: (others, it) => others.patch(it, 'merge', { stringData: { token: 'theirs' } }, KUBECTL),
    verdict: drift('data.token', 'kubectl-edit'),
  },
  {
    name: 'a label is edited through /status',
    objects: [service()],
    act: (others, it) =>
      others.patch(
        it,
        'merge',
        { metadata: { labels: { tier: 'db' } } },
        { manager: 'operator', subresource: 'status' },
      ),
    verdict: drift('metadata.labels.tier', 'operator'),
  },
  {
    name: 'the number of a named port is edited, which is a key of the list',
    objects: [service()],
    act: (others, it) => others.patch(it, 'json', [{ op: 'replace', path: '/spec/ports/0/port', value: 81 }], KUBECTL),
    verdict: drift('spec.ports[80,TCP]', 'nobody'),
  },
  {
    name: 'the protocol of a port is edited, which is a key of the list',
    objects: [service()],
    act: (others, it) =>
      others.patch(it, 'json', [{ op: 'replace', path: '/spec/ports/0/protocol', value: 'UDP' }], KUBECTL),
    verdict: drift('spec.ports[80,TCP]', 'nobody'),
  },
  {
    name: 'the target of a port is edited',
    objects: [service()],
    act: (others, it) =>
      others.patch(it, 'json', [{ op: 'replace', path: '/spec/ports/0/targetPort', value: 9090 }], KUBECTL),
    verdict: drift('spec.ports[80,TCP].targetPort', 'kubectl-edit'),
  },
  {
    name: 'a podSelector is narrowed',
    objects: [networkPolicy({ podSelector: {}, policyTypes: ['Ingress'] })],
    act: (others, it) => others.patch(it, 'merge', { spec: { podSelector: { matchLabels: { app: 'one' } } } }, KUBECTL),
    verdict: { is: 'drift', path: 'spec.podSelector' },
  },
  {
    name: 'a rule that lets everybody in is narrowed',
    objects: [networkPolicy({ podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] })],
    act: (others, it) => others.patch(it, 'merge', { spec: { ingress: [{ ports: [{ port: 80 }] }] } }, KUBECTL),
    verdict: { is: 'drift', path: 'spec.ingress' },
  },
  {
    name: 'a rule is added to an atomic list of ours',
    objects: [networkPolicy({ podSelector: {}, policyTypes: ['Ingress'], ingress: [{ ports: [{ port: 80 }] }] })],
    act: (others, it) => others.patch(it, 'json', [{ op: 'add', path: '/spec/ingress/-', value: {} }], KUBECTL),
    verdict: drift('spec.ingress', 'kubectl-edit'),
  },
  {
    name: 'a Pod is resized',
    objects: [pod()],
    act: (others, it) => {
      const resources = { limits: { cpu: '200m' }, requests: { cpu: '200m' } };
      return others.patch(
        it,
        'strategic',
        { spec: { containers: [{ name: 'app', resources }] } },
        { manager: 'resizer', subresource: 'resize' },
      );
    },
    // Taking it back would need the same subresource.
    verdict: { is: 'drift', path: 'spec.containers[app].resources.limits.cpu', manager: 'resizer', heals: false },
  },
  {
    name: 'our own manager applies something else within the same second',
    objects: [configMap()],
    act: (others, it) => {
      const annotations = { ...it.metadata.annotations, [APPLIED_ANNOTATION]: 'another' };
      const metadata = { ...it.metadata, annotations };
      return applyAsOurselves(others, { ...it, metadata, data: { alpha: 'on', beta: 'stale' } });
    },
    verdict: { is: 'drift', path: 'data.beta' },
  },
  {
    name: 'it is deleted and a finalizer holds it',
    objects: [configMap()],
    settle: (others, it) =>
      others.patch(it, 'merge', { metadata: { finalizers: ['example.com/hold'] } }, { manager: 'holder' }),
    act: (others, it) => others.delete(it),
    clean: (others, namespace) => {
      const target = { ...configMap(), metadata: { name: 'flags', namespace } };
      return others.patch(target, 'merge', { metadata: { finalizers: null } }, { manager: 'holder' });
    },
    verdict: { is: 'drift', kind: 'terminating', heals: false },
  },
];

export const configStill: readonly OwnershipCase[] = [
  {
    name: 'another adds a key to a ConfigMap of ours',
    objects: [configMap()],
    act: (others, it) => others.patch(it, 'merge', { data: { gamma: 'on' } }, KUBECTL),
    verdict: STILL,
  },
  {
    name: 'another adds a key to a ConfigMap that we declare empty',
    objects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'empty' }, data: {} }],
    act: (others, it) => others.patch(it, 'merge', { data: { theirs: 'x' } }, { manager: 'kubectl-edit' }),
    verdict: AGAIN,
  },
  {
    name: 'a debug container is put into a Pod',
    objects: [pod()],
    act: (others, it) => {
      const ephemeralContainers = [{ name: 'debugger', image: 'registry.example/debug:1' }];
      return others.patch(
        it,
        'strategic',
        { spec: { ephemeralContainers } },
        { manager: 'kubectl-debug', subresource: 'ephemeralcontainers' },
      );
    },
    verdict: STILL,
  },
  {
    name: 'a controller fills in the rules of an aggregated ClusterRole',
    objects: AGGREGATED,
    act: async (others, it) => {
      await eventually(
        () => others.get(it),
        ({ rules }) => Array.isArray(rules) && rules.length === 1,
      );
    },
    clean: async (others) => {
      for (const role of AGGREGATED) await others.delete(role);
    },
    verdict: STILL,
  },
];
