import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildControlPlane, type ReportProgress, reportOnStderr } from './build.ts';
import { readAssetsDir } from './environment.ts';
import { newTestCluster, parseReadyLine, type ReadyLine, type TestCluster } from './test-cluster.ts';

/** A user of the cluster beside the administrator; without groups it may do nothing until RBAC allows it. */
export interface TokenUser {
  readonly user: string;
  readonly token: string;
  readonly groups?: readonly string[];
}

export interface StartOptions {
  /** Name of the cluster and of its kubeconfig context. */
  readonly name?: string;
  /** False: only the API server, which is cheaper; no Pod is made, no namespace ends, nothing is collected. */
  readonly controllers?: boolean;
  /** 1 unless said otherwise. */
  readonly nodes?: number;
  /** The one that `dataDir` was last used with, or a free one, unless said otherwise. */
  readonly port?: number;
  /** A directory to keep: started with it again, the same cluster comes back. */
  readonly dataDir?: string;
  readonly tokens?: readonly TokenUser[];
  /** Further flags for kube-apiserver. */
  readonly apiserverFlags?: readonly string[];
  /** A directory with binaries to run instead of our own; KUBEBUILDER_ASSETS unless said otherwise. */
  readonly assetsDir?: string;
  readonly onProgress?: ReportProgress;
}

const STOP_TIMEOUT_MS = 15_000;
const KEPT_STDERR_CHARS = 8_000;

/**
 * Starts a real cluster and resolves when it can be used. It ends with `stop`, or with this process, however that
 * ends; it does not keep this process alive.
 * @throws {Error} when it cannot be built or does not start, with the end of its logs.
 */
export async function startCluster(options: StartOptions = {}): Promise<TestCluster> {
  const assetsDir = options.assetsDir ?? readAssetsDir();
  const [command, ...args] = assetsDir
    ? [process.execPath, join(import.meta.dirname, 'assets', 'start.ts'), '--assets', assetsDir]
    : [await buildControlPlane(options.onProgress ?? reportOnStderr), 'start'];
  // A group of its own: Ctrl-C reaches us alone, and we decide when the cluster ends.
  const child = spawn(command, [...args, ...startFlags(options)], { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const line = await readReadyLine(child);
  letGo(child);
  return newTestCluster(line, () => stopProcess(child));
}

/** Stops a cluster and resolves when nothing of it runs any more. */
export async function stopCluster(cluster: TestCluster): Promise<void> {
  await cluster.stop();
}

function startFlags(options: StartOptions): string[] {
  const { name, controllers = true, nodes, port, dataDir, tokens = [], apiserverFlags = [] } = options;
  return [
    ...(name === undefined ? [] : [`--name=${name}`]),
    ...(controllers ? [] : ['--controllers=false']),
    ...(nodes === undefined ? [] : [`--nodes=${nodes}`]),
    ...(port === undefined ? [] : [`--port=${port}`]),
    ...(dataDir === undefined ? [] : [`--data-dir=${dataDir}`]),
    ...tokens.map(({ user, token, groups }) => `--token=${user}=${token}${groups ? `:${groups.join(',')}` : ''}`),
    ...apiserverFlags.map((flag) => `--apiserver-flag=${flag}`),
  ];
}

async function readReadyLine(child: ChildProcess): Promise<ReadyLine> {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-KEPT_STDERR_CHARS);
  });
  const ended = once(child, 'close').then(([code, signal]) => {
    throw new Error(`the control plane ended before it was ready (${signal ?? code}): ${said.trim()}`);
  });
  const printed = firstLine(child);
  return parseReadyLine(await Promise.race([printed, ended]));
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) {
    throw new Error('the control plane has no standard output');
  }
  const lines = createInterface({ input: child.stdout });
  const [line]: unknown[] = await once(lines, 'line');
  lines.close();
  return String(line);
}

/** Lets this process end although the cluster runs; the pipe to it closes then, and that ends the cluster. */
function letGo(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    if (stream instanceof Socket) {
      stream.unref();
    }
  }
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  child.ref();
  const ended = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  child.stdin?.end();
  await ended;
  clearTimeout(timer);
}
