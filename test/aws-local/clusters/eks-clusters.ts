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
  /** As the administrator reaches it, past EKS. */
  readonly plane: TestCluster;
  /** Stops the API server; what is in the cluster stays. */
  goAway(): Promise<void>;
  /** Starts it again, at the same address. */
  comeBack(): Promise<void>;
  stop(): Promise<void>;
}

const GROUP = 'plumbline-admins';

export async function startEksCluster(eks: TestEks, folder: string, settings: ClusterSettings): Promise<EksCluster> {
  const { name, account, tags = {}, adminRoleArns, controllers = true } = settings;
  const place = { name, ...(account === undefined ? {} : { account }) };
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
  const access = adminRoleArns.map((principalArn) => ({ principalArn, groups: [GROUP] }));
  const front = await settings.front?.(plane);
  const certificateAuthority = await readFile(plane.caFile, 'utf8');
  const put = () =>
    eks.put({ ...place, tags, access, ...(front ? { server: front.server, certificateAuthority } : { plane }) });
  put();
  return {
    name,
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
    metadata: { name: GROUP },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: GROUP }],
  };
  const { status } = await callApi(plane, { method: 'POST', path, body });
  if (status !== 201 && status !== 409) throw new Error(`cluster ${plane.name}: bind the administrators: ${status}`);
}
