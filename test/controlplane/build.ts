/**
 * Builds the control plane once into a cache outside the checkout, keyed by its sources and by the Go release, so that
 * every checkout and every run after the first starts it at once.
 */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { goEnvironment, readCacheRoot } from './environment.ts';
import { type FileLock, tryLockFile } from './file-lock.ts';

/** Takes one line of text for a person who waits. */
export type ReportProgress = (line: string) => void;

const SOURCE_DIR = import.meta.dirname;
const PROGRESS_INTERVAL_MS = 10_000;
const LOCK_INTERVAL_MS = 250;
const OLDEST_GO_MINOR = 26;
const UNUSED_AFTER_MS = 14 * 24 * 3600 * 1000;

/** The message of the error when there is no Go to build with. It is how a report tells that a test was not to blame. */
export const CONTROL_PLANE_MISSING =
  `Go 1.${OLDEST_GO_MINOR} or newer is needed to build the test control plane; install it from https://go.dev/dl, ` +
  'or set KUBEBUILDER_ASSETS to a directory with etcd and kube-apiserver. ' +
  'Without either, only the tests and the demo that need a cluster do not run';

/** Writes a line to standard error. */
export function reportOnStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}

/**
 * Returns the path of the binary, built now if it has to be. Several processes may ask at once: one builds, the others
 * wait for it.
 * @throws {Error} CONTROL_PLANE_MISSING without a Go that can build it; or that the build failed, with the end of what
 * it said.
 */
export async function buildControlPlane(onProgress: ReportProgress = reportOnStderr): Promise<string> {
  const cacheRoot = readCacheRoot();
  const target = join(cacheRoot, await digestSources(await readGoVersion()));
  const binary = join(target, 'controlplane');
  if (existsSync(binary)) {
    await utimes(target, new Date(), new Date());
    return binary;
  }
  await mkdir(cacheRoot, { recursive: true });
  const lock = await waitForLock(join(cacheRoot, 'build.lock'), onProgress);
  try {
    if (!existsSync(binary)) {
      await removeUnused(cacheRoot);
      await build(target, onProgress);
    }
    return binary;
  } finally {
    lock.release();
  }
}

async function readGoVersion(): Promise<string> {
  const run = promisify(execFile)('go', ['env', 'GOVERSION', 'GOOS', 'GOARCH'], { cwd: SOURCE_DIR });
  const { stdout } = await run.catch((cause: unknown) => {
    throw new Error(CONTROL_PLANE_MISSING, { cause });
  });
  const minor = Number(/^go1\.(\d+)/.exec(stdout)?.[1] ?? Number.POSITIVE_INFINITY);
  if (minor < OLDEST_GO_MINOR) {
    throw new Error(CONTROL_PLANE_MISSING, { cause: new Error(`found ${stdout.split('\n')[0]}`) });
  }
  return stdout;
}

async function digestSources(goVersion: string): Promise<string> {
  const hash = createHash('sha256')
    .update(goVersion)
    .update(JSON.stringify(buildFlags('')));
  const paths = await readdir(SOURCE_DIR, { recursive: true });
  for (const path of paths.filter(isSource).sort()) {
    hash.update(`\0${path}\0`).update(await readFile(join(SOURCE_DIR, path)));
  }
  return hash.digest('hex');
}

/** Says whether the binary depends on the file; tests do not count, and embedded YAML does. */
function isSource(path: string): boolean {
  return /(\.go|^go\.(mod|sum)|\.yaml)$/.test(path) && !path.endsWith('_test.go');
}

async function waitForLock(path: string, onProgress: ReportProgress): Promise<FileLock> {
  for (let attempt = 0; ; attempt += 1) {
    const lock = tryLockFile(path);
    if (lock) {
      return lock;
    }
    if (attempt === 0) {
      onProgress('another process is building the test control plane: waiting for it');
    }
    await delay(LOCK_INTERVAL_MS);
  }
}

async function removeUnused(cacheRoot: string): Promise<void> {
  for (const entry of await readdir(cacheRoot, { withFileTypes: true })) {
    const path = join(cacheRoot, entry.name);
    if (entry.isDirectory() && Date.now() - (await stat(path)).mtimeMs > UNUSED_AFTER_MS) {
      await rm(path, { recursive: true, force: true });
    }
  }
}

async function build(target: string, onProgress: ReportProgress): Promise<void> {
  onProgress(`building the test control plane, once: about 5 minutes on 2 cores (into ${target})`);
  const unfinished = `${target}.unfinished`;
  const startedAt = Date.now();
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished);
  await runGoBuild(join(unfinished, 'controlplane'), (state) => onProgress(`  ${secondsSince(startedAt)} s: ${state}`));
  await rename(unfinished, target);
  onProgress(`built the test control plane in ${secondsSince(startedAt)} s`);
}

function buildFlags(kubernetesVersion: string): string[] {
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(kubernetesVersion) ?? [];
  const version = 'k8s.io/component-base/version';
  const variables = {
    [`${version}.gitVersion`]: kubernetesVersion,
    [`${version}.gitMajor`]: major,
    [`${version}.gitMinor`]: minor,
    'k8s.io/client-go/pkg/version.gitVersion': kubernetesVersion,
  };
  const settings = Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`);
  return ['-v', '-buildvcs=false', `-ldflags=-s -w ${settings.join(' ')}`];
}

async function readKubernetesVersion(): Promise<string> {
  const goMod = await readFile(join(SOURCE_DIR, 'go.mod'), 'utf8');
  const version = /^\s*k8s\.io\/kubernetes (v\S+)/m.exec(goMod)?.[1];
  if (!version) {
    throw new Error(`${relative(process.cwd(), SOURCE_DIR)}/go.mod: k8s.io/kubernetes is not required there`);
  }
  return version;
}

async function runGoBuild(output: string, onState: ReportProgress): Promise<void> {
  const flags = buildFlags(await readKubernetesVersion());
  const go = spawn('go', ['build', ...flags, '-o', output, '.'], {
    cwd: SOURCE_DIR,
    env: goEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines: string[] = [];
  let rest = '';
  go.stderr.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  const timer = setInterval(() => onState(describeProgress(lines)), PROGRESS_INTERVAL_MS);
  try {
    await new Promise<void>((resolve, reject) => {
      go.on('error', reject);
      go.on('close', (code) => (code === 0 ? resolve() : reject(new Error(describeFailure([...lines, rest])))));
    });
  } finally {
    clearInterval(timer);
  }
}

/** `go build -v` names each module that it downloads and each package that it compiles. */
function describeProgress(lines: readonly string[]): string {
  const downloaded = lines.filter((line) => line.startsWith('go: downloading ')).length;
  return `${downloaded} modules downloaded, ${lines.length - downloaded} packages compiled`;
}

function describeFailure(lines: readonly string[]): string {
  const said = lines.filter((line) => line !== '' && !line.startsWith('go: downloading '));
  return `building the test control plane failed:\n${said.slice(-15).join('\n')}`;
}

function secondsSince(startMs: number): number {
  return Math.round((Date.now() - startMs) / 1000);
}

if (import.meta.main) {
  try {
    process.stdout.write(`${await buildControlPlane()}\n`);
  } catch (error) {
    reportOnStderr(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
