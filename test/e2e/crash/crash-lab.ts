/** A fleet of one cluster whose server is a process that can be killed, stopped and started at will. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SqliteStateStore } from '../../../shared/adapters/sqlite/sqlite-state-store.ts';
import { StateFile } from '../../../shared/adapters/sqlite/state-file.ts';
import type { ClusterItem, FleetItem } from '../../../shared/model/status.ts';
import { callApi } from '../../controlplane/call-api.ts';
import { eventually } from '../../controlplane/eventually.ts';
import { sharedCluster } from '../../controlplane/shared-cluster.ts';
import type { TestCluster } from '../../controlplane/test-cluster.ts';
import type { ServeChildOptions } from './serve-child.ts';
import { type ObjectWatch, watchConfigMaps } from './watch-objects.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const STATE_FILE = 'state.db';
const KEPT_STDERR_CHARS = 2_000;

/** Limits as in the product: a run stops by its clock long before its lease is over. */
export const OWN_LIMITS = { runMs: 300_000, writeMarginMs: 15_000, holdMs: 390_000 };

export interface CrashLab {
  readonly fleet: string;
  readonly namespace: string;
  readonly cluster: TestCluster;
  readonly watch: ObjectWatch;
  /** Writes and removes files of the repository and commits; returns the revision. */
  commit(files: Readonly<Record<string, string | undefined>>): string;
  /** `plumbline serve` itself. */
  serve(): ChildProcess;
  serveWith(limits: Pick<ServeChildOptions, 'runMs' | 'writeMarginMs' | 'holdMs'>): ChildProcess;
  readState(): Promise<{ readonly fleet: FleetItem | undefined; readonly cluster: ClusterItem | undefined }>;
  /** Waits until the cluster was brought to `revision` whole, and nothing is left to do. */
  settled(revision: string): Promise<void>;
  /** Waits until `revision` is planned and the cluster was looked at after `sinceMs`; what is suspended may be missing. */
  lookedAt(revision: string, sinceMs: number): Promise<void>;
  /** Waits until the cluster was looked at, or tried, after `sinceMs`, whatever is planned. */
  tried(sinceMs: number): Promise<void>;
  /** Takes the repository away, as if its disk or server were gone; returns how it comes back. */
  hideRepository(): () => void;
  copyState(to: string): void;
  putBackState(from: string): void;
  deleteState(): void;
  /** Blobs and their key too. */
  deleteStateFolder(): void;
  /** The ConfigMaps of the fleet as they are now: name and value. */
  objects(): Promise<Readonly<Record<string, string | undefined>>>;
  /** Changes the anchor as a person would. */
  patchAnchor(data: Readonly<Record<string, string>>): Promise<void>;
  close(): Promise<void>;
}

export async function crashLab(): Promise<CrashLab> {
  const cluster = await sharedCluster();
  const fleet = `crash-${randomBytes(4).toString('hex')}`;
  const namespace = fleet;
  const root = mkdtempSync(join(tmpdir(), 'plumbline-crash-'));
  const repository = join(root, 'repository');
  const stateDir = join(root, 'state');
  const children: ChildProcess[] = [];
  let said = '';
  const git = (...args: readonly string[]): string => gitIn(repository, args);
  const started = (args: readonly string[]): ChildProcess => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-KEPT_STDERR_CHARS);
    });
    children.push(child);
    return child;
  };
  mkdirSync(repository);
  git('init', '--quiet', '--initial-branch=main');
  const watch = await watchConfigMaps(cluster, { namespace, labelSelector: `plumbline.dev/fleet=${fleet}` });

  const lab: CrashLab = {
    fleet,
    namespace,
    cluster,
    watch,
    commit(files) {
      for (const [path, content] of Object.entries({ 'plumbline/cluster.yaml': clusterYaml(cluster), ...files })) {
        const file = join(repository, path);
        mkdirSync(dirname(file), { recursive: true });
        if (content === undefined) rmSync(file, { force: true });
        else writeFileSync(file, content);
      }
      git('add', '--all');
      git('commit', '--quiet', '--message', 'change');
      return git('rev-parse', 'HEAD');
    },
    serve: () =>
      started([
        join(ROOT, 'cli', 'plumbline.mjs'),
        ...['serve', '--fleet', repository, '--branch', 'main', '--name', fleet, '--state', stateDir],
        ...['--port', '0', '--sweep', '1'],
      ]),
    serveWith(limits) {
      const options: ServeChildOptions = { repository, fleet, stateDir, ...limits };
      return started([join(import.meta.dirname, 'serve-child.ts'), JSON.stringify(options)]);
    },
    async readState() {
      const file = new StateFile(join(stateDir, STATE_FILE));
      const store = new SqliteStateStore(file);
      const state = { fleet: await store.readFleet(fleet), cluster: await store.readCluster(fleet, 'target') };
      file.close();
      return state;
    },
    async settled(revision) {
      await eventually(
        async () => ({ ...summaryOf(await lab.readState()), said }),
        ({ planned, desired, applied, idle }) => planned === revision && desired === revision && applied && idle,
      );
    },
    async lookedAt(revision, sinceMs) {
      await eventually(
        async () => ({ ...summaryOf(await lab.readState()), said }),
        ({ planned, desired, checkedAtMs, idle }) =>
          planned === revision && desired === revision && checkedAtMs >= sinceMs && idle,
      );
    },
    async tried(sinceMs) {
      const begin = (await lab.readState()).cluster?.work.fence ?? 0;
      await eventually(
        async () => ({ ...summaryOf(await lab.readState()), said }),
        ({ checkedAtMs, fence, idle }) => checkedAtMs >= sinceMs || (fence > begin && idle),
      );
    },
    hideRepository() {
      renameSync(repository, `${repository}-away`);
      return () => renameSync(`${repository}-away`, repository);
    },
    copyState(to) {
      mkdirSync(join(root, to));
      for (const name of stateFiles(stateDir)) cpSync(join(stateDir, name), join(root, to, name));
    },
    putBackState(from) {
      lab.deleteState();
      for (const name of readdirSync(join(root, from))) cpSync(join(root, from, name), join(stateDir, name));
    },
    deleteState() {
      for (const name of stateFiles(stateDir)) rmSync(join(stateDir, name));
    },
    deleteStateFolder() {
      rmSync(stateDir, { recursive: true });
    },
    async objects() {
      const selector = encodeURIComponent(`plumbline.dev/fleet=${fleet}`);
      const path = `/api/v1/namespaces/${namespace}/configmaps?labelSelector=${selector}`;
      const { body } = await callApi(cluster, { path });
      const { items } = body as { readonly items: readonly ConfigMap[] };
      return Object.fromEntries(items.map(({ metadata, data }) => [metadata.name, data?.value]));
    },
    async patchAnchor(data) {
      const path = `/api/v1/namespaces/plumbline-system/configmaps/plumbline-${fleet}?fieldManager=someone`;
      const contentType = 'application/merge-patch+json';
      const { status, body } = await callApi(cluster, { method: 'PATCH', path, contentType, body: { data } });
      if (status !== 200) throw new Error(`patch the anchor: ${status} ${JSON.stringify(body)}`);
    },
    async close() {
      for (const child of children) await killed(child);
      await watch.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
  return lab;
}

interface ConfigMap {
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
}

/** Resolves when a server has said its first words: it is about to work. */
export async function hasStarted(child: ChildProcess): Promise<void> {
  if (child.stderr !== null) await once(child.stderr, 'data');
}

/** Ends a process as a power cut would, and waits until it is gone. */
export async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

export function applicationYaml(
  name: string,
  more: { readonly namespace: string; readonly sync?: string; readonly suspend?: boolean },
): string {
  return `apiVersion: plumbline.dev/v1
kind: Application
metadata: {name: ${name}}
spec:
  source: {path: apps/${name}}
  clusters: {all: true}
  namespace: ${more.namespace}
  createNamespace: true
  suspend: ${more.suspend ?? false}
  sync: {pruneLimit: 100%${more.sync === undefined ? '' : `, ${more.sync}`}}
`;
}

export function configMapYaml(name: string, value: string, wave = 0): string {
  const annotations = `{plumbline.dev/sync-wave: "${wave}"}`;
  return `---
apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}, annotations: ${annotations}}
data: {value: "${value}"}
`;
}

function clusterYaml(cluster: TestCluster): string {
  return `apiVersion: plumbline.dev/v1
kind: Cluster
metadata: {name: target}
spec: {kubeconfig: {path: ${cluster.kubeconfigPath}, context: ${cluster.context}}}
`;
}

/** What a failing wait should show. */
function summaryOf({
  fleet,
  cluster,
}: {
  readonly fleet: FleetItem | undefined;
  readonly cluster: ClusterItem | undefined;
}) {
  const work = [fleet?.work, cluster?.work];
  return {
    planned: fleet?.status?.planned?.revision,
    desired: cluster?.desired?.commit.revision,
    checkedAtMs: cluster?.status?.checkedAtMs ?? 0,
    fence: cluster?.work.fence ?? 0,
    applied: cluster?.status !== undefined && cluster.status.applied === cluster.desired?.blob,
    idle: work.every((item) => item !== undefined && item.owner === undefined && item.done === item.wanted),
    work,
    problems: [fleet?.status?.problems, cluster?.status?.problems],
  };
}

function stateFiles(stateDir: string): readonly string[] {
  if (!existsSync(stateDir)) return [];
  return readdirSync(stateDir).filter((name) => name.startsWith(STATE_FILE));
}

function gitIn(repository: string, args: readonly string[]): string {
  const identity = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', ['-C', repository, ...identity, ...args], { encoding: 'utf8' }).trim();
}
