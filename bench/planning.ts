/**
 * What planning costs in a monorepo of 500 applications for 50 clusters: at first, when one application is touched, when
 * nothing is, and in a process that has not planned before. Run: `node bench/planning.ts`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatTimes } from './figures-table.ts';
import { type FleetShape, makeFleet, touchOne } from './planning/made-fleet.ts';
import { openPlanner, type Planned } from './planning/planner.ts';
import { describeMachine, writeSection } from './readme-section.ts';

const ROUNDS = 7;
const BASE = { applications: 500, clusters: 50, regions: 5 };
const SHAPES: readonly (readonly [string, FleetShape])[] = [
  ['each on all 50, a folder a region', { ...BASE, each: 'all' }],
  ['each on 5', { ...BASE, each: 5 }],
];

const startedLoad = loadavg()[0] ?? 0;
const rows: string[] = [];
for (const [name, shape] of SHAPES) rows.push(...(await measure(name, shape)));
const table = [
  '| 500 applications for 50 clusters | plan | time | time of the processor | asks for | wakes | state | blobs |',
  '|---|---|---|---|---|---|---|---|',
  ...rows,
].join('\n');
process.stdout.write(`${table}\n`);
writeSection('planning', `${describeMachine(startedLoad)}\n\n${table}`);

async function measure(name: string, shape: FleetShape): Promise<readonly string[]> {
  const { repository, remove } = await makeFleet(shape);
  const stateDir = await mkdtemp(join(tmpdir(), 'plumbline-bench-'));
  const place = {
    path: repository.path,
    branch: 'main',
    folder: 'plumbline',
    name: 'bench',
    stateDir,
    worktree: false,
  };
  const planner = openPlanner(place);
  try {
    const first = [await planner.plan()];
    const rendered = [await planner.plan()];
    const touched: Planned[] = [];
    const brought: Planned[] = [];
    const idle: Planned[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await repository.commit(`touch ${round}`, touchOne(shape, 7, `value ${round}`));
      touched.push(await planner.plan());
      brought.push(await planner.plan());
      idle.push(await planner.plan());
    }
    planner.close();
    const cold = await coldPlans(place);
    return [
      row(name, 'the first, everything new', first),
      row(name, 'everything rendered', rendered),
      row(name, 'one application touched', touched),
      row(name, 'its rendering is there', brought),
      row(name, 'nothing touched', idle),
      row(name, 'nothing touched, nothing remembered', cold),
    ];
  } finally {
    await remove();
    await rm(stateDir, { recursive: true, force: true });
  }
}

/** Of planners that have not planned before; what the compiler knows stays, unlike in a process of its own. */
async function coldPlans(place: Parameters<typeof openPlanner>[0]): Promise<readonly Planned[]> {
  const plans: Planned[] = [];
  for (let round = 0; round < 3; round++) {
    const planner = openPlanner(place);
    plans.push(await planner.plan());
    planner.close();
  }
  return plans;
}

function row(name: string, what: string, plans: readonly Planned[]): string {
  const [last] = plans.slice(-1);
  const calls = Object.entries(last?.calls ?? {});
  const of = (part: string) =>
    calls.flatMap(([call, count]) => (call.startsWith(`${part}.`) ? [`${count} ${call.slice(part.length + 1)}`] : []));
  const times = formatTimes(plans.map(({ ms }) => ms));
  const processor = formatTimes(plans.map(({ processorMs }) => processorMs));
  const blobs = of('blobs').filter((text) => !text.endsWith(' digest'));
  return `| ${name} | ${what} | ${times} | ${processor} | ${last?.renderings} | ${last?.clusters} | ${of('state').join(', ')} | ${blobs.join(', ')} |`;
}
