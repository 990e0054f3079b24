import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { drift, type OwnershipCase } from './case.ts';

const KUBECTL = { manager: 'kubectl-edit' };
const SCALE = { manager: 'kubectl', subresource: 'scale' };
const CONTAINER = 'spec.template.spec.containers[app]';

/** A Deployment that stays small: two replicas, one container with two variables, two init containers, one volume. */
export function deployment(): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'app', labels: { tier: 'web' }, annotations: { note: 'ours' } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'app' } },
      template: {
        metadata: { labels: { app: 'app' } },
        spec: {
          initContainers: [
            { name: 'first', image: 'registry.example/init:1' },
            { name: 'second', image: 'registry.example/init:1' },
          ],
          containers: [
            {
              name: 'app',
              image: 'registry.example/app:1',
              args: ['serve', '--port=80'],
              env: [
                { name: 'A', value: '1' },
                { name: 'B', value: '2' },
              ],
              ports: [{ containerPort: 80 }],
              resources: { limits: { cpu: 1 } },
              volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
            },
          ],
          volumes: [{ name: 'cache', emptyDir: {} }],
        },
      },
    },
  };
}

function container(change: object): object {
  return { spec: { template: { spec: { containers: [{ name: 'app', ...change }] } } } };
}

const ENV = '/spec/template/spec/containers/0/env';

export const workloadDrift: readonly OwnershipCase[] = [
  {
    name: 'someone scales',
    objects: [deployment()],
    act: (others, it) => others.patch(it, 'merge', { spec: { replicas: 5 } }, SCALE),
    verdict: drift('spec.replicas', 'kubectl'),
  },
  {
    name: 'someone scales there and back',
    objects: [deployment()],
    act: async (others, it) => {
      await others.patch(it, 'merge', { spec: { replicas: 5 } }, SCALE);
      await others.patch(it, 'merge', { spec: { replicas: 2 } }, SCALE);
    },
    verdict: drift('spec.replicas', 'kubectl'),
  },
  {
    name: 'a label is edited',
    objects: [deployment()],
    act: (others, it) => others.patch(it, 'merge', { metadata: { labels: { tier: 'db' } } }, KUBECTL),
    verdict: drift('metadata.labels.tier', 'kubectl-edit'),
  },
  {
    name: 'a label is removed',
    objects: [deployment()],
    act: (others, it) => others.patch(it, 'merge', { metadata: { labels: { tier: null } } }, KUBECTL),
    verdict: drift('metadata.labels.tier', 'nobody'),
  },
  {
    name: 'an annotation is edited',
    objects: [deployment()],
    act: (others, it) => others.patch(it, 'merge', { metadata: { annotations: { note: 'theirs' } } }, KUBECTL),
    verdict: drift('metadata.annotations.note', 'kubectl-edit'),
  },
  {
    name: 'an annotation is removed',
    objects: [deployment()],
    act: (others, it) => others.patch(it, 'merge', { metadata: { annotations: { note: null } } }, KUBECTL),
    verdict: drift('metadata.annotations.note', 'nobody'),
  },
  {
    name: 'our own annotation is removed',
    objects: [deployment()],
    act: (others, it) =>
      others.patch(it, 'merge', { metadata: { annotations: { 'plumbline.dev/applied': null } } }, KUBECTL),
    verdict: drift('metadata.annotations[plumbline.dev/applied]', 'nobody'),
  },
  {
    name: 'an image is edited',
    objects: [deployment()],
    act: (others, it) =>
      others.patch(it, 'strategic', container({ image: 'registry.example/app:2' }), { manager: 'kubectl-set' }),
    verdict: drift(`${CONTAINER}.image`, 'kubectl-set'),
  },
  {
    name: 'a variable is edited',
    objects: [deployment()],
    act: (others, it) => others.patch(it, 'strategic', container({ env: [{ name: 'A', value: '9' }] }), KUBECTL),
    verdict: drift(`${CONTAINER}.env[A].value`, 'kubectl-edit'),
  },
  {
    name: 'a variable is removed',
    objects: [deployment()],
    act: (others, it) => others.patch(it, 'strategic', container({ env: [{ name: 'A', $patch: 'delete' }] }), KUBECTL),
    verdict: drift(`${CONTAINER}.env[A]`, 'nobody'),
  },
  {
    name: 'a variable is appended a second time',
    objects: [deployment()],
    act: (others, it) =>
      others.patch(it, 'json', [{ op: 'add', path: `${ENV}/-`, value: { name: 'A', value: '9' } }], KUBECTL),
    verdict: drift(`${CONTAINER}.env[A]`, 'kubectl-edit'),
  },
  {
    name: 'a variable is removed and added again by two requests',
    objects: [deployment()],
    act: async (others, it) => {
      await others.patch(it, 'json', [{ op: 'remove', path: `${ENV}/1` }], KUBECTL);
      await others.patch(it, 'json', [{ op: 'add', path: `${ENV}/1`, value: { name: 'B', value: '2' } }], KUBECTL);
    },
    verdict: drift(`${CONTAINER}.env[B]`, 'kubectl-edit'),
  },
  {
    name: 'all variables are removed and added again by two requests',
    objects: [deployment()],
    act: async (others, it) => {
      const env = [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ];
      await others.patch(it, 'json', [{ op: 'remove', path: ENV }], KUBECTL);
      await others.patch(it, 'json', [{ op: 'add', path: ENV, value: env }], KUBECTL);
    },
    verdict: drift(`${CONTAINER}.env[A]`, 'kubectl-edit'),
  },
  {
    name: 'variables change their order',
    objects: [deployment()],
    act: (others, it) => others.replace(it, (live) => live.spec.template.spec.containers[0].env.reverse(), KUBECTL),
    verdict: { is: 'drift', path: `${CONTAINER}.env` },
  },
  {
    name: 'init containers change their order',
    objects: [deployment()],
    act: (others, it) => others.replace(it, (live) => live.spec.template.spec.initContainers.reverse(), KUBECTL),
    verdict: { is: 'drift', path: 'spec.template.spec.initContainers' },
  },
  {
    name: 'an atomic list is edited',
    objects: [deployment()],
    act: (others, it) => others.patch(it, 'strategic', container({ args: ['serve', '--port=81'] }), KUBECTL),
    verdict: drift(`${CONTAINER}.args`, 'kubectl-edit'),
  },
  {
    name: 'a container is removed and another put in its place',
    objects: [deployment()],
    act: (others, it) => others.replace(it, (live) => (live.spec.template.spec.containers[0].name = 'other'), KUBECTL),
    verdict: drift(CONTAINER, 'nobody'),
  },
  {
    name: 'an emptyDir becomes a hostPath',
    objects: [deployment()],
    act: (others, it) => {
      const volumes = [{ name: 'cache', emptyDir: null, hostPath: { path: '/tmp' } }];
      return others.patch(it, 'strategic', { spec: { template: { spec: { volumes } } } }, KUBECTL);
    },
    verdict: { is: 'drift', path: 'spec.template.spec.volumes[cache].emptyDir' },
  },
  {
    name: 'an empty map of ours is filled',
    objects: [deployment()],
    act: (others, it) => {
      const volumes = [{ name: 'cache', emptyDir: { medium: 'Memory' } }];
      return others.patch(it, 'strategic', { spec: { template: { spec: { volumes } } } }, KUBECTL);
    },
    verdict: drift('spec.template.spec.volumes[cache].emptyDir', 'kubectl-edit'),
  },
  {
    name: 'another manager applies by force',
    objects: [deployment()],
    act: (others, it) => {
      const { apiVersion, kind, metadata } = it;
      const identity = { apiVersion, kind, metadata: { name: metadata.name } };
      return others.patch(it, 'apply', { ...identity, spec: { replicas: 3 } }, { manager: 'other-tool', force: true });
    },
    verdict: drift('spec.replicas', 'other-tool'),
  },
  {
    name: 'managed fields are cleared',
    objects: [deployment()],
    act: (others, it) =>
      others.patch(it, 'json', [{ op: 'replace', path: '/metadata/managedFields', value: [{}] }], KUBECTL),
    verdict: { is: 'drift', kind: 'disowned' },
  },
  {
    name: 'it is deleted',
    objects: [deployment()],
    act: (others, it) => others.delete(it),
    verdict: { is: 'drift', kind: 'deleted' },
  },
  {
    name: 'it is deleted and created again',
    objects: [deployment()],
    act: async (others, it) => {
      const live = await others.get(it);
      await others.delete(it);
      await others.create(copyOf(live), { manager: 'kubectl-create' });
    },
    verdict: { is: 'drift', kind: 'disowned' },
  },
  {
    name: 'kubectl replace puts another image',
    objects: [deployment()],
    act: (others, it) =>
      others.replace(it, (live) => (live.spec.template.spec.containers[0].image = 'registry.example/app:2'), {
        manager: 'kubectl-replace',
      }),
    verdict: drift(`${CONTAINER}.image`, 'kubectl-replace'),
  },
  {
    name: 'a client-side apply puts another image',
    objects: [deployment()],
    act: (others, it) => {
      const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{}' };
      const change = { metadata: { annotations }, ...container({ image: 'registry.example/app:2' }) };
      return others.patch(it, 'strategic', change, { manager: 'kubectl-client-side-apply' });
    },
    verdict: drift(`${CONTAINER}.image`, 'kubectl-client-side-apply'),
  },
];

/** What `kubectl get -o json` gives to be created anew: everything but what belongs to the one object. */
export function copyOf(live: KubeObject, name = live.metadata.name): KubeObject {
  const { labels = {}, annotations = {}, namespace } = live.metadata;
  const { status: _status, ...rest } = live;
  return { ...rest, metadata: { name, labels, annotations, ...(namespace === undefined ? {} : { namespace }) } };
}
