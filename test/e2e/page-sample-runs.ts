/** The runs of the sample fleet: one a commit and cluster, drift of a person, drift that keeps coming back. */
import type { Commit } from '../../shared/model/revision.ts';
import type { RunSummary, SeenDrift } from '../../shared/model/status.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export const CLUSTERS = ['prod-eu', 'prod-us', 'prod-asia', 'staging'] as const;

/** Returns all runs, newest first. */
export function sampleRuns(commits: readonly Commit[], nowMs: number): readonly RunSummary[] {
  return [...runsOf(commits), driftRun(nowMs, commits), ...fightRuns(nowMs, commits)].sort(
    (a, b) => b.startedAtMs - a.startedAtMs,
  );
}

/** One run a commit and cluster; the newest has not reached `prod-us`, the eighth took long to reach `prod-asia`. */
function runsOf(commits: readonly Commit[]): readonly RunSummary[] {
  return commits.flatMap((commit, index) =>
    CLUSTERS.filter((cluster) => !(index === 0 && cluster === 'prod-us')).map((cluster) => {
      const durationMs = 600 + ((index * 37 + cluster.length * 91) % 9) * 70;
      return {
        ...emptyRun(`${cluster}-${index}`, cluster),
        startedAtMs: commit.committedAtMs + delayOf(cluster, index) - (index < 2 ? 0 : durationMs),
        durationMs,
        cause: delayOf(cluster, index) > MINUTE ? ('retry' as const) : ('commit' as const),
        revision: commit.revision,
        requests: 12 + index,
        counts: {
          created: index % 3,
          configured: 1 + (index % 4),
          unchanged: 51,
          pruned: index === 8 ? 2 : 0,
          skipped: 0,
          failed: 0,
        },
        stagesMs: {
          observe: durationMs * 0.28,
          plan: durationMs * 0.06,
          apply: durationMs * 0.52,
          prune: index === 8 ? durationMs * 0.14 : 0,
        },
      };
    }),
  );
}

/** Milliseconds from the commit of that index to the cluster. */
export function delayOf(cluster: string, index: number): number {
  if (cluster === 'prod-asia' && index === 7) return 2 * HOUR + 12 * MINUTE;
  return 1400 + (((index + 3) * 53 + cluster.length * 29) % 23) * 130 + (cluster === 'prod-asia' ? 1900 : 0);
}

function emptyRun(run: string, cluster: string): RunSummary {
  const counts = { created: 0, configured: 0, unchanged: 0, pruned: 0, skipped: 0, failed: 0 };
  return {
    run,
    cluster,
    startedAtMs: 0,
    durationMs: 0,
    cause: 'sweep',
    requests: 4,
    counts,
    stagesMs: {},
    problems: [],
    drift: [],
  };
}

export const DRIFTED_BY = 'kubectl-edit';

/** Someone scaled the shop and turned a token over by hand. */
function driftRun(nowMs: number, commits: readonly Commit[]): RunSummary {
  const seenAtMs = nowMs - 26 * MINUTE;
  const common = { cluster: 'prod-eu', application: 'shop', kind: 'changed', act: 'healed', seenAtMs } as const;
  const field = {
    operation: 'Update',
    manager: DRIFTED_BY,
    since: new Date(seenAtMs - 25 * SECOND).toISOString(),
  } as const;
  const drift: readonly SeenDrift[] = [
    {
      ...common,
      ref: { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'shop' },
      fields: [
        { ...field, path: 'spec.replicas', pointer: '/spec/replicas', wanted: 3, found: 5 },
        {
          ...field,
          path: 'spec.template.spec.containers[shop].image',
          pointer: '/spec/template/spec/containers/0/image',
          wanted: 'acme/shop:2.4.1',
          found: 'acme/shop:2.4.1-debug',
        },
      ],
    },
    {
      ...common,
      ref: { group: '', kind: 'Secret', namespace: 'shop', name: 'payment' },
      fields: [
        { ...field, path: 'data.token', pointer: '/data/token', wanted: 'czNjcjN0LW9uZQ==', found: 'czNjcjN0LXR3bw==' },
      ],
    },
  ];
  return {
    ...emptyRun('drift-1', 'prod-eu'),
    startedAtMs: seenAtMs,
    durationMs: 240,
    revision: commits[1]?.revision ?? '',
    counts: { created: 0, configured: 2, unchanged: 49, pruned: 0, skipped: 0, failed: 0 },
    stagesMs: { observe: 110, plan: 12, apply: 105, prune: 0 },
    drift,
  };
}

/** An autoscaler that takes replicas again and again, and what was only reported days ago. */
function fightRuns(nowMs: number, commits: readonly Commit[]): readonly RunSummary[] {
  const drifted = (atMs: number, part: Partial<SeenDrift>): RunSummary => ({
    ...emptyRun(`fight-${atMs}`, part.cluster ?? 'staging'),
    startedAtMs: atMs,
    durationMs: 180,
    revision: commits[1]?.revision ?? '',
    stagesMs: { observe: 90, plan: 10, apply: 60, prune: 0 },
    counts: {
      created: 0,
      configured: part.act === 'reported' ? 0 : 1,
      unchanged: 50,
      pruned: 0,
      skipped: 0,
      failed: 0,
    },
    drift: [
      {
        cluster: 'staging',
        application: 'inventory',
        ref: { group: 'apps', kind: 'Deployment', namespace: 'inventory', name: 'inventory' },
        kind: 'changed',
        act: 'healed',
        seenAtMs: atMs,
        fields: [
          {
            path: 'spec.replicas',
            pointer: '/spec/replicas',
            wanted: 2,
            found: 4,
            manager: 'kube-controller-manager',
            operation: 'Update',
            since: new Date(atMs - 9 * SECOND).toISOString(),
          },
        ],
        ...part,
      },
    ],
  });
  return [
    ...[2, 7, 12, 18].map((minutes) => drifted(nowMs - minutes * MINUTE, minutes < 12 ? { times: 4 } : {})),
    drifted(nowMs - 52 * HOUR, {
      cluster: 'prod-us',
      application: 'ingress',
      act: 'reported',
      kind: 'extra',
      ref: { group: 'networking.k8s.io', kind: 'NetworkPolicy', namespace: 'ingress', name: 'allow-web' },
      fields: [
        {
          path: 'spec.ingress[1]',
          pointer: '/spec/ingress/1',
          found: { ports: [{ port: 8443 }] },
          manager: 'kubectl-client-side-apply',
          operation: 'Update',
        },
      ],
    }),
    drifted(nowMs - 98 * HOUR, {
      cluster: 'prod-eu',
      application: 'shop',
      kind: 'deleted',
      ref: { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'prices' },
      fields: [],
    }),
  ];
}
