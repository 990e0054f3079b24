/** `plumbline serve` over a fleet of one cluster with 1,000 objects: how soon a commit arrives, and what it needs. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ObjectWatch, watchConfigMaps } from '../test/e2e/crash/watch-objects.ts';
import type { MeasuredCluster } from './control-plane.ts';
import { thousandObjects } from './thousand-objects.ts';

const COMMITS = 20;
const FLEET = 'bench';
const CHANGED = 'load-7';
/** Longer than any poll interval of the loop, so that commits meet it at any phase. */
const PAUSE_MS = 1_200;

export interface LoopFigures {
  /** From the end of `git commit` until the API server tells of the change. */
  readonly commitToAppliedMs: readonly number[];
  /** Resident memory of the server process, at the end and at most. */
  readonly megabytes: number;
  readonly peakMegabytes: number;
}

export async function measureRunningLoop(cluster: MeasuredCluster): Promise<LoopFigures> {
  const root = mkdtempSync(join(tmpdir(), 'plumbline-bench-loop-'));
  const repository = createRepository(join(root, 'fleet'), cluster);
  const { namespace } = cluster;
  const watch = await watchConfigMaps(cluster, { namespace, labelSelector: `plumbline.dev/fleet=${FLEET}` });
  const server = spawn(process.execPath, serveArguments(root), { stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    await seen(watch, CHANGED, CHANGED);
    await cluster.untilQuiet();
    const commitToAppliedMs: number[] = [];
    for (let round = 0; round < COMMITS; round += 1) {
      const value = `commit ${round}`;
      repository.commit(value);
      const startedMs = performance.now();
      await seen(watch, CHANGED, value);
      commitToAppliedMs.push(performance.now() - startedMs);
      await sleep(PAUSE_MS + round * 10);
    }
    return { commitToAppliedMs, ...memoryOf(server.pid) };
  } finally {
    server.kill('SIGINT');
    await once(server, 'exit');
    await watch.close();
    rmSync(root, { recursive: true });
  }
}

function serveArguments(root: string): readonly string[] {
  const command = join(import.meta.dirname, '..', 'cli', 'plumbline.mjs');
  const places = ['--fleet', join(root, 'fleet'), '--state', join(root, 'state')];
  return [command, 'serve', ...places, '--name', FLEET, '--port', '7799'];
}

function createRepository(path: string, cluster: MeasuredCluster) {
  const git = (...parameters: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com', ...parameters], { cwd: path });
  const write = (file: string, documents: readonly unknown[]) => {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), documents.map((document) => JSON.stringify(document)).join('\n---\n'));
  };
  const objects = thousandObjects(cluster.namespace);
  const isChanged = ({ kind, metadata }: (typeof objects)[number]) => kind === 'ConfigMap' && metadata.name === CHANGED;
  const commit = (value: string) => {
    write('load/changed.yaml', [{ ...objects.find(isChanged), data: { value } }]);
    git('add', '.');
    git('commit', '--quiet', '--message', value);
  };
  const declarations = [
    { kind: 'Cluster', spec: { kubeconfig: { path: cluster.kubeconfigPath, context: cluster.context } } },
    { kind: 'Application', spec: { source: { path: 'load' }, clusters: { all: true }, namespace: cluster.namespace } },
  ];
  write(
    'load/objects.yaml',
    objects.filter((object) => !isChanged(object)),
  );
  write(
    'plumbline/fleet.yaml',
    declarations.map((declaration) => ({ apiVersion: 'plumbline.dev/v1', metadata: { name: 'load' }, ...declaration })),
  );
  git('init', '--quiet', '--initial-branch=main');
  commit(CHANGED);
  return { commit };
}

async function seen(watch: ObjectWatch, name: string, value: string): Promise<void> {
  while (!watch.events.some((event) => event.name === name && event.data.value === value)) await sleep(2);
}

/** Linux counts it; elsewhere there is no figure. */
function memoryOf(pid: number | undefined): { readonly megabytes: number; readonly peakMegabytes: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytesOf = (field: string) => Number(new RegExp(`${field}:\\s*(\\d+) kB`).exec(status)?.[1]) / 1_024;
  return { megabytes: megabytesOf('VmRSS'), peakMegabytes: megabytesOf('VmHWM') };
}
