/** People and tools with rights of their own in a real cluster: each is a ServiceAccount that logs in with its token. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClusterDeclaration, clusterSchema } from '../../../shared/model/declarations.ts';
import { isJsonObject, type Json } from '../../../shared/model/json.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { callApi } from '../../controlplane/call-api.ts';
import type { TestCluster } from '../../controlplane/test-cluster.ts';
import { writeKubeconfig } from '../bad-input/spare-cluster.ts';

export interface LimitedUser {
  /** `system:serviceaccount:<namespace>:<name>`. */
  readonly user: string;
  /** The cluster of a fleet under test, entered as this user. */
  readonly declaration: ClusterDeclaration;
  close(): void;
}

const RBAC = '/apis/rbac.authorization.k8s.io/v1';

/** Makes the account in a namespace that it makes too. It may nothing but what everyone may. */
export async function limitedUser(cluster: TestCluster, namespace: string, name: string): Promise<LimitedUser> {
  await post(cluster, '/api/v1/namespaces', { metadata: { name: namespace } });
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await post(cluster, accounts, { metadata: { name } });
  const { body } = await callApi(cluster, { method: 'POST', path: `${accounts}/${name}/token`, body: { spec: {} } });
  const status = isJsonObject(body) ? body.status : undefined;
  const token = isJsonObject(status) ? String(status.token) : '';
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-rights-'));
  const path = join(folder, 'config');
  await writeKubeconfig(path, cluster, { token, context: name });
  const declaration = clusterSchema.parse({
    ...{ apiVersion: 'plumbline.dev/v1', kind: 'Cluster', metadata: { name: 'under-test' } },
    spec: { kubeconfig: { path, context: name } },
  });
  const user = `system:serviceaccount:${namespace}:${name}`;
  return { user, declaration, close: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Gives an account rules in one namespace, or, where `namespace` is '', in the whole cluster. */
export async function allow(
  cluster: TestCluster,
  grant: { readonly account: string; readonly namespace: string; readonly rules: readonly Json[] },
): Promise<void> {
  const { account, namespace, rules } = grant;
  const [accountNamespace = '', name = ''] = account.split('/');
  const metadata = { name: `${accountNamespace}-${name}` };
  const [role, place] = namespace === '' ? ['ClusterRole', ''] : ['Role', `/namespaces/${namespace}`];
  const plural = `${role.toLowerCase()}s`;
  await post(cluster, `${RBAC}${place}/${plural}`, { metadata, rules });
  await post(cluster, `${RBAC}${place}/${role.toLowerCase()}bindings`, {
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: role, name: metadata.name },
    subjects: [{ kind: 'ServiceAccount', namespace: accountNamespace, name }],
  });
}

/** Replaces the rules of a role, or makes the object: as an administrator would. */
export async function put(cluster: TestCluster, path: string, object: KubeObject): Promise<void> {
  const url = `${path}/${object.metadata.name}`;
  const answer = await callApi(cluster, { method: 'PUT', path: url, body: object });
  if (answer.status === 404) return await post(cluster, path, object);
  assertDone(answer, url);
}

async function post(cluster: TestCluster, path: string, body: unknown): Promise<void> {
  const answer = await callApi(cluster, { method: 'POST', path, body });
  if (answer.status !== 409) assertDone(answer, path);
}

function assertDone(answer: { readonly status: number; readonly body: unknown }, path: string): void {
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
}
