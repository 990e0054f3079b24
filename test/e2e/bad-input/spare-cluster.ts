/** A second cluster of the fleet: only an API server, whose kubeconfig a test breaks and mends. */
import { writeFile } from 'node:fs/promises';
import { callApi } from '../../controlplane/call-api.ts';
import { startCluster, type TokenUser } from '../../controlplane/start-cluster.ts';
import type { TestCluster } from '../../controlplane/test-cluster.ts';

/** Whom the kubeconfig names, and where it says that the cluster is; by default its administrator, and the truth. */
export interface Access {
  readonly token?: string;
  readonly server?: string;
  readonly context?: string;
}

/** Rules of an RBAC ClusterRole. */
export interface LimitedUser {
  readonly user: string;
  readonly rules: readonly object[];
}

const tokenOf = (user: string) => `token-of-${user}`;

/** Starts it, with users who may do what their rules say and nothing else; their tokens are `token-of-<user>`. */
export async function startSpareCluster(users: readonly LimitedUser[]): Promise<TestCluster> {
  const tokens = users.map(({ user }): TokenUser => ({ user, token: tokenOf(user) }));
  const cluster = await startCluster({ name: 'spare', controllers: false, nodes: 0, tokens });
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  for (const { user, rules } of users) {
    const metadata = { name: user };
    await callApi(cluster, { method: 'POST', path: `${rbac}/clusterroles`, body: { metadata, rules } });
    const body = {
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: user },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
    };
    await callApi(cluster, { method: 'POST', path: `${rbac}/clusterrolebindings`, body });
  }
  return cluster;
}

export async function writeKubeconfig(path: string, cluster: TestCluster, access: Access = {}): Promise<void> {
  const { token = cluster.token, server = cluster.server, context = 'spare' } = access;
  const config = {
    clusters: [{ name: 'k', cluster: { server, 'certificate-authority': cluster.caFile } }],
    users: [{ name: 'u', user: { token } }],
    contexts: [{ name: context, context: { cluster: 'k', user: 'u' } }],
  };
  await writeFile(path, JSON.stringify(config));
}
