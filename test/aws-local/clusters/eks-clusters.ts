/** Real control planes as EKS clusters: entered by tokens of the roles that they let in, taken away and brought back. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestEks } from '../../aws/eks/start-eks.ts';
import { callApi } from '../../controlplane/call-api.ts';
import { startCluster } from '../../controlplane/start-cluster.ts';
import type { TestCluster } from '../../controlplane/test-cluster.ts';

export interface ClusterSettings {
  readonly name: string;
  /** Roles that may do everything in it. */
  readonly adminRoleArns: readonly string[];
  /** Owner; default: the stack's account. */
  readonly account?: string;
  /** Default: that of the stack. */
  readonly region?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** False: only the API server, which is cheaper. Default true. */
  readonly controllers?: boolean;
  /** The network that alone reaches its API server; default: everybody does. */
  readonly network?: string;
  /** Puts something between the functions and the API server; default: nothing. */
  readonly front?: (plane: TestCluster) => Promise<ClusterFront>;
}

/** What stands where EKS says that the cluster is. It shows the API server's own certificate. */
export interface ClusterFront {
  readonly server: string;
  close(): Promise<void>;
}

export interface EksCluster {
  readonly name: string;
  /** Where EKS says that it is. */
  readonly server: string;
  readonly network: string | undefined;
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** Lets sessions of a role in as members of Kubernetes groups, as an access entry does. */
  admit(principalArn: string, groups: readonly string[]): void;
  /** Sets the cluster's tags in EKS. */
  tag(tags: Readonly<Record<string, string>>): void;
  /** EKS forgets it; its API server goes on. */
  vanish(): void;
  /** As the administrator reaches it, past EKS. */
  readonly plane: TestCluster;
  /** Stops the API server; what is in the cluster stays. */
  goAway(): Promise<void>;
  /** Starts it again, at the same address. */
  comeBack(): Promise<void>;
  stop(): Promise<void>;
}

/** May do everything in every cluster here. */
export const ADMIN_GROUP = 'plumbline-admins';

export async function startEksCluster(eks: TestEks, folder: string, settings: ClusterSettings): Promise<EksCluster> {
  const { name, account, region, adminRoleArns, controllers = true } = settings;
  const place = { name, ...(account && { account }), ...(region && { region }) };
  let { tags = {} } = settings;
  const dataDir = join(folder, name);
  const start = (port?: number) =>
    startCluster({
      name,
      dataDir,
      controllers,
      apiserverFlags: eks.apiserverFlags(place),
      ...(port === undefined ? {} : { port }),
    });
  let plane = await start();
  let isThere = true;
  await bindAdministrators(plane);
  const access = adminRoleArns.map((principalArn) => ({ principalArn, groups: [ADMIN_GROUP] }));
  const front = await settings.front?.(plane);
  const certificateAuthority = await readFile(plane.caFile, 'utf8');
  const put = () =>
    eks.put({ ...place, tags, access, ...(front ? { server: front.server, certificateAuthority } : { plane }) });
  put();
  return {
    ...{ name, account, region },
    admit: (principalArn, groups) => {
      access.push({ principalArn, groups: [...groups] });
      put();
    },
    tag: (next) => {
      tags = next;
      put();
    },
    vanish: () => eks.remove(place),
    server: front?.server ?? plane.server,
    network: settings.network,
    get plane() {
      return plane;
    },
    goAway: async () => {
      if (isThere) await plane.stop();
      isThere = false;
    },
    comeBack: async () => {
      if (isThere) return;
      plane = await start(Number(new URL(plane.server).port));
      isThere = true;
      put();
    },
    stop: async () => {
      await front?.close();
      if (isThere) await plane.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** What a person does once in a new cluster: the groups of its access entries get their rights. */
async function bindAdministrators(plane: TestCluster): Promise<void> {
  const path = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings';
  const body = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: ADMIN_GROUP },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: ADMIN_GROUP }],
  };
  const { status } = await callApi(plane, { method: 'POST', path, body });
  if (status !== 201 && status !== 409) throw new Error(`cluster ${plane.name}: bind the administrators: ${status}`);
}
