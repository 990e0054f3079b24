/**
 * `npm run bench:many`: 5,000 objects in one application, beside a bare loop over the same; 10,000 ConfigMaps and 3,000
 * Deployments from commit to applied. Writes the section of bench/README.md; takes about ten minutes on a quiet machine.
 */
import { loadavg } from 'node:os';
import { formatRows, formatTimes, type Row, sizeRow, timeRow } from './figures-table.ts';
import { applyRaw, firstApply, onEngine, onFreshCluster } from './first-apply.ts';
import { type Arrival, measureArrival } from './measure-arrival.ts';
import { configMaps, deployments } from './measured-objects.ts';
import { medianOf } from './median.ts';
import { describeMachine, writeSection } from './readme-section.ts';

/** Of each of four kinds: 5,000 objects. */
const EACH = 1_250;
/** As V8 keeps itself where a function has little memory; on a large machine it collects when it likes. */
const WORK = { each: EACH, flags: ['--max-old-space-size=144', '--max-semi-space-size=8'] };
const FIRST_APPLIES = 3;
const CHECKS = 9;
const WARM_UP_CHECKS = 3;

const startedLoad = loadavg()[0] ?? 0;
const rawMs: number[] = [];
const applyMs: number[] = [];
const peaks: number[] = [];
for (let turn = 1; turn < FIRST_APPLIES; turn += 1) {
  report(`first apply of 5,000: ${turn} of ${FIRST_APPLIES}`);
  rawMs.push(await onFreshCluster(0, (cluster) => applyRaw(cluster, EACH)));
  const first = await onFreshCluster(0, (cluster) => firstApply(cluster, WORK));
  applyMs.push(...first.durationsMs);
  peaks.push(first.peakMegabytes);
}
report(`first apply of 5,000: ${FIRST_APPLIES} of ${FIRST_APPLIES}, and nothing changed`);
rawMs.push(await onFreshCluster(0, (cluster) => applyRaw(cluster, EACH)));
const check = await onFreshCluster(0, (cluster) =>
  onEngine(cluster, WORK, async (engine) => {
    const first = await engine.measure({ what: 'apply', times: 1 });
    applyMs.push(...first.durationsMs);
    peaks.push(first.peakMegabytes);
    await cluster.untilQuiet();
    await engine.measure({ what: 'check', times: WARM_UP_CHECKS });
    return await engine.measure({ what: 'check', times: CHECKS });
  }),
);
report('10,000 ConfigMaps from commit to applied');
const maps = await measureArrival((namespace) => configMaps(namespace, 10_000));
report('3,000 Deployments from commit to applied');
const workloads = await measureArrival((namespace) => deployments(namespace, 3_000));
const table = formatRows('5,000 objects of 4 kinds in one application', rows());
writeSection('many-objects', `${describeMachine(startedLoad)}\n\n${table}`);
process.stdout.write(`${table}\n`);

function rows(): readonly Row[] {
  const ratio = medianOf(applyMs) / medianOf(rawMs);
  return [
    { what: 'raw loop of server-side applies', measured: formatTimes(rawMs) },
    {
      what: 'first apply',
      measured: `${formatTimes(applyMs)}: ${ratio.toFixed(2)} x the raw loop`,
      bound: '1.3 x',
      kept: ratio <= 1.3,
    },
    timeRow(`nothing changed (${check.requests} requests)`, check.durationsMs, 1_000),
    timeRow('the same, time of the processor', check.processorMs),
    sizeRow('resident memory of the worker at its highest, first apply', Math.max(...peaks), 256),
    sizeRow('the same after 12 checks', check.peakMegabytes, 256),
    ...arrivalRows('10,000 ConfigMaps', maps, 120_000),
    ...arrivalRows('3,000 Deployments with 0 replicas', workloads, 50_000),
  ];
}

function arrivalRows(what: string, { appliedMs, healthyMs, peakMegabytes }: Arrival, boundMs: number): readonly Row[] {
  return [
    timeRow(`${what}: commit to applied`, [appliedMs], boundMs),
    timeRow(`${what}: commit to all healthy`, [healthyMs]),
    sizeRow(`${what}: resident memory of \`plumbline serve\` at its highest`, peakMegabytes),
  ];
}

function report(line: string): void {
  process.stderr.write(`bench: ${line}\n`);
}
