/**
 * How fast YAML is read as kubectl reads it: a long stream of everyday manifests, and what was made to keep a reader busy.
 * Run: `node bench/yaml.ts`.
 */
import { loadavg } from 'node:os';
import { parseYaml } from '../shared/render/yaml.ts';
import { formatRows, type Row } from './figures-table.ts';
import { medianOf } from './median.ts';
import { describeMachine, writeSection } from './readme-section.ts';

const DEPLOYMENTS = 10_000;
const TRIES = 9;
const MIN_MB_PER_MINUTE = 100;
const MAX_HOSTILE_MS = 1_000;
const startedLoad = loadavg()[0] ?? 0;

const deployment = (index: number) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-${index}
  labels: {app: web, tier: "front"}
spec:
  replicas: 3
  template:
    spec:
      containers:
      - name: web
        image: registry.example.com/team/web:1.2.${index}
        args: ["--listen=:8080", '--quiet']
        # what the probe looks at
        env:
        - {name: LEVEL, value: "1"}
        - name: TEXT
          value: |
            one line of text
            and another one
`;
const stream = Array.from({ length: DEPLOYMENTS }, (_, index) => deployment(index)).join('---\n');

const bomb = [...'bcdefghijk'].map(
  (name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[at]}`).join(',')}]`,
);
const fields = Array.from({ length: 5_000 }, (_, index) => `k${index}: 1`).join(', ');
const HOSTILE: readonly (readonly [string, string])[] = [
  ['aliases that come to 3.5 billion texts', `a: &a [x,x,x,x,x,x,x,x,x]\n${bomb.join('\n')}\n`],
  ['5,000 merges of 5,000 fields', `x: &x {${fields}}\n${Array(5_000).fill('m: {<<: *x}').join('\n')}\n`],
  ['a key of 1 MiB', `${'k'.repeat(1 << 20)}: 1\n`],
  ['a quoted key of 1 MiB', `"${'k'.repeat(1 << 20)}": 1\n`],
  ['1 MiB of opening brackets', '['.repeat(1 << 20)],
  ['1 MiB of list marks', '- '.repeat(1 << 19)],
  ['2 MiB of line breaks in quotes', `a: "${'\n'.repeat(1 << 21)}`],
  ['200,000 equal keys', 'a: 1\n'.repeat(200_000)],
];

const megabytes = Buffer.byteLength(stream) / 1e6;
const speeds = Array.from({ length: TRIES }, () => (megabytes / timeOf(stream)) * 60_000);
const rows: Row[] = [
  {
    what: `${DEPLOYMENTS.toLocaleString('en')} Deployments, ${megabytes.toFixed(1)} MB`,
    measured: `${medianOf(speeds).toFixed(0)} MB/min (${Math.min(...speeds).toFixed(0)} to ${Math.max(...speeds).toFixed(0)}, ${TRIES} times)`,
    bound: `${MIN_MB_PER_MINUTE} MB/min`,
    kept: medianOf(speeds) >= MIN_MB_PER_MINUTE,
  },
  ...HOSTILE.map(([what, text]): Row => {
    const tookMs = medianOf(Array.from({ length: TRIES }, () => timeOf(text)));
    return { what, measured: `${tookMs.toFixed(0)} ms`, bound: `${MAX_HOSTILE_MS} ms`, kept: tookMs <= MAX_HOSTILE_MS };
  }),
];
const table = formatRows('YAML', rows);
writeSection('yaml', `${describeMachine(startedLoad)}\n\n${table}`);
process.stdout.write(`${table}\n`);

function timeOf(text: string): number {
  const startMs = performance.now();
  parseYaml(text);
  return performance.now() - startMs;
}
