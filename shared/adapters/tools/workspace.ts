/**
 * Private folders for tools, and the promise that they and the processes in them go away: at the end of a run, at
 * Ctrl-C and at any other end that a process lives to see. After a `kill -9` the next process removes what is old.
 */
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import type { ToolCall } from '../../model/external-tool.ts';

const PREFIX = 'plumbline-tool-';
/** Far above every time limit. */
const STALE_AFTER_MS = 3_600_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Workspace {
  /** The tool's working folder: the given files and nothing else. */
  readonly root: string;
  /** HOME and TMPDIR of the tool. */
  readonly home: string;
  /** Names the process group to be killed if we end before it does. */
  watch(pid: number): void;
  remove(): Promise<void>;
}

interface Live {
  readonly path: string;
  pid?: number;
}

const live = new Set<Live>();
let hasSwept = false;

/** Makes a folder that only we may read and writes the files and links of a call into it. */
export async function openWorkspace({ files, links }: Pick<ToolCall, 'files' | 'links'>): Promise<Workspace> {
  if (!hasSwept) await sweep();
  const path = await realpath(await mkdtemp(join(tmpdir(), PREFIX)));
  const entry: Live = { path };
  if (live.size === 0) listen();
  live.add(entry);
  const [root, home] = [join(path, 'root'), join(path, 'home')];
  try {
    await mkdir(root);
    await mkdir(home);
    await writeFiles(root, files);
    await writeLinks(root, links);
  } catch (error) {
    await close(entry);
    throw error;
  }
  return {
    root,
    home,
    watch: (pid) => {
      entry.pid = pid;
    },
    remove: () => close(entry),
  };
}

async function writeFiles(root: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const folders = new Set([...files.keys()].map((path) => dirname(inside(path))));
  for (const folder of folders) await mkdir(join(root, folder), { recursive: true });
  for (const [path, content] of files) await writeFile(join(root, path), content, { flag: 'wx' });
}

/** After the files, so that none is written through a link. */
async function writeLinks(root: string, links: ReadonlyMap<string, string>): Promise<void> {
  for (const [path, target] of links) {
    inside(normalize(join(dirname(inside(path)), target)));
    if (isAbsolute(target)) throw new Error(`the symlink ${JSON.stringify(path)} leads out of its folder`);
    await mkdir(join(root, dirname(path)), { recursive: true });
    await symlink(target, join(root, path));
  }
}

function inside(path: string): string {
  const isOutside = isAbsolute(path) || path.split('/').includes('..') || path === '' || path.includes('\0');
  if (isOutside) throw new Error(`${JSON.stringify(path)} is no path inside a folder`);
  return path;
}

async function close(entry: Live): Promise<void> {
  await rm(entry.path, { recursive: true, force: true });
  live.delete(entry);
  if (live.size === 0) unlisten();
}

/** Ends the process group that `pid` leads, if it is still there. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // ESRCH: it has ended.
  }
}

function clearNow(): void {
  for (const { path, pid } of live) {
    if (pid !== undefined) killGroup(pid);
    rmSync(path, { recursive: true, force: true });
  }
  live.clear();
}

/** Our listener takes the signal's default effect away, so it brings it about itself unless somebody else listens too. */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  clearNow();
  unlisten();
  process.kill(process.pid, signal);
}

function listen(): void {
  process.on('exit', clearNow);
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

function unlisten(): void {
  process.off('exit', clearNow);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

async function sweep(): Promise<void> {
  hasSwept = true;
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const path = join(tmpdir(), name);
    const found = await stat(path).catch(() => undefined);
    const isOld = found !== undefined && Date.now() - found.mtimeMs > STALE_AFTER_MS;
    if (isOld) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}
