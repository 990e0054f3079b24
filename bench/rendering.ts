/**
 * Rendering 500 applications, half of them charts and half kustomizations, of 50 distinct inputs: the tools called one by
 * one on the files, against `renderFleet` with nothing cached and with everything cached. Run: `node bench/rendering.ts`.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { openLocalFleet } from '../cli/local-fleet.ts';
import { openLocalRendering } from '../cli/local-rendering.ts';
import { findTools } from '../shared/adapters/tools/find-tools.ts';
import { readEnvironment } from '../shared/config/environment.ts';
import { renderFleet } from '../shared/job/render-fleet.ts';
import { makeRepository } from '../test/contract/source-repository.ts';
import { formatRows, formatTimes } from './figures-table.ts';
import { medianOf } from './median.ts';
import { describeMachine, writeSection } from './readme-section.ts';

const APPLICATIONS = 500;
const INPUTS = 50;
const COLD_ROUNDS = 3;
const WARM_ROUNDS = 7;
const run = promisify(execFile);

const isChart = (input: number) => input % 2 === 0;
const folderOf = (input: number) => `apps/input-${input}`;
const numbers = (count: number) => [...Array(count).keys()];

const startedLoad = loadavg()[0] ?? 0;
const { repository, remove } = await makeRepository();
try {
  await repository.commit('everything', {
    'plumbline/cluster.yaml': clusterYaml(),
    'plumbline/applications.yaml': numbers(APPLICATIONS).map(applicationYaml).join('---\n'),
    ...Object.assign({}, ...numbers(INPUTS).map(filesOf)),
  });
  const tools = [await callTools()];
  const cold: number[] = [];
  let stateDir = '';
  for (let round = 0; round < COLD_ROUNDS; round++) {
    if (stateDir !== '') await rm(stateDir, { recursive: true });
    stateDir = await mkdtemp(join(tmpdir(), 'plumbline-bench-'));
    cold.push(await renderAll(stateDir));
  }
  const warm: number[] = [];
  for (let round = 0; round < WARM_ROUNDS; round++) warm.push(await renderAll(stateDir));
  await rm(stateDir, { recursive: true });
  const faster = (times: readonly number[]) => medianOf(tools) / medianOf(times);
  const table = formatRows('500 applications, 50 distinct inputs', [
    { what: '`helm template` and `kubectl kustomize`, one by one', measured: formatTimes(tools) },
    {
      what: 'nothing cached',
      measured: `${formatTimes(cold)}: ${faster(cold).toFixed(1)} x faster`,
      bound: '8 x',
      kept: faster(cold) >= 8,
    },
    {
      what: 'everything cached',
      measured: `${formatTimes(warm)}: ${faster(warm).toFixed(0)} x faster`,
      bound: '100 x',
      kept: faster(warm) >= 100,
    },
  ]);
  process.stdout.write(`${table}\n`);
  writeSection('rendering', `${describeMachine(startedLoad)}\n\n${table}`);
} finally {
  await remove();
}

async function callTools(): Promise<number> {
  const { kubectlPath } = await findTools();
  const helmPath = join(dirname(kubectlPath), 'helm');
  const startedMs = performance.now();
  for (const application of numbers(APPLICATIONS)) {
    const input = application % INPUTS;
    const folder = join(repository.path, folderOf(input));
    if (isChart(input)) await run(helmPath, ['template', 'web', folder, '--namespace', 'web']);
    else await run(kubectlPath, ['kustomize', folder]);
  }
  return performance.now() - startedMs;
}

/** A process that has done nothing yet, but for what the compiler knows. */
async function renderAll(stateDir: string): Promise<number> {
  const environment = readEnvironment();
  const place = {
    path: repository.path,
    branch: 'main',
    folder: 'plumbline',
    name: 'bench',
    stateDir,
    worktree: false,
  };
  const local = openLocalFleet(place, environment);
  try {
    const io = { environment, note: () => undefined } as unknown as Parameters<typeof openLocalRendering>[1];
    const deps = await openLocalRendering(local, io, { unknown: 'assume' });
    const startedMs = performance.now();
    const { clusters } = await renderFleet(deps, { fleet: 'bench', ref: 'main', folder: 'plumbline' });
    const ms = performance.now() - startedMs;
    const rendered = clusters.reduce((sum, { applications }) => sum + applications.length, 0);
    if (rendered !== APPLICATIONS) throw new Error(`${rendered} applications were rendered`);
    return ms;
  } finally {
    local.close();
  }
}

function clusterYaml(): string {
  const one = (cluster: number) =>
    `apiVersion: plumbline.dev/v1\nkind: Cluster\nmetadata: {name: cluster-${cluster}}\nspec: {kubeconfig: {context: c${cluster}}}\n`;
  return numbers(APPLICATIONS / INPUTS)
    .map(one)
    .join('---\n');
}

function applicationYaml(application: number): string {
  const input = application % INPUTS;
  // Fifty in each of ten clusters, where they have the same namespaces: a chart is told its own.
  const cluster = Math.floor(application / INPUTS);
  const render = isChart(input) ? 'render: {helm: {releaseName: web}}' : 'render: {kustomize: {}}';
  return `apiVersion: plumbline.dev/v1
kind: Application
metadata: {name: app-${application}}
spec: {clusters: {names: [cluster-${cluster}]}, namespace: web, source: {path: ${folderOf(input)}}, ${render}}
`;
}

function filesOf(input: number): Readonly<Record<string, string>> {
  const folder = folderOf(input);
  const objects = (value: string) =>
    numbers(10)
      .map(
        (n) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config-${input}-${n}}\ndata: {value: "${value}"}\n`,
      )
      .join('---\n');
  if (!isChart(input)) {
    return {
      [`${folder}/kustomization.yaml`]: 'resources: [objects.yaml]\nlabels: [{pairs: {team: web}}]\n',
      [`${folder}/objects.yaml`]: objects(`kustomized ${input}`),
    };
  }
  return {
    [`${folder}/Chart.yaml`]: 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
    [`${folder}/values.yaml`]: `value: ${input}\n`,
    [`${folder}/templates/objects.yaml`]: objects('{{ .Values.value }}'),
  };
}
