/** A fleet repository of one application in one cluster, and `plumbline serve` over it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { KubeObject } from '../shared/model/kube-object.ts';
import type { MeasuredCluster } from './control-plane.ts';

export const FLEET = 'bench';

export interface MeasuredRepository {
  /** Writes a file of the application. */
  write(file: string, objects: readonly KubeObject[]): void;
  commit(message: string): void;
}

/** Makes the repository in `root`; nothing is committed yet. */
export function createRepository(root: string, cluster: MeasuredCluster): MeasuredRepository {
  const path = join(root, 'fleet');
  mkdirSync(path);
  const git = (...parameters: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com', ...parameters], { cwd: path });
  const write = (file: string, documents: readonly unknown[]) => {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), documents.map((document) => JSON.stringify(document)).join('\n---\n'));
  };
  const declarations = [
    { kind: 'Cluster', spec: { kubeconfig: { path: cluster.kubeconfigPath, context: cluster.context } } },
    { kind: 'Application', spec: { source: { path: 'load' }, clusters: { all: true }, namespace: cluster.namespace } },
  ];
  write(
    'plumbline/fleet.yaml',
    declarations.map((declaration) => ({ apiVersion: 'plumbline.dev/v1', metadata: { name: 'load' }, ...declaration })),
  );
  git('init', '--quiet', '--initial-branch=main');
  return {
    write: (file, objects) => write(join('load', file), objects),
    commit(message) {
      git('add', '.');
      git('commit', '--quiet', '--message', message);
    },
  };
}

/** Starts `plumbline serve` over the repository in `root`, with its state there too. */
export function startServing(root: string): ChildProcess {
  const command = join(import.meta.dirname, '..', 'cli', 'plumbline.mjs');
  const places = ['--fleet', join(root, 'fleet'), '--state', join(root, 'state')];
  return spawn(process.execPath, [command, 'serve', ...places, '--name', FLEET, '--port', '7799'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

export async function stopServing(server: ChildProcess): Promise<void> {
  server.kill('SIGINT');
  await once(server, 'exit');
}

/** Resident memory, now and at most. Linux counts it; elsewhere there is no figure. */
export function memoryOf(pid: number | undefined): { readonly megabytes: number; readonly peakMegabytes: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytesOf = (field: string) => Number(new RegExp(`${field}:\\s*(\\d+) kB`).exec(status)?.[1]) / 1_024;
  return { megabytes: megabytesOf('VmRSS'), peakMegabytes: megabytesOf('VmHWM') };
}
