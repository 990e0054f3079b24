/**
 * `npm run bench`: measures the figures of bench/README.md side by side and writes them there. Takes about twelve minutes;
 * it sets no exit status by them, because a busy machine is no defect.
 */
import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { startMeasuredCluster } from './control-plane.ts';
import { formatFigures } from './figures-table.ts';
import { measureDistance } from './measure-distance.ts';
import { describeMachine, writeSection } from './readme-section.ts';
import { measureRunningLoop } from './running-loop.ts';

const FIRST_APPLIES = 5;
const DELAY_MS = 20;
const HELP_CALLS = 9;

const startedLoad = loadavg()[0] ?? 0;
const helpMs = measureHelp();
const near = await measureDistance(0, FIRST_APPLIES, report);
const far = await measureDistance(DELAY_MS, FIRST_APPLIES, report);
const loop = await measureLoop();
const table = formatFigures({ near, far, loop, helpMs });
writeSection('measured', `${describeMachine(startedLoad)}\n\n${table}`);
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

function report(line: string): void {
  process.stderr.write(`bench: ${line}\n`);
}
