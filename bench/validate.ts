/**
 * `plumbline validate` over 200 applications (half plain manifests, a quarter kustomize, a quarter Helm) for 4 clusters,
 * as a process of its own: first with an empty state, then after one application was touched, then with nothing changed.
 * Writes its table into bench/README.md.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { medianOf } from './median.ts';
import { describeMachine, writeSection } from './readme-section.ts';

const APPLICATIONS = 200;
const CLUSTERS = 4;
const COMMAND = join(import.meta.dirname, '..', 'cli', 'plumbline.mjs');

const folder = mkdtempSync(join(tmpdir(), 'plumbline-bench-validate-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
const fleet = join(folder, 'fleet');

function write(path: string, text: string): void {
  mkdirSync(dirname(join(fleet, path)), { recursive: true });
  writeFileSync(join(fleet, path), text);
}

function workload(name: string, image: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, labels: {app: ${name}}}
spec:
  replicas: 2
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: main
          image: ${image}
          ports: [{name: http, containerPort: 80}]
          resources: {requests: {cpu: 100m, memory: 64Mi}}
          livenessProbe: {httpGet: {path: /, port: http}}
---
apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec: {selector: {app: ${name}}, ports: [{name: http, port: 80, targetPort: http}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}}
data: {a: b}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}}
spec: {podSelector: {matchLabels: {app: ${name}}}, policyTypes: [Ingress]}
`;
}

function writeApplication(at: number): void {
  const name = `app-${at}`;
  const place = `apps/${name}`;
  if (at % 4 < 2) write(`${place}/all.yaml`, workload(name, 'example/x:1'));
  if (at % 4 === 2) {
    write(`${place}/all.yaml`, workload(name, 'example/x:1'));
    write(`${place}/kustomization.yaml`, 'resources: [all.yaml]\nimages: [{name: example/x, newTag: "2"}]\n');
  }
  if (at % 4 === 3) {
    write(`${place}/Chart.yaml`, `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`);
    write(`${place}/values.yaml`, 'image: example/x:1\n');
    write(`${place}/templates/all.yaml`, workload(name, '{{ .Values.image }}'));
  }
  write(
    `plumbline/${name}.yaml`,
    `apiVersion: plumbline.dev/v1\nkind: Application\nmetadata: {name: ${name}}\nspec: {source: {path: ${place}}, clusters: {all: true}, namespace: default}\n`,
  );
}

function writeFleet(): void {
  for (let at = 0; at < APPLICATIONS; at++) writeApplication(at);
  for (let at = 0; at < CLUSTERS; at++) {
    write(
      `plumbline/cluster-${at}.yaml`,
      `apiVersion: plumbline.dev/v1\nkind: Cluster\nmetadata: {name: c${at}}\nspec: {kubeconfig: {context: c${at}}, kubernetesVersion: "1.${33 + (at % 3)}"}\n`,
    );
  }
}

interface Took {
  readonly seconds: number;
  /** Of all its processes: what it takes on a machine that does nothing else is between half of that and all. */
  readonly cpuSeconds: number;
}

async function validate(state: string): Promise<Took> {
  const startedMs = performance.now();
  const words = ['validate', '--fleet', fleet, '--worktree', '--state', join(folder, state), '--json'];
  const script = '"$@" && times >&2';
  const shell = ['-c', script, 'bash', process.execPath, COMMAND, ...words];
  const { stdout, stderr } = await promisify(execFile)('bash', shell, { maxBuffer: 2 ** 28 });
  const { counts, objects } = JSON.parse(stdout);
  if (counts.error > 0 || objects !== APPLICATIONS * CLUSTERS * 4)
    throw new Error(`${objects} objects: ${stdout.slice(0, 2000)}`);
  const times = [...(stderr.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  const cpuSeconds = times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
  return { seconds: (performance.now() - startedMs) / 1000, cpuSeconds };
}

const startedLoad = loadavg()[0] ?? 0;
writeFleet();
await promisify(execFile)('git', ['init', '-q', '-b', 'main', fleet]);
const identity = ['-C', fleet, '-c', 'user.name=bench', '-c', 'user.email=bench@example.com'];
await promisify(execFile)('git', ['-C', fleet, 'add', '-A']);
await promisify(execFile)('git', [...identity, 'commit', '-qm', 'all']);

const cold = [await validate('a'), await validate('b')];
const touched: Took[] = [];
const unchanged: Took[] = [];
for (let at = 0; at < 3; at++) {
  write('apps/app-3/values.yaml', `image: example/x:${at + 2}\n`);
  touched.push(await validate('b'));
  unchanged.push(await validate('b'));
}
const rows = [
  ['nothing known', cold, 20],
  ['one application touched (a Helm chart)', touched, 2],
  ['nothing changed', unchanged, 2],
] as const;
const table = rows.map(([what, took, goal]) => {
  const seconds = took.map((one) => one.seconds);
  const cpu = medianOf(took.map((one) => one.cpuSeconds));
  const range = `${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)} s`;
  return `| ${what} | ${medianOf(seconds).toFixed(2)} s | ${range} | ${cpu.toFixed(2)} s | ${goal} s |`;
});
const head = [
  '| `plumbline validate`, 200 applications, 4 clusters | median | range | CPU time | goal |',
  '|---|---|---|---|---|',
];
writeSection('validate', `${describeMachine(startedLoad)}\n\n${[...head, ...table].join('\n')}`);
process.stdout.write(`${table.join('\n')}\n`);
