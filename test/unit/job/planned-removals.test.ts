import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { writeContentBlob } from '../../../shared/job/blob-json.ts';
import { heldRemovals } from '../../../shared/job/planned-removals.ts';
import {
  applicationSchema,
  clusterSchema,
  type FleetDeclarations,
  fleetSchema,
} from '../../../shared/model/declarations.ts';
import type { DesiredState } from '../../../shared/model/desired-state.ts';
import type { ClusterItem } from '../../../shared/model/status.ts';
import { NEW_WORK_ITEM } from '../../../shared/model/work-item.ts';
import { FakeBlobStore } from '../../fakes/fake-blob-store.ts';

const apiVersion = 'plumbline.dev/v1';
const location = { path: 'plumbline/all.yaml', line: 1, column: 1 };
const THERE = ['a', 'b', 'c', 'd', 'e'];

function clusterOf(name: string) {
  const spec = { kubeconfig: { context: name } };
  return clusterSchema.parse({ apiVersion, kind: 'Cluster', metadata: { name }, spec });
}

/** Applications that go to every cluster; `limit`: of the Fleet. */
function declaring(clusters: readonly string[], names: readonly string[], limit?: string): FleetDeclarations {
  const applications = names.map((name) => {
    const spec = { source: { path: name }, clusters: { all: true } };
    return applicationSchema.parse({ apiVersion, kind: 'Application', metadata: { name }, spec });
  });
  const fleet = { apiVersion, kind: 'Fleet', metadata: { name: 'ours' }, spec: { removalLimit: { fleet: limit } } };
  return {
    repositories: [],
    clusterSets: [],
    clusters: clusters.map((name) => ({ declaration: clusterOf(name), location })),
    applications: applications.map((declaration) => ({ declaration, location })),
    ...(limit !== undefined && { fleet: { declaration: fleetSchema.parse(fleet), location } }),
  };
}

function reported(cluster: string, parents: readonly string[], more: Partial<ClusterItem> = {}): ClusterItem {
  const told = { labels: {}, suspend: false, sync: 'synced', health: 'healthy', failures: 0, problems: [] } as const;
  return { cluster, work: NEW_WORK_ITEM, status: { cluster, ...told, parents }, ...more };
}

describe('what a plan holds of removals', () => {
  const blobs = new FakeBlobStore();
  const both = new Map([
    ['prod', THERE],
    ['staging', THERE],
  ]);

  it('is counted over the clusters that it looked into, without any state', async () => {
    const declarations = declaring(['prod', 'staging'], ['a', 'b', 'c']);

    const held = await heldRemovals(blobs, { declarations, found: both, items: new Map() });

    const removalHold = { applications: ['d', 'e'], removed: 4, present: 10, limit: '20%' };
    assert.deepEqual(
      [...held],
      [
        ['prod', { removalHold }],
        ['staging', { removalHold }],
      ],
    );
  });

  it('is nothing when few go, or when the Fleet allows as many', async () => {
    const few = { declarations: declaring(['prod', 'staging'], ['a', 'b', 'c', 'd']), found: both, items: new Map() };
    const allowed = { ...few, declarations: declaring(['prod', 'staging'], ['a', 'b', 'c'], '40%') };

    assert.deepEqual([(await heldRemovals(blobs, few)).size, (await heldRemovals(blobs, allowed)).size], [0, 0]);
  });

  it('counts what clusters reported that it did not look into, and waits for none that never did', async () => {
    const declarations = declaring(['prod', 'staging', 'never'], ['a', 'b', 'c']);
    const found = new Map([['prod', THERE]]);
    const items = new Map([['staging', reported('staging', THERE)]]);

    const alone = await heldRemovals(blobs, { declarations, found, items: new Map() });
    const held = await heldRemovals(blobs, { declarations, found, items });

    assert.equal(alone.size, 0);
    assert.deepEqual([held.get('prod')?.removalHold?.removed, held.has('staging')], [4, false]);
  });

  it('leaves out what was let go before', async () => {
    const declarations = declaring(['prod', 'staging'], ['a', 'b', 'c']);
    const before: DesiredState = {
      ...{ fleet: 'f', cluster: clusterOf('prod'), applications: [], unavailable: [] },
      removes: ['e'],
    };
    const commit = { revision: 'r', subject: '', author: '', committedAtMs: 0 };
    const desired = { blob: await writeContentBlob(blobs, 'desired', before), ticket: 1, commit };
    const items = new Map([['prod', reported('prod', THERE, { desired })]]);

    const held = await heldRemovals(blobs, { declarations, found: both, items });

    const prod = held.get('prod');
    assert.deepEqual([prod?.removes, prod?.removalHold?.applications], [['e'], ['d']]);
  });
});
