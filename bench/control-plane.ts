/** A fresh, warm control plane for one measurement, next to us or behind a delay. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { callApi } from '../test/controlplane/call-api.ts';
import { markRequests, requestsSince } from '../test/controlplane/request-log.ts';
import { startCluster } from '../test/controlplane/start-cluster.ts';
import type { TestCluster } from '../test/controlplane/test-cluster.ts';

const NAMESPACE = 'load';
const WARM_UP_APPLIES = 40;
/** Below this the controllers have done what follows from 1,000 new objects; leases and the like go on. */
const QUIET_REQUESTS_PER_SECOND = 8;
const QUIET_WINDOW_MS = 2_000;

export interface MeasuredCluster {
  /** Where measured clients connect: the API server, or the proxy in front of it. */
  readonly server: string;
  readonly kubeconfigPath: string;
  readonly context: string;
  readonly caFile: string;
  readonly token: string;
  /** Exists, and is empty. */
  readonly namespace: string;
  /** Resolves when the controllers have nothing left to do. */
  untilQuiet(): Promise<void>;
  stop(): Promise<void>;
}

/** @param delayMs one way; 0: no proxy. */
export async function startMeasuredCluster(delayMs: number): Promise<MeasuredCluster> {
  const cluster = await startCluster({ name: 'bench' });
  await warmUp(cluster);
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-bench-'));
  const proxy = delayMs === 0 ? undefined : await startProxy(cluster, delayMs);
  const server = proxy?.server ?? cluster.server;
  const kubeconfigPath = join(folder, 'kubeconfig');
  const kubeconfig = await readFile(cluster.kubeconfigPath, 'utf8');
  await writeFile(kubeconfigPath, kubeconfig.replaceAll(cluster.server, server), { mode: 0o600 });
  return {
    server,
    kubeconfigPath,
    context: cluster.context,
    caFile: cluster.caFile,
    token: cluster.token,
    namespace: NAMESPACE,
    untilQuiet: () => untilQuiet(cluster),
    stop: async () => {
      proxy?.stop();
      await cluster.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** The first requests of a server's life fill its caches; they are no part of any measurement. */
async function warmUp(cluster: TestCluster): Promise<void> {
  for (const name of ['warm-up', NAMESPACE]) {
    await callApi(cluster, { method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name } } });
  }
  const template = {
    metadata: { labels: { app: 'x' } },
    spec: { containers: [{ name: 'c', image: 'example.com/c' }] },
  };
  const kinds = [
    { path: '/api/v1/namespaces/warm-up/configmaps', apiVersion: 'v1', kind: 'ConfigMap', data: { a: 'b' } },
    { path: '/api/v1/namespaces/warm-up/serviceaccounts', apiVersion: 'v1', kind: 'ServiceAccount' },
    { path: '/api/v1/namespaces/warm-up/services', apiVersion: 'v1', kind: 'Service', spec: { ports: [{ port: 80 }] } },
    {
      path: '/apis/apps/v1/namespaces/warm-up/deployments',
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      spec: { replicas: 0, selector: { matchLabels: { app: 'x' } }, template },
    },
  ];
  for (let index = 0; index < WARM_UP_APPLIES; index += 1) {
    for (const { path, ...object } of kinds) {
      const metadata = { name: `warm-${index}` };
      await callApi(cluster, {
        method: 'PATCH',
        path: `${path}/${metadata.name}?fieldManager=warm-up`,
        contentType: 'application/apply-patch+yaml',
        body: { ...object, metadata },
      });
    }
  }
  await untilQuiet(cluster);
}

async function untilQuiet(cluster: TestCluster): Promise<void> {
  for (;;) {
    const mark = await markRequests(cluster);
    await sleep(QUIET_WINDOW_MS);
    const requests = await requestsSince(cluster, mark);
    if (requests.length / (QUIET_WINDOW_MS / 1_000) < QUIET_REQUESTS_PER_SECOND) return;
  }
}

async function startProxy(cluster: TestCluster, delayMs: number) {
  const script = fileURLToPath(import.meta.resolve('./delay-proxy.ts'));
  const child = spawn(process.execPath, [script, new URL(cluster.server).port, String(delayMs)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [port]: unknown[] = await once(createInterface({ input: child.stdout }), 'line');
  return { server: `https://127.0.0.1:${String(port)}`, stop: () => child.stdin.end() };
}
