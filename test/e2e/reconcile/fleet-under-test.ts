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
import { renderingKeyOf, writeRendering } from '../../../shared/job/plan-fleet/rendering-blobs.ts';
import type {
  ApiResult,
  ClusterConnection,
  JobEvent,
  JsonPatchOperation,
  ResourcePath,
} from '../../../shared/job/ports.ts';
import { DEFAULT_RUN_LIMITS, type ReconcileDeps } from '../../../shared/job/reconcile/reconcile-deps.ts';
import { preferredPathOf, servedKindsOf } from '../../../shared/job/reconcile/served-kinds.ts';
import { type ReconcileResult, reconcileCluster } from '../../../shared/job/reconcile-cluster.ts';
import { clusterSchema } from '../../../shared/model/declarations.ts';
import type { DesiredApplication, DesiredState } from '../../../shared/model/desired-state.ts';
import { isJsonObject } from '../../../shared/model/json.ts';
import { type KubeObject, refOf } from '../../../shared/model/kube-object.ts';
import { formatRef, type GroupKind, type ObjectRef } from '../../../shared/model/object-ref.ts';
import type { ApplicationStatus, ClusterStatus, RunSummary } from '../../../shared/model/status.ts';
import { syncPolicySchema } from '../../../shared/model/sync-policy.ts';
import { readObjects } from '../../../shared/render/read-objects.ts';
import { sharedCluster } from '../../controlplane/shared-cluster.ts';
import type { TestCluster } from '../../controlplane/test-cluster.ts';

export interface WantedApplication {
  readonly objects: string | readonly KubeObject[];
  readonly settings?: Partial<Omit<DesiredApplication, 'sync'>> & {
    readonly sync?: Partial<DesiredApplication['sync']>;
  };
}

export interface FleetUnderTest {
  readonly fleet: string;
  /** Its only cluster, as it is declared. */
  readonly cluster: string;
  readonly namespace: string;
  readonly testCluster: TestCluster;
  readonly deps: ReconcileDeps;
  readonly events: readonly JobEvent[];
  /** Says what is desired, as the planner would, and returns without running. */
  want(applications: Readonly<Record<string, WantedApplication>>, state?: Partial<DesiredState>): Promise<void>;
  run(): Promise<ReconcileResult>;
  runWith(deps: ReconcileDeps): Promise<ReconcileResult>;
  /** Runs until the cluster is settled, at most `times` (40) times. */
  settle(times?: number): Promise<void>;
  status(): Promise<ClusterStatus>;
  applications(): Promise<Readonly<Record<string, ApplicationStatus>>>;
  lastRun(): Promise<RunSummary | undefined>;
  /** What others do to the cluster behind our back. */
  read(ref: ObjectRef): Promise<KubeObject | undefined>;
  /** Of the fleet's namespace. */
  list(kind: GroupKind): Promise<readonly KubeObject[]>;
  patch(ref: ObjectRef, operations: readonly JsonPatchOperation[], by: string): Promise<void>;
  apply(object: KubeObject, by: string): Promise<void>;
  remove(ref: ObjectRef): Promise<void>;
  anchorFence(): Promise<number>;
  /** Forgets the state file, as if it had been deleted; with `blobs`, blobs and their key too. */
  forget(what?: { readonly blobs: boolean }): void;
  close(): Promise<void>;
}

const CLUSTER = 'under-test';

export async function fleetUnderTest({
  kubeconfig,
  ...clock
}: {
  /** The state's clock, for tests that let time pass. Default: SQLite's. */
  readonly nowMs?: () => number;
  /** Another way to the shared cluster. */
  readonly kubeconfig?: { readonly path: string; readonly context: string };
} = {}): Promise<FleetUnderTest> {
  const testCluster = await sharedCluster();
  const fleet = `t${randomBytes(4).toString('hex')}`;
  const namespace = fleet;
  const root = mkdtempSync(join(tmpdir(), 'plumbline-reconcile-'));
  const declaration = clusterSchema.parse({
    apiVersion: 'plumbline.dev/v1',
    kind: 'Cluster',
    metadata: { name: CLUSTER },
    spec: { kubeconfig: kubeconfig ?? { path: testCluster.kubeconfigPath, context: testCluster.context } },
  });
  const clusters = createKubeconfigConnector({ homeDirectory: root, baseDirectory: root });
  const events: JobEvent[] = [];
  let stateGeneration = 0;
  let blobGeneration = 0;
  let file = new StateFile(join(root, 'state-0.db'), clock);
  let ticket = Date.now();
  const blobFolder = () => join(root, `blobs-${blobGeneration}`);
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
  let ofOthers: ClusterConnection | undefined;
  const others = async () => {
    ofOthers ??= await clusters.connect(declaration, { userAgent: 'others' });
    const connection = ofOthers;
    const served = servedKindsOf(await connection.discover({ fresh: true }));
    return {
      connection,
      pathOf(ref: ObjectRef): ResourcePath {
        const path = preferredPathOf(served, ref);
        if (path === undefined) throw new Error(`${formatRef(ref)}: not served`);
        return path;
      },
    };
  };

  const wanted = async (name: string, wish: WantedApplication): Promise<DesiredApplication> => {
    const objects =
      typeof wish.objects === 'string'
        ? readObjects(wish.objects, { path: `${name}.yaml` })
        : wish.objects.map((object) => ({ object, source: { path: `${name}.yaml` } }));
    const inputDigest = deps.blobs.digest(JSON.stringify([objects, wish.settings]));
    await writeRendering(deps.blobs, { inputDigest, objects, warnings: [] });
    const rendering = renderingKeyOf(inputDigest);
    return {
      name,
      commit: commitOf(ticket),
      inputDigest,
      renderings: [rendering],
      namespace,
      createNamespace: namespace,
      dependsOn: [],
      ignore: [],
      suspend: false,
      ...wish.settings,
      sync: syncPolicySchema.parse(wish.settings?.sync ?? {}),
    };
  };

  const everWanted = new Set<string>();
  const underTest: FleetUnderTest = {
    fleet,
    cluster: CLUSTER,
    namespace,
    testCluster,
    get deps() {
      return deps;
    },
    events,
    async want(applications, state) {
      // As the planner does once it has counted: whatever was wanted once may go.
      for (const name of Object.keys(applications)) everWanted.add(name);
      const removes = [...everWanted].filter((name) => !(name in applications));
      const desired: DesiredState = {
        fleet,
        cluster: declaration,
        applications: await Promise.all(Object.entries(applications).map(([name, wish]) => wanted(name, wish))),
        unavailable: [],
        removes,
        ...state,
      };
      const blob = await writeContentBlob(deps.blobs, 'desired', desired);
      await deps.state.writeDesired(fleet, CLUSTER, { blob, ticket: ++ticket, commit: commitOf(ticket) });
    },
    run: () => underTest.runWith(deps),
    async runWith(otherDeps) {
      await deps.state.wake({ kind: 'cluster', fleet, cluster: CLUSTER });
      return reconcileCluster(otherDeps, { fleet, cluster: CLUSTER, hop: 0 });
    },
    async settle(times = 40) {
      for (let tries = 0; tries < times; tries++) {
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
    async read(ref) {
      const { connection, pathOf } = await others();
      const result = await connection.get(pathOf(ref), ref);
      return result.ok ? result.value : undefined;
    },
    async list(kind) {
      const { connection, pathOf } = await others();
      return expectOk(await connection.list(pathOf({ ...kind, namespace, name: '' }), { namespace }));
    },
    async patch(ref, operations, by) {
      const { connection, pathOf } = await others();
      expectOk(await connection.patch(pathOf(ref), ref, operations, { fieldManager: by }));
    },
    async apply(object, by) {
      const { connection, pathOf } = await others();
      expectOk(await connection.apply(pathOf(refOf(object)), object, { fieldManager: by, force: true }));
    },
    async remove(ref) {
      const { connection, pathOf } = await others();
      const live = expectOk(await connection.get(pathOf(ref), ref));
      expectOk(await connection.delete(pathOf(ref), ref, { uid: live.metadata.uid ?? '' }));
    },
    async anchorFence() {
      const ref = { group: '', kind: 'ConfigMap', namespace: 'plumbline-system', name: `plumbline-${fleet}` };
      const anchor = await underTest.read(ref);
      return isJsonObject(anchor?.data) ? Number(anchor.data.fence) : 0;
    },
    forget(what = { blobs: false }) {
      file.close();
      stateGeneration++;
      if (what.blobs) blobGeneration++;
      file = new StateFile(join(root, `state-${stateGeneration}.db`), clock);
      deps = { ...deps, ...parts() };
    },
    async close() {
      await ofOthers?.close();
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

function expectOk<T>(result: ApiResult<T>): T {
  if (!result.ok) throw new Error(`refused: ${result.refusal.status} ${result.refusal.message}`);
  return result.value;
}
