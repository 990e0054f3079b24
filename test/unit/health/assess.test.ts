import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assessHealth } from '../../../shared/health/assess.ts';
import { NOW_MS } from './judge.ts';

const KINDS = [
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'StatefulSet'],
  ['apps/v1', 'DaemonSet'],
  ['apps/v1', 'ReplicaSet'],
  ['batch/v1', 'Job'],
  ['batch/v1', 'CronJob'],
  ['v1', 'Pod'],
  ['v1', 'Service'],
  ['v1', 'PersistentVolumeClaim'],
  ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
  ['shop.example/v1', 'Shop'],
] as const;

const WORDS = [
  '',
  'True',
  'False',
  'Unknown',
  'Pending',
  'Running',
  'Failed',
  'OnDelete',
  'CrashLoopBackOff',
  'Unschedulable',
];
const TYPES = [
  'Ready',
  'Available',
  'Progressing',
  'Failed',
  'Complete',
  'Stalled',
  'Reconciling',
  'PodScheduled',
  'Established',
];
const FIELDS = [
  'replicas',
  'readyReplicas',
  'observedGeneration',
  'phase',
  'type',
  'suspend',
  'paused',
  'startTime',
  'clusterIP',
  'state',
  'waiting',
  'reason',
];

const scalar = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.integer({ min: -1, max: 3 }),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt({ min: 0n, max: 4n }),
);
const map = fc.dictionary(
  fc.constantFrom(...FIELDS),
  fc.oneof(scalar, fc.dictionary(fc.constantFrom(...FIELDS), scalar), fc.array(scalar)),
  { maxKeys: 6 },
);
const condition = fc.record({
  type: fc.constantFrom(...TYPES),
  status: fc.constantFrom(...WORDS),
  reason: fc.constantFrom(...WORDS),
});
const status = fc.tuple(map, fc.array(condition, { maxLength: 3 }), fc.array(map, { maxLength: 2 }));

test('every verdict on any object whatever is total, and gives a reason unless it is healthy', () => {
  const seen = new Set<string>();

  fc.assert(
    fc.property(
      fc.constantFrom(...KINDS),
      map,
      status,
      ([apiVersion, kind], spec, [fields, conditions, containerStatuses]) => {
        const verdict = assessHealth(
          {
            apiVersion,
            kind,
            metadata: { name: 'it', generation: 1 },
            spec,
            status: { ...fields, conditions, containerStatuses },
          },
          NOW_MS,
        );

        seen.add(verdict.health);
        assert.equal(verdict.reason === '', verdict.health === 'healthy', `${verdict.health}: '${verdict.reason}'`);
      },
    ),
    { numRuns: 3000, seed: 7 },
  );

  assert.deepEqual([...seen].sort(), ['degraded', 'healthy', 'progressing', 'suspended']);
});
