/**
 * How long it takes to judge 10,000 objects: as a run meets them, most of them kinds without a status, workloads, and
 * custom resources by a rule, by their conditions, and by an application's own CEL. Run: `node bench/health.ts`.
 */
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { createAssess } from '../shared/job/reconcile/assess-objects.ts';
import { healthCheckSchema } from '../shared/model/health-check.ts';
import type { KubeObject } from '../shared/model/kube-object.ts';
import { readRealObjects } from '../test/unit/health/real-objects.ts';
import { medianOf } from './median.ts';
import { describeMachine, writeSection } from './readme-section.ts';

const OBJECTS = 10_000;
const TRIES = 21;
const startedLoad = loadavg()[0] ?? 0;

const samples = readRealObjects(join(import.meta.dirname, '../test/unit/health/samples')).flatMap(
  ({ object }) => object ?? [],
);
const configMap = (index: number): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: `c${index}`, namespace: 'web' },
});
const deployment = (index: number): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: `d${index}`, namespace: 'web', generation: 1 },
  spec: { replicas: 2, progressDeadlineSeconds: 600 },
  status: {
    observedGeneration: 1,
    ...{ replicas: 2, updatedReplicas: 2, availableReplicas: 2, readyReplicas: 2 },
    conditions: [
      { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' },
      { type: 'Available', status: 'True' },
    ],
  },
});
const unknown = (index: number): KubeObject => ({
  apiVersion: 'shop.example/v1',
  kind: 'Shop',
  metadata: { name: `s${index}`, namespace: 'web' },
  status: { phase: 'Open', conditions: [{ type: 'Ready', status: 'True' }] },
});
const check = healthCheckSchema.parse({
  group: 'shop.example',
  kind: 'Shop',
  healthy: "status.conditions.exists(c, c.type == 'Ready' && c.status == 'True')",
});

const loadedAt = performance.now();
const withCel = await createAssess([{ name: 'web', healthChecks: [check] }]);
const loadMs = performance.now() - loadedAt;
const plain = await createAssess([]);
const rows = [
  measure('10,000 ConfigMaps', plain, configMap),
  measure('10,000 Deployments', plain, deployment),
  measure('10,000 custom resources with a rule', plain, (index) => samples[index % samples.length] ?? configMap(index)),
  measure('10,000 custom resources without a rule', plain, unknown),
  measure('10,000 custom resources by CEL', withCel, unknown),
];
const table = ['| judged | median ms | worst ms |', '|---|---|---|', ...rows].join('\n');
writeSection('health', `${describeMachine(startedLoad)} Loading CEL: ${loadMs.toFixed(0)} ms.\n\n${table}`);
process.stdout.write(`${table}\nloading CEL: ${loadMs.toFixed(0)} ms\n`);

function measure(
  name: string,
  assess: Awaited<ReturnType<typeof createAssess>>,
  make: (index: number) => KubeObject,
): string {
  const objects = Array.from({ length: OBJECTS }, (_, index) => make(index));
  const tookMs = Array.from({ length: TRIES }, () => {
    const startMs = performance.now();
    for (const object of objects) assess('web', object, 0);
    return performance.now() - startMs;
  });
  return `| ${name} | ${medianOf(tookMs).toFixed(0)} | ${Math.max(...tookMs).toFixed(0)} |`;
}
