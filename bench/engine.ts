/**
 * Plumbline's own way through one cluster, in a process of its own that `measure-engine.ts` starts: the reconcile job
 * with the adapters of one machine, asked by messages to do one thing some times over.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileBlobStore } from '../shared/adapters/files/file-blob-store.ts';
import { createKubeconfigConnector } from '../shared/adapters/kube/connect-kubeconfig.ts';
import { SqliteQueue } from '../shared/adapters/sqlite/sqlite-queue.ts';
import { SqliteStateStore } from '../shared/adapters/sqlite/sqlite-state-store.ts';
import { StateFile } from '../shared/adapters/sqlite/state-file.ts';
import { writeContentBlob } from '../shared/job/blob-json.ts';
import { renderingKeyOf, writeRendering } from '../shared/job/plan-fleet/rendering-blobs.ts';
import type { ClusterConnection } from '../shared/job/ports.ts';
import { previewCluster } from '../shared/job/preview-cluster.ts';
import { loadDesired } from '../shared/job/reconcile/load-desired.ts';
import { DEFAULT_RUN_LIMITS, type ReconcileDeps } from '../shared/job/reconcile/reconcile-deps.ts';
import { reconcileCluster } from '../shared/job/reconcile-cluster.ts';
import { API_VERSION, clusterSchema } from '../shared/model/declarations.ts';
import type { DesiredApplication } from '../shared/model/desired-state.ts';
import type { KubeObject } from '../shared/model/kube-object.ts';
import { syncPolicySchema } from '../shared/model/sync-policy.ts';
import type { EngineAnswer, EngineRequest } from './measure-engine.ts';
import { objectsOfFourKinds } from './measured-objects.ts';

const FLEET = 'bench';
const CLUSTER = 'bench';

const [kubeconfigPath = '', context = '', namespace = '', each = ''] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'plumbline-bench-engine-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
const file = new StateFile(join(folder, 'state.db'));
const connector = createKubeconfigConnector({ homeDirectory: folder, baseDirectory: folder });
let lastConnection: ClusterConnection | undefined;
const deps: ReconcileDeps = {
  state: new SqliteStateStore(file),
  queue: new SqliteQueue(file),
  blobs: new FileBlobStore(join(folder, 'blobs')),
  clusters: {
    connect: async (cluster, options) => {
      lastConnection = await connector.connect(cluster, options);
      return lastConnection;
    },
  },
  notifier: { notify: () => {} },
  newNonce: () => randomBytes(16).toString('hex'),
  monotonicMs: () => performance.now(),
  limits: DEFAULT_RUN_LIMITS,
};
const declaration = clusterSchema.parse({
  apiVersion: API_VERSION,
  kind: 'Cluster',
  metadata: { name: CLUSTER },
  spec: { kubeconfig: { path: kubeconfigPath, context } },
});
const objects = objectsOfFourKinds(namespace, Number(each));
let commits = 0;

/** Writes what is desired as the planner does, and returns what wakes the cluster. */
async function desire(wanted: readonly KubeObject[]): Promise<() => Promise<unknown>> {
  commits += 1;
  const commit = { revision: String(commits).padStart(40, '0'), subject: 'bench', author: 'bench', committedAtMs: 0 };
  const inputDigest = String(commits);
  const rendered = wanted.map((object) => ({ object, source: { path: 'objects.yaml' } }));
  await writeRendering(deps.blobs, { inputDigest, objects: rendered, warnings: [] });
  const application: DesiredApplication = {
    name: 'load',
    commit,
    inputDigest,
    renderings: [renderingKeyOf(inputDigest)],
    namespace,
    dependsOn: [],
    sync: syncPolicySchema.parse({}),
    ignore: [],
    suspend: false,
  };
  const desired = { fleet: FLEET, cluster: declaration, applications: [application], unavailable: [] };
  const blob = await writeContentBlob(deps.blobs, 'desired', desired);
  return () => deps.state.writeDesired(FLEET, CLUSTER, { blob, ticket: commits, commit });
}

async function reconcile(): Promise<void> {
  const result = await reconcileCluster(deps, { fleet: FLEET, cluster: CLUSTER, hop: 0 });
  const item = await deps.state.readCluster(FLEET, CLUSTER);
  if (result !== 'done' || item?.status?.sync !== 'synced') {
    throw new Error(`the run ended ${result}: ${JSON.stringify(item?.status)}`);
  }
}

async function preview(): Promise<void> {
  const item = await deps.state.readCluster(FLEET, CLUSTER);
  const loaded = await loadDesired(deps.blobs, item?.desired?.blob ?? '');
  if (loaded === undefined) throw new Error('the desired state is gone');
  const { blobs, clusters, monotonicMs } = deps;
  const { changes } = await previewCluster(
    { blobs, clusters, monotonicMs, concurrency: deps.limits.concurrency },
    { fleet: FLEET, loaded, recordKey: item?.status?.record, nowMs: await deps.state.nowMs() },
  );
  const planned = changes.filter(({ op }) => op !== 'keep');
  if (planned.length > 0) throw new Error(`${planned.length} changes planned where nothing changed`);
}

/** Returns what does one measured round; whatever is no part of it has been done before. */
async function prepare(what: EngineRequest['what']): Promise<() => Promise<void>> {
  if (what === 'plan') return preview;
  if (what === 'check') {
    return async () => {
      await deps.state.wake({ kind: 'cluster', fleet: FLEET, cluster: CLUSTER });
      return reconcile();
    };
  }
  const changed = objects.map((object) =>
    object.kind === 'ConfigMap' && object.metadata.name === 'load-7'
      ? { ...object, data: { value: `${commits}` } }
      : object,
  );
  const wake = await desire(what === 'apply' ? objects : changed);
  return async () => {
    await wake();
    return reconcile();
  };
}

process.on('message', async ({ what, times }: EngineRequest) => {
  const durationsMs: number[] = [];
  const processorMs: number[] = [];
  for (let round = 0; round < times; round += 1) {
    const act = await prepare(what);
    const startedMs = performance.now();
    const before = process.cpuUsage();
    await act();
    durationsMs.push(performance.now() - startedMs);
    const { user, system } = process.cpuUsage(before);
    processorMs.push((user + system) / 1_000);
  }
  const peakMegabytes = process.resourceUsage().maxRSS / 1_024;
  const megabytes = process.memoryUsage.rss() / 1_024 / 1_024;
  process.send?.({
    durationsMs,
    processorMs,
    requests: lastConnection?.requests ?? 0,
    peakMegabytes,
    megabytes,
  } satisfies EngineAnswer);
});
process.on('disconnect', () => process.exit(0));
