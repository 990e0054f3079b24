import type {
  ApplicationStatus,
  ClusterStatus,
  DesiredPointer,
  FleetStatus,
  RunSummary,
} from '../../shared/model/status.ts';

const COMMIT = { revision: 'a'.repeat(40), subject: 'raise memory', author: 'Ana', committedAtMs: 1000 };
const PROBLEM = { code: 'RenderFailed', subject: 'web', act: 'render', wrong: 'x is "1"', remedy: 'quote it' } as const;

export function pointer(blob: string, ticket: number): DesiredPointer {
  return { blob, ticket, commit: COMMIT };
}

export const FLEET_STATUS: FleetStatus = {
  fleet: 'f',
  branch: 'main',
  head: COMMIT,
  planned: COMMIT,
  problems: [PROBLEM],
  clusters: ['a', 'b'],
  watched: [],
  plannedAtMs: 2000,
  sets: [{ set: 'shops', clusters: ['b'] }],
  gone: [{ cluster: 'c', set: 'shops', sinceMs: 1000 }],
  notes: ['a tag is left out'],
};

export const CLUSTER_STATUS: ClusterStatus = {
  cluster: 'a',
  labels: { stage: 'prod' },
  suspend: false,
  sync: 'out-of-sync',
  health: 'progressing',
  applied: 'desired/1',
  tried: 'desired/2',
  revision: COMMIT.revision,
  revisionAtMs: 3000,
  checkedAtMs: 4000,
  reachableSinceMs: 5000,
  unreachableSinceMs: 6000,
  failures: 2,
  problems: [PROBLEM],
  facts: { uid: 'u', kubernetesVersion: 'v1.36.3', apiVersions: ['apps/v1', 'v1'], readAtMs: 7000 },
  parents: ['web', 'worker'],
  leaving: [{ application: 'worker', reason: 'waits for web' }],
  gathered: 'gathered/a',
  record: 'record/a',
  objects: 'objects/a',
};

export function application(cluster: string, name: string): ApplicationStatus {
  return {
    cluster,
    application: name,
    sync: 'synced',
    health: 'degraded',
    healthReason: 'Deployment.apps/web/api: 1 of 2 ready',
    revision: COMMIT.revision,
    inputDigest: 'd',
    sinceMs: 1,
    objects: 3,
    problems: [PROBLEM],
    suspend: true,
    waitingFor: 'ingress',
    completed: 'd',
    completedAtMs: 2,
  };
}

export function run(cluster: string, startedAtMs: number): RunSummary {
  const ref = { group: 'apps', kind: 'Deployment', namespace: 'web', name: 'api' };
  // An int64 beyond 2^53, a null and a nested value must survive.
  const field = { path: 'spec.n', pointer: '/spec/n', wanted: 9007199254740993n, found: { a: [null, 'x', 1.5] } };
  return {
    run: `${cluster}-${startedAtMs}`,
    cluster,
    startedAtMs,
    durationMs: 12.5,
    cause: 'sweep',
    revision: COMMIT.revision,
    requests: 7,
    counts: { created: 1, configured: 2, unchanged: 3, pruned: 4, skipped: 5, failed: 6 },
    stagesMs: { observe: 10, apply: 2.5 },
    problems: [PROBLEM],
    drift: [
      {
        ref,
        application: 'web',
        kind: 'changed',
        fields: [{ ...field, manager: 'kubectl', operation: 'Update', since: '2026-01-01T00:00:00Z' }],
        cluster,
        seenAtMs: 8,
        act: 'healed',
      },
    ],
    report: 'report/1',
  };
}
