import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Problem } from '../../../shared/model/problem.ts';
import type { ApplicationStatus, ClusterItem, ClusterStatus } from '../../../shared/model/status.ts';
import { NEW_WORK_ITEM } from '../../../shared/model/work-item.ts';
import { isTrue, stateOfCluster } from '../../../shared/report/cluster-state.ts';

const commit = { revision: 'r', subject: 's', author: 'a', committedAtMs: 0 };
const desired = { blob: 'desired/a', ticket: 1, commit };
const problem: Problem = { code: 'Forbidden', subject: 'x', act: 'apply', wrong: 'no', remedy: 'yes' };
const synced: ClusterStatus = {
  cluster: 'eu',
  labels: {},
  suspend: false,
  sync: 'synced',
  health: 'healthy',
  applied: 'desired/a',
  failures: 0,
  problems: [],
};
const application: ApplicationStatus = {
  cluster: 'eu',
  application: 'web',
  sync: 'synced',
  health: 'healthy',
  healthReason: '',
  revision: 'r',
  inputDigest: 'd',
  sinceMs: 0,
  objects: 1,
  problems: [],
  suspend: false,
  waitingFor: '',
};
const running = { ...NEW_WORK_ITEM, owner: 'nonce' };

function item(status: Partial<ClusterStatus>, work = NEW_WORK_ITEM): ClusterItem {
  return { cluster: 'eu', work, desired, status: { ...synced, ...status } };
}

test('a cluster is true when what was applied is what is desired', () => {
  const neverApplied: ClusterItem = { cluster: 'eu', work: NEW_WORK_ITEM };

  assert.equal(isTrue(item({})), true);
  assert.equal(isTrue(item({ applied: 'desired/b' })), false);
  assert.equal(isTrue(neverApplied), false);
});

test('names the state that matters most', () => {
  assert.equal(stateOfCluster(item({}), [application]), 'synced');
  assert.equal(stateOfCluster(item({ sync: 'out-of-sync' }), [application]), 'out-of-sync');
  assert.equal(stateOfCluster(item({ applied: 'desired/b' }), [application]), 'behind');
  assert.equal(stateOfCluster(item({ applied: 'desired/b' }, running), [application]), 'applying');
  assert.equal(stateOfCluster(item({ problems: [problem] }), [application]), 'failed');
  assert.equal(stateOfCluster(item({ applied: 'desired/b' }), [{ ...application, problems: [problem] }]), 'failed');
  assert.equal(stateOfCluster(item({ suspend: true, problems: [problem] }), []), 'suspended');
  assert.equal(stateOfCluster(item({ unreachableSinceMs: 1, suspend: true }, running), []), 'unreachable');
  assert.equal(stateOfCluster({ cluster: 'eu', work: NEW_WORK_ITEM, desired }, []), 'new');
});

test('a sweep of a cluster that is true already is no applying', () => {
  assert.equal(stateOfCluster(item({}, running), [application]), 'synced');
});
