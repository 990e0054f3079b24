import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { refOf } from '../../../shared/model/kube-object.ts';
import type { FleetPlan } from '../../../shared/report/fleet-plan.ts';
import { planJson } from '../../../shared/report/json-report.ts';

test('an int64 beyond 2^53 is text, so that no reader of the JSON loses a digit', () => {
  const desired: KubeObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'x' },
    spec: { serials: [9007199254740993n] },
  };
  const change = { op: 'create', ref: refOf(desired), application: 'web', wave: 0, desired, digest: 'd' } as const;
  const preview = { cluster: 'eu', requests: 1, durationMs: 1, changes: [change], merged: new Map(), refusals: [] };
  const commit = { revision: 'r', subject: 's', author: 'a', committedAtMs: 0 };
  const plan: FleetPlan = { commit, durationMs: 1, problems: [], clusters: [preview] };

  assert.match(JSON.stringify(planJson(plan)), /\{"path":"spec.serials","after":\["9007199254740993"\]\}/);
});
