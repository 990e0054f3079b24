/** The fleet that the cases break: two applications of two ConfigMaps each, in one cluster. */
import type { FileChanges } from '../../contract/source-repository.ts';
import type { TestCluster } from '../../controlplane/test-cluster.ts';

export interface Place {
  readonly cluster: Pick<TestCluster, 'kubeconfigPath' | 'context'>;
  readonly namespace: string;
}

export function clusterYaml(name: string, { kubeconfigPath, context }: Place['cluster']): string {
  return `apiVersion: plumbline.dev/v1
kind: Cluster
metadata: {name: ${name}}
spec: {kubeconfig: {path: ${kubeconfigPath}, context: ${context}}}
`;
}

/** `spec` is flow YAML without braces; without one the application is rendered from its folder. */
export function applicationYaml(name: string, namespace: string, spec = `source: {path: apps/${name}}`): string {
  return `apiVersion: plumbline.dev/v1
kind: Application
metadata: {name: ${name}}
spec: {clusters: {all: true}, namespace: ${namespace}, createNamespace: true, ${spec}}
`;
}

export function configMapYaml(name: string, value: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {value: "${value}"}\n`;
}

/** The declarations, and what no case touches: `web-old` and `other-old` go with the second commit. */
export function firstFiles({ cluster, namespace }: Place): FileChanges {
  return {
    'plumbline/cluster.yaml': clusterYaml('target', cluster),
    'plumbline/other.yaml': applicationYaml('other', namespace),
    'plumbline/web.yaml': applicationYaml('web', namespace),
    'apps/other/other.yaml': configMapYaml('other', '1'),
    'apps/other/old.yaml': configMapYaml('other-old', '1'),
    'apps/web/web.yaml': configMapYaml('web', '1'),
    'apps/web/old.yaml': configMapYaml('web-old', '1'),
  };
}

/** A change of both applications that is all right, and that lets go of two objects. */
export function changedFiles(value: string): FileChanges {
  return {
    'apps/other/other.yaml': configMapYaml('other', value),
    'apps/other/old.yaml': undefined,
    'apps/web/web.yaml': configMapYaml('web', value),
    'apps/web/old.yaml': undefined,
  };
}
