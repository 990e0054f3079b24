/** A fleet in the middle of a day, as data: what the pages are looked at with. Times count back from `nowMs`. */
import type { Problem } from '../../shared/model/problem.ts';
import type { Commit } from '../../shared/model/revision.ts';
import type { ApplicationStatus, ClusterStatus, FleetStatus, RunSummary } from '../../shared/model/status.ts';
import { CLUSTERS, delayOf, sampleRuns } from './page-sample-runs.ts';

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
    left: [{ cluster: 'prod-old', applications: ['ingress', 'shop'], objects: 18, sinceMs: nowMs - 26 * HOUR }],
    watched: [],
  };
  return {
    nowMs,
    fleet,
    commits,
    clusters: CLUSTERS.map((cluster) => clusterAt(cluster, commits, nowMs)),
    runs: sampleRuns(commits, nowMs),
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
    waitingFor: 'waits for application shop: Deployment shop is progressing',
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

/** 4f9c2e1 first, then whatever. */
function revisionOf(index: number): string {
  if (index === 0) return '4f9c2e1b7d05a8c3e6f1029384756afbecd01234';
  return [...Array(40).keys()]
    .map((place) => ((place * 7 + index * 11 + ((place * index) % 13)) % 16).toString(16))
    .join('');
}
