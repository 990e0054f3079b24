/**
 * `npm run bench`: measures the figures of bench/README.md side by side and writes them there. Takes about twelve minutes;
 * it sets no exit status by them, because a busy machine is no defect.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { startMeasuredCluster } from './control-plane.ts';
import { formatFigures } from './figures-table.ts';
import { measureDistance } from './measure-distance.ts';
import { measureRunningLoop } from './running-loop.ts';

const README = join(import.meta.dirname, 'README.md');
const BEGIN = '<!-- measured: begin -->';
const END = '<!-- measured: end -->';
const FIRST_APPLIES = 5;
const DELAY_MS = 20;
const HELP_CALLS = 9;

const startedLoad = loadavg()[0] ?? 0;
const helpMs = measureHelp();
const near = await measureDistance(0, FIRST_APPLIES, report);
const far = await measureDistance(DELAY_MS, FIRST_APPLIES, report);
const loop = await measureLoop();
const table = formatFigures({ near, far, loop, helpMs });
writeFigures(`${describeMachine()}\n\n${table}`);
process.stdout.write(`${table}\n`);

async function measureLoop() {
  report('commits in the running loop');
  const cluster = await startMeasuredCluster(0);
  try {
    return await measureRunningLoop(cluster);
  } finally {
    await cluster.stop();
  }
}

function measureHelp(): readonly number[] {
  const command = join(import.meta.dirname, '..', 'cli', 'plumbline.mjs');
  const call = () => {
    const startedMs = performance.now();
    execFileSync(process.execPath, [command, '--help']);
    return performance.now() - startedMs;
  };
  // The first call compiles what the others find in the cache.
  call();
  return Array.from({ length: HELP_CALLS }, call);
}

function describeMachine(): string {
  const date = new Date().toISOString().slice(0, 10);
  const [cpu] = cpus();
  const load = [startedLoad, loadavg()[0] ?? 0].map((value) => value.toFixed(1)).join(' before and ');
  return `${date}, Node ${process.versions.node}, ${cpus().length} x ${cpu?.model ?? 'unknown'}; load average ${load} after.`;
}

function writeFigures(figures: string): void {
  const [head, rest] = readFileSync(README, 'utf8').split(BEGIN);
  const [, tail] = (rest ?? '').split(END);
  if (head === undefined || tail === undefined) throw new Error(`${README} lacks the line ${BEGIN} or ${END}`);
  writeFileSync(README, `${head}${BEGIN}\n${figures}\n${END}${tail}`);
}

function report(line: string): void {
  process.stderr.write(`bench: ${line}\n`);
}
