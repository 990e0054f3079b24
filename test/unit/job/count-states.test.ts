import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countStates } from '../../../shared/job/count-states.ts';
import type {
  ApplicationStatus,
  ClusterItem,
  ClusterStatus,
  DesiredPointer,
  FleetItem,
} from '../../../shared/model/status.ts';
import { NEW_WORK_ITEM } from '../../../shared/model/work-item.ts';

const NOW_MS = 10 * 3_600_000;
const MINUTE_MS = 60_000;
const commit = { revision: 'a'.repeat(40), subject: 'first', author: 'Ann', committedAtMs: 1 };
const desired: DesiredPointer = { blob: 'desired/1', ticket: 1, commit };

function cluster(name: string, status?: Partial<ClusterStatus>): ClusterItem {
  if (status === undefined) return { cluster: name, work: NEW_WORK_ITEM };
  const whole: ClusterStatus = {
    cluster: name,
    labels: {},
    suspend: false,
    sync: 'synced',
    health: 'healthy',
    applied: 'desired/1',
    failures: 0,
    problems: [],
    ...status,
  };
  return { cluster: name, work: NEW_WORK_ITEM, desired, status: whole };
}

function application(of: string, status: Partial<ApplicationStatus>): ApplicationStatus {
  const name = { cluster: of, application: 'web', revision: commit.revision, inputDigest: 'd', sinceMs: 1, objects: 1 };
  const states = { sync: 'synced', health: 'healthy', healthReason: '', problems: [], suspend: false } as const;
  return { ...name, ...states, waitingFor: '', ...status };
}

const countOf = (
  clusters: readonly ClusterItem[],
  applications: readonly ApplicationStatus[] = [],
  fleet?: FleetItem,
) =>
  countStates(
    {
      nowMs: async () => NOW_MS,
      readFleet: async () => fleet,
      listClusters: async () => clusters,
      listApplications: async () => applications,
    },
    'acme',
  );

test('counts each cluster in one state, and those away for 30 minutes as lost too', async () => {
  const problem = { code: 'Forbidden', subject: 'x', act: 'apply', wrong: 'denied', remedy: '' } as const;
  const counts = await countOf([
    cluster('synced'),
    cluster('synced-2', {}),
    cluster('drifted', { sync: 'out-of-sync' }),
    cluster('behind', { applied: 'desired/0' }),
    cluster('failed', { problems: [problem] }),
    cluster('suspended', { suspend: true }),
    cluster('away', { unreachableSinceMs: NOW_MS - 30 * MINUTE_MS + 1 }),
    cluster('lost', { unreachableSinceMs: NOW_MS - 30 * MINUTE_MS, suspend: true }),
  ]);

  assert.deepEqual(counts, {
    ClustersSynced: 1,
    ClustersOutOfSync: 4,
    ClustersUnreachable: 2,
    ClustersLost: 1,
    ClustersSuspended: 1,
    ClustersGone: 0,
    ApplicationsOutOfSync: 0,
  });
});

test('counts a cluster that its set finds no longer as gone alone', async () => {
  const gone = [{ cluster: 'left', set: 'shops', sinceMs: 1 }];
  const status = { fleet: 'acme', branch: 'main', problems: [], clusters: ['prod'], watched: [], gone };

  const counts = await countOf([cluster('prod', {}), cluster('left', { unreachableSinceMs: 1 })], [], {
    ...{ work: NEW_WORK_ITEM, ticket: 1, status },
  });

  assert.deepEqual([counts.ClustersGone, counts.ClustersSynced], [1, 1]);
  assert.deepEqual([counts.ClustersUnreachable, counts.ClustersLost], [0, 0]);
});

test('counts applications that are not true to Git, the suspended ones left out', async () => {
  const counts = await countOf(
    [cluster('prod', {})],
    [
      application('prod', {}),
      application('prod', { sync: 'out-of-sync' }),
      application('prod', { sync: 'unknown' }),
      application('prod', { sync: 'out-of-sync', suspend: true }),
    ],
  );

  assert.equal(counts.ApplicationsOutOfSync, 2);
});
