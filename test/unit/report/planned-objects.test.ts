import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Change } from '../../../shared/model/change.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import { type KubeObject, type ObjectMeta, refOf } from '../../../shared/model/kube-object.ts';
import { formatRef } from '../../../shared/model/object-ref.ts';
import type { Problem } from '../../../shared/model/problem.ts';
import type { ClusterPreview, FleetPlan } from '../../../shared/report/fleet-plan.ts';
import { exitCodeOfPlan } from '../../../shared/report/plan-verdict.ts';
import { groupPlan } from '../../../shared/report/planned-objects.ts';

const flags = (data: JsonObject): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'flags', namespace: 'web' },
  data,
});
const problem: Problem = { code: 'Forbidden', subject: 'x', act: 'apply', wrong: 'no', remedy: 'yes' };

function update(live: KubeObject, desired: KubeObject): Change {
  return { op: 'update', ref: refOf(desired), application: 'web', wave: 0, desired, digest: 'd', live };
}

function preview(cluster: string, changes: readonly Change[], merged: readonly KubeObject[] = []): ClusterPreview {
  const byRef = new Map(merged.map((object) => [formatRef(refOf(object)), object]));
  return { cluster, requests: 1, durationMs: 1, changes, merged: byRef, refusals: [] };
}

function planOf(...clusters: readonly ClusterPreview[]): FleetPlan {
  return {
    commit: { revision: 'r', subject: 's', author: 'a', committedAtMs: 0 },
    durationMs: 1,
    problems: [],
    clusters,
  };
}

test('clusters where the same would happen stand together, others apart', () => {
  const change = update(flags({ a: '1' }), flags({ a: '2' }));
  const other = update(flags({ a: '0' }), flags({ a: '2' }));

  const groups = groupPlan([preview('eu', [change]), preview('us', [change]), preview('lab', [other])]);

  assert.deepEqual(
    groups.map(({ clusters }) => clusters),
    [['eu', 'us'], ['lab']],
  );
});

test('the dry run decides what changes, not what is declared', () => {
  const live = flags({ a: '1', theirs: 'x' });
  const merged = flags({ a: '1', theirs: 'x', defaulted: 'y' });

  const [group] = groupPlan([preview('eu', [update(live, flags({ a: '1' }))], [merged])]);

  assert.deepEqual(group?.object, {
    ref: 'ConfigMap/web/flags',
    application: 'web',
    effect: 'change',
    fields: [{ path: 'data.defaulted', after: 'y' }],
    contentsUnread: false,
  });
});

test('an apply that only renews our records is no change', () => {
  const live = flags({ a: '1' });

  assert.equal(groupPlan([preview('eu', [update(live, live)], [live])])[0]?.object.effect, 'renew');
  assert.equal(exitCodeOfPlan(planOf(preview('eu', [update(live, live)], [live]))), 0);
});

test('a Secret of which only the metadata was read changes when the API server says so', () => {
  const secret = (time: string, contents: JsonObject = {}): KubeObject => {
    const metadata: ObjectMeta = {
      name: 'db',
      namespace: 'web',
      managedFields: [{ manager: 'plumbline-shop', operation: 'Apply', time }],
    };
    return { apiVersion: 'v1', kind: 'Secret', metadata, ...contents };
  };
  const effectOf = (merged: KubeObject) =>
    groupPlan([preview('eu', [update(secret('1'), merged)], [merged])])[0]?.object;

  assert.equal(effectOf(secret('1', { data: { p: 'eA==' }, type: 'Opaque' }))?.effect, 'renew');
  assert.deepEqual(effectOf(secret('2', { data: { p: 'eA==' }, type: 'Opaque' })), {
    ref: 'Secret/web/db',
    application: 'web',
    effect: 'change',
    fields: [],
    contentsUnread: true,
  });
});

test('the exit code is 0 for nothing, 2 for changes, 1 when something would fail', () => {
  const keep: Change = { op: 'keep', ref: refOf(flags({})), application: 'web', wave: 0, live: flags({}) };
  const prune: Change = { op: 'prune', ref: refOf(flags({})), application: 'web', wave: 0, uid: 'u', live: flags({}) };
  const create: Change = {
    op: 'create',
    ref: refOf(flags({})),
    application: 'web',
    wave: 0,
    desired: flags({}),
    digest: 'd',
  };
  const skip: Change = { op: 'skip', ref: refOf(flags({})), application: 'web', wave: 0, reason: 'suspended' };
  const refuse: Change = { op: 'refuse', ref: refOf(flags({})), application: 'web', wave: 0, problem };

  assert.equal(exitCodeOfPlan(planOf()), 0);
  assert.equal(exitCodeOfPlan(planOf(preview('eu', [keep, skip]))), 0);
  assert.equal(exitCodeOfPlan(planOf(preview('eu', [prune]))), 2);
  assert.equal(exitCodeOfPlan(planOf(preview('eu', [create]))), 2);
  assert.equal(exitCodeOfPlan(planOf(preview('eu', [update(flags({ a: '1' }), flags({ a: '2' }))]))), 2);
  assert.equal(exitCodeOfPlan(planOf(preview('eu', [create, refuse]))), 1);
  assert.equal(exitCodeOfPlan(planOf({ ...preview('eu', [create]), refusals: [problem] })), 1);
  assert.equal(exitCodeOfPlan(planOf({ ...preview('eu', []), unreachable: problem })), 1);
  assert.equal(exitCodeOfPlan({ ...planOf(preview('eu', [])), problems: [problem] }), 1);
});
