import { type OwnershipCase, STILL } from './case.ts';
import { deployment } from './workload-cases.ts';

const KUBECTL = { manager: 'kubectl-edit' };

function container(change: object): object {
  return { spec: { template: { spec: { containers: [{ name: 'app', ...change }] } } } };
}

const ENV = '/spec/template/spec/containers/0/env';

export const workloadStill: readonly OwnershipCase[] = [
  {
    name: 'a status is written',
    objects: [deployment()],
    act: (others, it) =>
      others.patch(it, 'merge', { status: { observedGeneration: 7 } }, { manager: 'operator', subresource: 'status' }),
    verdict: STILL,
  },
  {
    name: 'others add a label, an annotation, a finalizer and a field',
    objects: [deployment()],
    act: async (others, it) => {
      const metadata = { labels: { theirs: 'x' }, annotations: { theirs: 'x' }, finalizers: ['example.com/theirs'] };
      await others.patch(it, 'merge', { metadata, spec: { minReadySeconds: 5 } }, KUBECTL);
      await others.patch(it, 'merge', { metadata: { finalizers: null } }, KUBECTL);
    },
    verdict: STILL,
  },
  {
    name: 'others add a sidecar in front of our container',
    objects: [deployment()],
    act: (others, it) =>
      others.replace(
        it,
        (live) => live.spec.template.spec.containers.unshift({ name: 'mesh', image: 'registry.example/mesh:1' }),
        {
          manager: 'injector',
        },
      ),
    verdict: STILL,
  },
  {
    name: 'another manager applies equal values',
    objects: [deployment()],
    act: (others, it) => {
      const { apiVersion, kind, metadata } = it;
      const identity = { apiVersion, kind, metadata: { name: metadata.name } };
      return others.patch(it, 'apply', { ...identity, spec: { replicas: 2 } }, { manager: 'other-tool' });
    },
    verdict: STILL,
  },
  {
    name: 'kubectl replace puts equal values',
    objects: [deployment()],
    act: (others, it) => others.replace(it, () => {}, { manager: 'kubectl-replace' }),
    verdict: STILL,
  },
  {
    name: 'a client-side apply brings equal values',
    objects: [deployment()],
    act: (others, it) => {
      const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{}' };
      const change = { metadata: { annotations }, ...container({ image: 'registry.example/app:1' }) };
      return others.patch(it, 'strategic', change, { manager: 'kubectl-client-side-apply' });
    },
    verdict: STILL,
  },
  {
    name: 'cpu 1 is written as 1000m',
    objects: [deployment()],
    act: (others, it) => others.patch(it, 'strategic', container({ resources: { limits: { cpu: '1000m' } } }), KUBECTL),
    verdict: STILL,
  },
  {
    name: 'a variable is removed and added again by one patch',
    objects: [deployment()],
    act: (others, it) => {
      const operations = [
        { op: 'remove', path: `${ENV}/1` },
        { op: 'add', path: `${ENV}/1`, value: { name: 'B', value: '2' } },
      ];
      return others.patch(it, 'json', operations, KUBECTL);
    },
    verdict: STILL,
  },
];
