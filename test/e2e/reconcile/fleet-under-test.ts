/** The reconcile job on real parts without a planner: tests say what is desired and run it against a real API server. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileBlobStore } from '../../../shared/adapters/files/file-blob-store.ts';
import { createKubeconfigConnector } from '../../../shared/adapters/kube/connect-kubeconfig.ts';
import { SqliteQueue } from '../../../shared/adapters/sqlite/sqlite-queue.ts';
import { SqliteStateStore } from '../../../shared/adapters/sqlite/sqlite-state-store.ts';
import { StateFile } from '../../../shared/adapters/sqlite/state-file.ts';
import { writeContentBlob } from '../../../shared/job/blob-json.ts';
import type { ClusterConnection, JobEvent } from '../../../shared/job/ports.ts';
import { DEFAULT_RUN_LIMITS, type ReconcileDeps, type RunLimits } from '../../../shared/job/reconcile/reconcile-deps.ts';
import { type ReconcileResult, reconcileCluster } from '../../../shared/job/reconcile-cluster.ts';
import { clusterSchema, syncPolicySchema } from '../../../shared/model/declarations.ts';
import type { DesiredApplication, DesiredState } from '../../../shared/model/desired-state.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import type { ApplicationStatus, ClusterStatus, RunSummary } from '../../../shared/model/status.ts';
import { readObjects } from '../../../shared/render/read-objects.ts';
import { sharedCluster } from '../../controlplane/shared-cluster.ts';
import type { TestCluster } from '../../controlplane/test-cluster.ts';

export interface WantedApplication {
  readonly objects: string | readonly KubeObject[];
  readonly settings?: Partial<Omit<DesiredApplication, 'sync'>> & { readonly sync?: Partial<DesiredApplication['sync']> };
}

export interface FleetUnderTest {
  readonly fleet: string;
  readonly namespace: string;
  readonly testCluster: TestCluster;
  readonly deps: ReconcileDeps;
  readonly events: readonly JobEvent[];
  /** Says what is desired, as the planner would, and returns without running. */
  want(applications: Readonly<Record<string, WantedApplication>>, state?: Partial<DesiredState>): Promise<void>;
  run(limits?: Partial<RunLimits>): Promise<ReconcileResult>;
  /** Runs until the cluster is settled, at most 40 times. */
  settle(): Promise<void>;
  status(): Promise<ClusterStatus>;
  applications(): Promise<Readonly<Record<string, ApplicationStatus>>>;
  lastRun(): Promise<RunSummary | undefined>;
  /** A connection of another party: `by` is its field manager. */
  connect(by?: string): Promise<ClusterConnection>;
  /** Forgets state and blobs, as if the machine were lost. */
  forget(): void;
  close(): Promise<void>;
}

const CLUSTER = 'under-test';

export async function fleetUnderTest(): Promise<FleetUnderTest> {
  const testCluster = await sharedCluster();
  const fleet = `t${randomBytes(4).toString('hex')}`;
  const namespace = fleet;
  const root = mkdtempSync(join(tmpdir(), 'plumbline-reconcile-'));
  const declaration = clusterSchema.parse({
    apiVersion: 'plumbline.dev/v1',
    kind: 'Cluster',
    metadata: { name: CLUSTER },
    spec: { kubeconfig: { path: testCluster.kubeconfigPath, context: testCluster.context } },
  });
  const clusters = createKubeconfigConnector({ homeDirectory: root, baseDirectory: root });
  const events: JobEvent[] = [];
  let generation = 0;
  let file = new StateFile(join(root, 'state-0.db'));
  let ticket = Date.now();
  const blobFolder = () => join(root, `blobs-${generation}`);
  const parts = () => ({
    state: new SqliteStateStore(file),
    queue: new SqliteQueue(file),
    blobs: new FileBlobStore(blobFolder()),
  });
  let deps: ReconcileDeps = {
    ...parts(),
    clusters,
    notifier: { notify: (event) => events.push(event) },
    newNonce: () => randomBytes(16).toString('hex'),
    monotonicMs: () => performance.now(),
    limits: DEFAULT_RUN_LIMITS,
  };
  const connections: ClusterConnection[] = [];

  const wanted = async (name: string, wish: WantedApplication): Promise<DesiredApplication> => {
    const objects =
      typeof wish.objects === 'string'
        ? readObjects(wish.objects, { path: `${name}.yaml` })
        : wish.objects.map((object) => ({ object, source: { path: `${name}.yaml` } }));
    const inputDigest = deps.blobs.digest(JSON.stringify([objects, wish.settings]));
    const rendering = await writeContentBlob(deps.blobs, 'rendering', { inputDigest, objects, warnings: [] });
    return {
      name,
      commit: commitOf(ticket),
      inputDigest,
      rendering,
      namespace,
      createNamespace: namespace,
      dependsOn: [],
      ignore: [],
      suspend: false,
      ...wish.settings,
      sync: syncPolicySchema.parse(wish.settings?.sync ?? {}),
    };
  };

  const underTest: FleetUnderTest = {
    fleet,
    namespace,
    testCluster,
    get deps() {
      return deps;
    },
    events,
    async want(applications, state) {
      const desired: DesiredState = {
        fleet,
        cluster: declaration,
        applications: await Promise.all(Object.entries(applications).map(([name, wish]) => wanted(name, wish))),
        unavailable: [],
        ...state,
      };
      const blob = await writeContentBlob(deps.blobs, 'desired', desired);
      await deps.state.writeDesired(fleet, CLUSTER, { blob, ticket: ++ticket, commit: commitOf(ticket) });
    },
    async run(limits = {}) {
      await deps.state.wake({ kind: 'cluster', fleet, cluster: CLUSTER });
      return reconcileCluster({ ...deps, limits: { ...deps.limits, ...limits } }, { fleet, cluster: CLUSTER, hop: 0 });
    },
    async settle() {
      for (let tries = 0; tries < 40; tries++) {
        await underTest.run();
        const applications = Object.values(await underTest.applications());
        const busy = applications.some(({ health, waitingFor }) => health === 'progressing' || waitingFor !== '');
        if (!busy) return;
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    },
    async status() {
      const status = (await deps.state.readCluster(fleet, CLUSTER))?.status;
      if (status === undefined) throw new Error('the cluster has no status yet');
      return status;
    },
    async applications() {
      const statuses = await deps.state.listApplications(fleet, CLUSTER);
      return Object.fromEntries(statuses.map((status) => [status.application, status]));
    },
    async lastRun() {
      return (await deps.state.listRuns(fleet, { cluster: CLUSTER, limit: 1 }))[0];
    },
    async connect(by = 'someone') {
      const connection = await clusters.connect(declaration, { userAgent: by });
      connections.push(connection);
      return connection;
    },
    forget() {
      file.close();
      generation++;
      file = new StateFile(join(root, `state-${generation}.db`));
      deps = { ...deps, ...parts() };
    },
    async close() {
      await Promise.all(connections.map((connection) => connection.close()));
      file.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
  return underTest;
}

function commitOf(ticket: number) {
  return {
    revision: ticket.toString(16).padStart(40, '0'),
    subject: `commit ${ticket}`,
    author: 'Ana',
    committedAtMs: ticket,
  };
}
