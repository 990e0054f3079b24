import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Change } from '../../../shared/model/change.ts';
import type { Json } from '../../../shared/model/json.ts';
import { type KubeObject, refOf } from '../../../shared/model/kube-object.ts';
import { formatRef } from '../../../shared/model/object-ref.ts';
import type { RunSummary, SeenDrift } from '../../../shared/model/status.ts';
import { formatDrift } from '../../../shared/report/drift-text.ts';
import { eventJson } from '../../../shared/report/event-json.ts';
import { formatExplained } from '../../../shared/report/explain-text.ts';
import type { FleetPlan } from '../../../shared/report/fleet-plan.ts';
import { driftJson, explainJson, planJson } from '../../../shared/report/json-report.ts';
import { MASK, maskObject } from '../../../shared/report/mask.ts';
import { formatPlan } from '../../../shared/report/plan-text.ts';

const NOW_MS = Date.parse('2026-11-21T12:00:00Z');
const COMMIT = { revision: '4f9c2e1', subject: 'x', author: 'Ana', committedAtMs: NOW_MS };
const META = { name: 'db', namespace: 'web' };

/** Secret texts that no other part of a report could hold: every character is from a block that reports do not use. */
const secretText = fc.string({ minLength: 6, maxLength: 40, unit: fc.constantFrom('ᚠ', 'ᚢ', 'ᚦ', 'ᚨ', '\n') });
const dataKey = fc.stringMatching(/^[a-z][-._a-z0-9]{0,12}$/);
const secretData = fc.dictionary(dataKey, secretText, { minKeys: 1, maxKeys: 4 });

const base64 = (text: string) => Buffer.from(text).toString('base64');

function secretsOf(data: Readonly<Record<string, string>>): KubeObject {
  const encoded = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)]));
  const applied = JSON.stringify({ data: encoded, stringData: data });
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'Opaque',
    metadata: { ...META, annotations: { 'kubectl.kubernetes.io/last-applied-configuration': applied } },
    data: encoded,
    stringData: data,
  };
}

function deploymentOf(data: Readonly<Record<string, string>>): KubeObject {
  const env = Object.entries(data).map(([key, value]) => ({ name: `${key}_TOKEN`, value }));
  const last = JSON.stringify({ spec: { env } });
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': last };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...META, annotations },
    spec: { containers: [{ name: 'app', env: [...env, ...env] }] },
  };
}

function planOf(before: KubeObject, after: KubeObject): FleetPlan {
  const common = { application: 'web', wave: 0, digest: 'd', desired: after };
  const drift = driftOf(before, after);
  const changes: readonly Change[] = [
    { op: 'update', ref: refOf(after), ...common, live: before, drift },
    { op: 'create', ref: { ...refOf(after), name: 'new' }, ...common },
    { op: 'prune', ref: refOf(before), application: 'web', wave: 0, uid: 'u', live: before },
    { op: 'skip', ref: refOf(before), application: 'web', wave: 0, reason: 'drift-reported', live: before, drift },
  ];
  const preview = { cluster: 'prod', requests: 1, durationMs: 1, changes, refusals: [] };
  const clusters = [
    { ...preview, merged: new Map([[formatRef(refOf(after)), after]]) },
    { ...preview, cluster: 'other', merged: new Map() },
  ];
  return { commit: COMMIT, durationMs: 1, problems: [], clusters };
}

function driftOf(before: KubeObject, after: KubeObject): SeenDrift {
  const field = (path: string, pointer: string, wanted: Json | undefined, found: Json | undefined) => ({
    path,
    pointer,
    ...(wanted === undefined ? {} : { wanted }),
    ...(found === undefined ? {} : { found }),
  });
  const annotation = 'metadata.annotations[kubectl.kubernetes.io/last-applied-configuration]';
  const dataOf = (object: KubeObject) => JSON.parse(JSON.stringify(object.data ?? object.spec)) as Json;
  const leaves =
    after.kind === 'Secret' ? Object.entries(JSON.parse(JSON.stringify(after.data)) as Record<string, string>) : [];
  return {
    ref: refOf(after),
    application: 'web',
    kind: 'changed',
    cluster: 'prod',
    seenAtMs: NOW_MS,
    act: 'healed',
    fields: [
      field(
        annotation,
        '',
        before.metadata.annotations?.['kubectl.kubernetes.io/last-applied-configuration'],
        undefined,
      ),
      field(after.kind === 'Secret' ? 'data' : 'spec', '', dataOf(before), dataOf(after)),
      ...leaves.map(([key, value]) => field(`data[${key}]`, '', value, base64('ᚠᚢᚦᚨᚠᚢ'))),
    ],
  };
}

function runOf(drift: SeenDrift): RunSummary {
  const counts = { created: 0, configured: 1, unchanged: 0, pruned: 0, skipped: 0, failed: 0 };
  const times = { startedAtMs: NOW_MS, durationMs: 1, stagesMs: {} };
  return { run: 'r1', cluster: 'prod', cause: 'sweep', requests: 1, ...times, counts, problems: [], drift: [drift] };
}

function everyReport(before: KubeObject, after: KubeObject): readonly string[] {
  const plan = planOf(before, after);
  const drift = driftOf(before, after);
  const options = { color: false, nowMs: NOW_MS, width: 500 };
  const explained = {
    ref: refOf(after),
    cluster: 'prod',
    sync: 'synced',
    health: { health: 'healthy', reason: '' },
    managers: [],
    drift,
    problems: [],
    dependants: [],
  } as const;
  return [
    ...([true, false] as const).map((full) => formatPlan(plan, { ...options, by: 'fleet', full })),
    formatPlan(plan, { ...options, by: 'cluster', full: true }),
    JSON.stringify(planJson(plan)),
    formatDrift([drift], options),
    JSON.stringify(driftJson([drift], NOW_MS)),
    JSON.stringify(eventJson({ event: 'run-ended', run: runOf(drift), applications: [] }, NOW_MS)),
    formatExplained(explained, options),
    JSON.stringify(explainJson(explained)),
    JSON.stringify(maskObject(before)),
  ];
}

/** What would betray a value: any run of it, plain or in base64, longer than chance. */
function traces(data: Readonly<Record<string, string>>): readonly string[] {
  return Object.values(data).flatMap((value) => [
    ...value.split('\n').filter((line) => line.length > 1),
    base64(value),
  ]);
}

for (const [kind, build] of [
  ['Secret', secretsOf],
  ['Deployment with tokens in its environment', deploymentOf],
] as const) {
  test(`no report shows a byte of a value of a ${kind}`, () => {
    fc.assert(
      fc.property(secretData, secretData, (before, after) => {
        const reports = everyReport(build(before), build(after));

        for (const report of reports) {
          assert.ok(report.includes(MASK), 'the report shows the field');
          for (const trace of [...traces(before), ...traces(after)])
            assert.ok(!report.includes(trace), `${trace} in ${report}`);
        }
      }),
      { numRuns: 100 },
    );
  });
}
