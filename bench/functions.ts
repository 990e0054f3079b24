/**
 * Measures how long each function takes to start, and writes it into bench/README.md. `node bench/functions.ts`; about
 * half a minute.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunctions, type FunctionBundle } from '../infra/bundle-functions.ts';
import type { FunctionName } from '../shared/config/names.ts';
import { medianOf } from './median.ts';
import { describeMachine, writeSection } from './readme-section.ts';

const STARTS = 15;
const BOUND_MS = 200;
const BOUNDS_MS: Readonly<Partial<Record<FunctionName, number>>> = { 'reconcile-cluster': 300 };
const DEPLOYED = ['--enable-source-maps'];

interface Start {
  readonly wallMs: number;
  readonly processorMs: number;
  /** Modules of Node itself that were loaded for it. */
  readonly builtins: number;
}

const startedLoad = loadavg()[0] ?? 0;
const out = mkdtempSync(join(tmpdir(), 'bench-functions-'));
try {
  const rows = bundleFunctions(out).map(rowOf);
  const table = [
    '| function | start | bound | | without maps | processor | bundle | gzipped | modules |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
  writeSection('functions', `${describeMachine(startedLoad)}\n\n${table}`);
  process.stdout.write(`${table}\n`);
} finally {
  rmSync(out, { recursive: true, force: true });
}

function rowOf({ name, folder, bytes, gzipBytes, inputs }: FunctionBundle): string {
  const file = join(folder, 'index.mjs');
  // The first start reads the file from the disk.
  startOnce(file, DEPLOYED);
  const deployed = Array.from({ length: STARTS }, () => startOnce(file, DEPLOYED));
  const bare = Array.from({ length: STARTS }, () => startOnce(file, []));
  const wallMs = deployed.map((start) => start.wallMs);
  const bound = BOUNDS_MS[name] ?? BOUND_MS;
  const median = medianOf(wallMs);
  const spread = `${Math.round(Math.min(...wallMs))} to ${Math.round(Math.max(...wallMs))}, ${STARTS} times`;
  const cells = [
    `\`${name}\``,
    `${Math.round(median)} ms (${spread})`,
    `${bound} ms`,
    median <= bound ? '✓' : '✗ missed',
    `${Math.round(medianOf(bare.map((start) => start.wallMs)))} ms`,
    `${Math.round(medianOf(deployed.map((start) => start.processorMs)))} ms`,
    kilobytes(bytes),
    kilobytes(gzipBytes),
    `${inputs.length} and ${medianOf(deployed.map((start) => start.builtins))} of Node`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function startOnce(file: string, flags: readonly string[]): Start {
  const program = `
    import { createRequire } from 'node:module';
    const load = createRequire('/');
    const [startedMs, startedCpu, before] = [performance.now(), process.cpuUsage(), process.moduleLoadList.length];
    load(${JSON.stringify(file)});
    const wallMs = performance.now() - startedMs;
    const { user, system } = process.cpuUsage(startedCpu);
    const builtins = process.moduleLoadList.length - before;
    console.log(JSON.stringify({ wallMs, processorMs: (user + system) / 1000, builtins }));`;
  const printed = execFileSync(process.execPath, [...flags, '--input-type=module', '--eval', program], { env: {} });
  return JSON.parse(printed.toString());
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1024).toLocaleString('en')} KB`;
}
