import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Commit } from '../../../../shared/model/revision.ts';
import type { ClusterItem, ClusterStatus, FleetStatus, RunSummary } from '../../../../shared/model/status.ts';
import { NEW_WORK_ITEM } from '../../../../shared/model/work-item.ts';
import { arrivalsOf } from '../../../../shared/report/pages/arrivals.ts';

const commit = (name: string, committedAtMs: number): Commit => ({
  revision: name.repeat(40),
  subject: name,
  author: 'Ana',
  committedAtMs,
});
const NEW = commit('b', 10_000);
const OLD = commit('a', 1_000);
const FLEET: FleetStatus = {
  fleet: 'f',
  branch: 'main',
  head: NEW,
  planned: NEW,
  problems: [],
  clusters: ['eu', 'us'],
  watched: [],
};

function cluster(name: string, status: Partial<ClusterStatus>): ClusterItem {
  const defaults = { cluster: name, labels: {}, suspend: false, failures: 0, problems: [] };
  return {
    cluster: name,
    work: NEW_WORK_ITEM,
    desired: { blob: 'new', ticket: 1, commit: NEW },
    status: { ...defaults, sync: 'synced', health: 'healthy', ...status },
  };
}

function run(name: string, of: Commit, part: Partial<RunSummary>): RunSummary {
  const counts = { created: 0, configured: 1, unchanged: 0, pruned: 0, skipped: 0, failed: 0 };
  return {
    ...{ run: 'r', cluster: name, durationMs: 500, cause: 'commit', revision: of.revision, requests: 1 },
    ...{ counts, stagesMs: {}, problems: [], drift: [], startedAtMs: 0, ...part },
  };
}

function arrivals(clusters: readonly ClusterItem[], runs: readonly RunSummary[], fleet = FLEET) {
  return arrivalsOf([NEW, OLD], { fleet, clusters, applications: [] }, runs);
}

test('takes the newest commit of a cluster from its status, and the end of the run that brought it', () => {
  const eu = cluster('eu', { applied: 'new', revision: NEW.revision, revisionAtMs: 12_000 });

  const [newest] = arrivals([eu], [run('eu', NEW, { startedAtMs: 12_000 })]);

  assert.deepEqual(newest?.arrivals, [{ cluster: 'eu', atMs: 12_500, delayMs: 2_500 }]);
  assert.deepEqual(newest.waiting, []);
});

test('takes an older commit from the last of the runs that brought its waves, not from a sweep', () => {
  const eu = cluster('eu', { applied: 'new', revision: NEW.revision, revisionAtMs: 12_000 });
  const runs = [
    run('eu', OLD, { startedAtMs: 9_000, cause: 'sweep' }),
    run('eu', OLD, { startedAtMs: 3_000 }),
    run('eu', OLD, { startedAtMs: 2_000 }),
  ];

  assert.deepEqual(arrivals([eu], runs)[1]?.arrivals, [{ cluster: 'eu', atMs: 3_500, delayMs: 2_500 }]);
});

test('lets a commit arrive with the first try that went well', () => {
  const problem = { code: 'Forbidden', subject: 'x', act: 'apply', wrong: 'no', remedy: '' } as const;
  const runs = [
    run('eu', OLD, { startedAtMs: 8_000, cause: 'retry' }),
    run('eu', OLD, { startedAtMs: 5_000, cause: 'retry' }),
    run('eu', OLD, { startedAtMs: 2_000, problems: [problem] }),
  ];

  assert.equal(arrivals([cluster('eu', {})], runs)[1]?.arrivals[0]?.atMs, 5_500);
});

test('names who is still waiting for the commit that the clusters are held to', () => {
  const eu = cluster('eu', { applied: 'new', revision: NEW.revision, revisionAtMs: 12_000 });
  const us = cluster('us', { applied: 'old', revision: OLD.revision, revisionAtMs: 2_000 });

  const [newest, older] = arrivals([eu, us], []);

  assert.deepEqual(newest?.waiting, ['us']);
  assert.deepEqual(older?.waiting, []);
  assert.deepEqual(
    older.arrivals.map((one) => one.cluster),
    ['us'],
  );
});

test('tells a refused head from one that is being planned', () => {
  const problem = { code: 'ConfigInvalid', subject: 'x', act: 'read', wrong: 'no', remedy: '' } as const;
  const states = (fleet: FleetStatus) => arrivals([], [], fleet).map(({ state }) => state);

  assert.deepEqual(states({ ...FLEET, planned: OLD, problems: [problem] }), ['refused', 'planned']);
  assert.deepEqual(states({ ...FLEET, planned: OLD }), ['planning', 'planned']);
  assert.deepEqual(states(FLEET), ['planned', 'past']);
});
