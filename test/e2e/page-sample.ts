/** A fleet in the middle of a day, as data: what the pages are looked at with. Times count back from `nowMs`. */
import type { Problem } from '../../shared/model/problem.ts';
import type { Commit } from '../../shared/model/revision.ts';
import type {
  ApplicationStatus,
  ClusterStatus,
  FleetStatus,
  RunSummary,
  SeenDrift,
} from '../../shared/model/status.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export interface SampleCluster {
  readonly status: ClusterStatus;
  readonly applications: readonly ApplicationStatus[];
  /** Whether a newer desired state than the applied one waits. */
  readonly isBehind: boolean;
}

export interface SampleFleet {
  readonly nowMs: number;
  readonly fleet: FleetStatus;
  /** Newest first. */
  readonly commits: readonly Commit[];
  readonly clusters: readonly SampleCluster[];
  /** Newest first. */
  readonly runs: readonly RunSummary[];
}

const SUBJECTS: readonly (readonly [subject: string, author: string, minutesAgo: number])[] = [
  ['raise memory of shop', 'Ana', 3],
  ['ingress: two more hosts for the summer sale', 'Noor', 41],
  ['notifier 1.8.2', 'release-bot', 95],
  ['let inventory be reached from the shop alone', 'Mateusz', 160],
  ['Revert "shop: new checkout"', 'Ana', 214],
  ['shop: new checkout', 'Chloé', 232],
  ['cert-manager 1.19', 'renovate', 60 * 7],
  ['greetings: a farewell for night owls', 'Noor', 60 * 9],
  ['drop the old flags of shop', 'Ana', 60 * 20],
  ['production: three replicas of inventory', 'Mateusz', 60 * 22],
  ['notifier 1.8.1', 'release-bot', 60 * 27],
  ['ingress: log what is refused', 'Noor', 60 * 30],
  ['rbac: inventory reads its own ConfigMap only', 'Mateusz', 60 * 46],
  ['shop: prices with tax', 'Chloé', 60 * 51],
];

export const CLUSTERS = ['prod-eu', 'prod-us', 'prod-asia', 'staging'] as const;
const APPLICATIONS = ['cert-manager', 'greetings', 'ingress', 'inventory', 'notifier', 'shop'];

const DEGRADED: Problem = {
  code: 'HealthTimeout',
  subject: 'Application notifier in staging',
  act: 'wait for health',
  wrong: 'Deployment notifier: 0 of 1 ready, container notifier: ImagePullBackOff, for longer than 10m',
  remedy: 'look at what it waits for, or raise sync.timeout',
};

/** Returns the fleet at `nowMs`: one cluster on its way to the newest commit, one application that does not get up. */
export function sampleFleet(nowMs: number): SampleFleet {
  const commits = SUBJECTS.map(([subject, author, minutes], index) => ({
    revision: revisionOf(index),
    subject,
    author,
    committedAtMs: nowMs - minutes * MINUTE,
  }));
  const [head] = commits;
  const fleet: FleetStatus = {
    fleet: 'acme',
    branch: 'main',
    ...(head && { head, planned: head, plannedAtMs: head.committedAtMs + 400 }),
    problems: [],
    clusters: CLUSTERS,
    watched: [],
  };
  return {
    nowMs,
    fleet,
    commits,
    clusters: CLUSTERS.map((cluster) => clusterAt(cluster, commits, nowMs)),
    runs: [...runsOf(commits), driftRun(nowMs, commits), ...fightRuns(nowMs, commits)].sort(
      (a, b) => b.startedAtMs - a.startedAtMs,
    ),
  };
}

function clusterAt(cluster: string, commits: readonly Commit[], nowMs: number): SampleCluster {
  const isBehind = cluster === 'prod-us';
  const commit = commits[isBehind ? 1 : 0] ?? commits[0];
  const revision = commit?.revision ?? '';
  const revisionAtMs = (commit?.committedAtMs ?? nowMs) + delayOf(cluster, isBehind ? 1 : 0);
  const names = cluster === 'staging' ? APPLICATIONS : APPLICATIONS.filter((name) => name !== 'greetings');
  const isTroubled = cluster === 'staging';
  return {
    isBehind,
    status: {
      cluster,
      labels: { stage: cluster === 'staging' ? 'staging' : 'production', region: REGIONS[cluster] ?? 'local' },
      suspend: false,
      sync: isBehind ? 'out-of-sync' : 'synced',
      health: isBehind ? 'progressing' : isTroubled ? 'degraded' : 'healthy',
      applied: isBehind ? 'desired/old' : `desired/${cluster}`,
      revision,
      revisionAtMs,
      checkedAtMs: nowMs - 20 * SECOND,
      reachableSinceMs: nowMs - 90 * HOUR,
      failures: isTroubled ? 4 : 0,
      problems: isTroubled ? [DEGRADED] : [],
      facts: { uid: `uid-${cluster}`, kubernetesVersion: 'v1.36.3', apiVersions: ['apps/v1', 'v1'], readAtMs: nowMs },
    },
    applications: names.map((application) => applicationAt({ cluster, application }, revision, nowMs)),
  };
}

const REGIONS: Readonly<Record<string, string>> = {
  'prod-eu': 'eu-central-1',
  'prod-us': 'us-east-1',
  'prod-asia': 'ap-northeast-1',
  staging: 'eu-central-1',
};

/** What is not healthy and synced, by cluster and application; times as ages. */
const TROUBLES: Readonly<Record<string, Partial<ApplicationStatus> & { readonly ageMs?: number }>> = {
  'staging/notifier': {
    health: 'degraded',
    healthReason: DEGRADED.wrong,
    problems: [DEGRADED],
    ageMs: 95 * MINUTE,
  },
  'prod-us/shop': { health: 'progressing', healthReason: 'Deployment shop: 2 of 3 updated', ageMs: 40 * SECOND },
  'prod-us/notifier': {
    sync: 'out-of-sync',
    waitingFor: 'application shop: Deployment shop is progressing',
    ageMs: 40 * SECOND,
  },
  'prod-asia/inventory': { suspend: true },
};

function applicationAt(
  { cluster, application }: { readonly cluster: string; readonly application: string },
  revision: string,
  nowMs: number,
): ApplicationStatus {
  const { ageMs = 7 * HOUR, ...trouble } = TROUBLES[`${cluster}/${application}`] ?? {};
  return {
    cluster,
    application,
    sync: 'synced',
    health: 'healthy',
    healthReason: '',
    revision,
    inputDigest: `digest-${application}`,
    sinceMs: nowMs - ageMs,
    objects: 9,
    problems: [],
    suspend: false,
    waitingFor: '',
    ...trouble,
  };
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

function delayOf(cluster: string, index: number): number {
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
    ...[2, 7, 12, 18].map((minutes) => drifted(nowMs - minutes * MINUTE, {})),
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

/** 4f9c2e1 first, then whatever. */
function revisionOf(index: number): string {
  if (index === 0) return '4f9c2e1b7d05a8c3e6f1029384756afbecd01234';
  return [...Array(40).keys()]
    .map((place) => ((place * 7 + index * 11 + ((place * index) % 13)) % 16).toString(16))
    .join('');
}
