import type { KubeObject } from '../shared/model/kube-object.ts';

/** Of each kind: 1,000 objects. */
export const THOUSAND = 250;

/**
 * Returns the work of every measurement: `each` of ServiceAccount, ConfigMap, Service and Deployment with 0 replicas, in
 * turn, all in `namespace`.
 */
export function objectsOfFourKinds(namespace: string, each: number): readonly KubeObject[] {
  return Array.from({ length: each }, (_, index) => fourObjects(namespace, `load-${index}`)).flat();
}

export function configMaps(namespace: string, count: number): readonly KubeObject[] {
  return ofKind('ConfigMap', namespace, count);
}

/** With 0 replicas. */
export function deployments(namespace: string, count: number): readonly KubeObject[] {
  return ofKind('Deployment', namespace, count);
}

function ofKind(kind: string, namespace: string, count: number): readonly KubeObject[] {
  return objectsOfFourKinds(namespace, count).filter((object) => object.kind === kind);
}

function fourObjects(namespace: string, name: string): readonly KubeObject[] {
  const metadata = { name, namespace };
  const container = { name: 'web', image: 'example.com/web:1', resources: { limits: { memory: '128Mi' } } };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { value: `value of ${name}` } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, protocol: 'TCP' }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: { containers: [container] } },
      },
    },
  ];
}
