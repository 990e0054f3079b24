import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Applied } from '../../../../shared/job/reconcile/apply-object.ts';
import { type RunOutcome, summariseApplications } from '../../../../shared/job/reconcile/summarise-applications.ts';
import { clusterSchema } from '../../../../shared/model/declarations.ts';
import type { DesiredApplication } from '../../../../shared/model/desired-state.ts';
import type { HealthVerdict } from '../../../../shared/model/health.ts';
import type { KubeObject } from '../../../../shared/model/kube-object.ts';
import type { Problem } from '../../../../shared/model/problem.ts';
import type { ApplicationStatus } from '../../../../shared/model/status.ts';
import { syncPolicySchema } from '../../../../shared/model/sync-policy.ts';

const LIVE: KubeObject = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'api', namespace: 'web' } };
const REF = { group: 'apps', kind: 'Deployment', namespace: 'web', name: 'api' };
const PROBLEM: Problem = { code: 'Forbidden', subject: 'x', act: 'apply', wrong: 'y', remedy: 'z' };

describe('the status of an application after a run', () => {
  it('is synced and healthy when every object is', () => {
    const [status] = summariseApplications(run([kept({ health: 'healthy', reason: '' })]));

    assert.deepEqual(
      { sync: status?.sync, health: status?.health, objects: status?.objects, problems: status?.problems },
      { sync: 'synced', health: 'healthy', objects: 1, problems: [] },
    );
  });

  it('has the worst health and names the object that waits', () => {
    const [status] = summariseApplications(
      run([kept({ health: 'healthy', reason: '' }), kept({ health: 'progressing', reason: '1 of 2 ready' })]),
    );

    assert.equal(status?.health, 'progressing');
    assert.equal(status?.healthReason, 'Deployment api: 1 of 2 ready');
  });

  it('is out of sync with a failed object, and keeps at most 20 problems of 512 characters', () => {
    const problems = Array.from({ length: 30 }, (_, index) => ({ ...PROBLEM, wrong: `${index} ${'w'.repeat(2_000)}` }));
    const [status] = summariseApplications(run(problems.map(failedWith)));

    assert.equal(status?.sync, 'out-of-sync');
    assert.equal(status?.problems.length, 20);
    assert.ok(status?.problems.every(({ wrong }) => wrong.length < 512));
  });

  it('says the same problem of many objects once', () => {
    const [status] = summariseApplications(run([failedWith(PROBLEM), failedWith({ ...PROBLEM })]));

    assert.deepEqual(status?.problems, [PROBLEM]);
  });

  it('is degraded when it progresses for longer than sync.timeout, and stays so while nothing changes', () => {
    const slow = [kept({ health: 'progressing', reason: 'no Pod yet' })];
    const [first] = summariseApplications(run(slow, { nowMs: 0 }));
    const [late] = summariseApplications(run(slow, { nowMs: 601_000, previous: first ? [first] : [] }));
    const [later] = summariseApplications(run(slow, { nowMs: 602_000, previous: late ? [late] : [] }));

    assert.equal(first?.health, 'progressing');
    assert.deepEqual([late?.health, late?.problems[0]?.code], ['degraded', 'HealthTimeout']);
    assert.deepEqual([later?.health, later?.sinceMs], ['degraded', 601_000]);
    assert.equal(later?.sync, 'synced');
  });

  it('gets its time anew when Git changes', () => {
    const slow = [kept({ health: 'progressing', reason: 'no Pod yet' })];
    const [first] = summariseApplications(run(slow, { nowMs: 0 }));
    const previous = first ? [{ ...first, inputDigest: 'older' }] : [];

    const [status] = summariseApplications(run(slow, { nowMs: 601_000, previous }));

    assert.equal(status?.health, 'progressing');
    assert.equal(status?.sinceMs, 601_000);
  });

  it('is missing, with what is wrong, while it could never be rendered', () => {
    const outcome = run([]);
    const unavailable = [{ name: 'broken', problems: [PROBLEM] }];
    const statuses = summariseApplications({ ...outcome, desired: { ...outcome.desired, unavailable } });

    const broken = statuses.find(({ application }) => application === 'broken');
    assert.deepEqual([broken?.sync, broken?.health, broken?.problems], ['out-of-sync', 'missing', [PROBLEM]]);
  });
});

function run(
  results: readonly Applied[],
  more: { nowMs?: number; previous?: readonly ApplicationStatus[] } = {},
): RunOutcome {
  return {
    cluster: 'prod',
    desired: { fleet: 'f', cluster: CLUSTER, applications: [APPLICATION], unavailable: [] },
    results,
    waiting: new Map(),
    refusals: [],
    suspended: new Map(),
    previous: more.previous ?? [],
    notes: new Map(),
    nowMs: more.nowMs ?? 0,
  };
}

function kept(health: HealthVerdict): Applied {
  const base = { ref: REF, application: 'web', wave: 0 };
  return { change: { op: 'keep', ...base, live: LIVE }, live: LIVE, outcome: { ...base, result: 'unchanged', health } };
}

function failedWith(problem: Problem): Applied {
  const base = { ref: REF, application: 'web', wave: 0 };
  return { change: { op: 'refuse', ...base, problem }, outcome: { ...base, result: 'failed', problem } };
}

const CLUSTER = clusterSchema.parse({
  apiVersion: 'plumbline.dev/v1',
  kind: 'Cluster',
  metadata: { name: 'prod' },
  spec: { kubeconfig: { context: 'prod' } },
});
const APPLICATION: DesiredApplication = {
  name: 'web',
  commit: { revision: 'a'.repeat(40), subject: 's', author: 'Ana', committedAtMs: 0 },
  inputDigest: 'digest',
  renderings: ['rendering/digest'],
  dependsOn: [],
  sync: syncPolicySchema.parse({}),
  ignore: [],
  suspend: false,
};
