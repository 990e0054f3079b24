import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PlannedCluster } from '../../../../shared/job/plan-fleet/plan-applications.ts';
import { watchedRefs } from '../../../../shared/job/plan-fleet/watched-refs.ts';
import { applicationSchema, clusterSchema, repositorySchema } from '../../../../shared/model/declarations.ts';

const API = 'plumbline.dev/v1';
const cluster = clusterSchema.parse({
  apiVersion: API,
  kind: 'Cluster',
  metadata: { name: 'prod' },
  spec: { kubeconfig: { context: 'prod' } },
});
const shop = repositorySchema.parse({
  apiVersion: API,
  kind: 'Repository',
  metadata: { name: 'shop' },
  spec: { directory: { path: '../shop' } },
});
const REPOSITORIES = [{ declaration: shop, location: { path: 'r.yaml', line: 1, column: 1 } }];

function planned(source: Record<string, string>): PlannedCluster {
  const declaration = applicationSchema.parse({
    apiVersion: API,
    kind: 'Application',
    metadata: { name: 'web' },
    spec: { source: { path: 'apps/web', ...source }, clusters: { all: true } },
  });
  return { cluster, applications: [{ name: 'web', declaration, input: { state: 'needs-facts' } }] };
}

describe('the refs that a fleet is read at', () => {
  it("leave out the fleet's own branch", () => {
    assert.deepEqual(watchedRefs([planned({})], { repositories: REPOSITORIES }), []);
  });

  it('hold each other branch once', () => {
    const twice = [planned({ revision: 'next' }), planned({ revision: 'next' })];

    assert.deepEqual(watchedRefs(twice, { repositories: REPOSITORIES }), [{ ref: 'next' }]);
  });

  it('hold the default branch of another repository', () => {
    assert.deepEqual(watchedRefs([planned({ repository: 'shop' })], { repositories: REPOSITORIES }), [
      { repository: shop, ref: 'HEAD' },
    ]);
  });

  it('leave out a commit, which never moves', () => {
    const pinned = planned({ repository: 'shop', revision: 'a'.repeat(40) });

    assert.deepEqual(watchedRefs([pinned], { repositories: REPOSITORIES }), []);
  });
});
