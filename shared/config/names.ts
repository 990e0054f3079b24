/** Every name that stands in clusters or in the environment: labels, annotations, variables. Imported by infra too. */

export const TOOLING = 'plumbline/v1';

/** That of package.json: functions have no such file. */
export const VERSION = '0.1.0';

/** Label on every object that we apply: the fleet's name. */
export const FLEET_LABEL = 'plumbline.dev/fleet';
/** Annotation on every object that we apply: keyed digest (HMAC) of what was rendered. */
export const APPLIED_ANNOTATION = 'plumbline.dev/applied';
/** On an object that was run as a hook: which run of which hook it is. */
export const HOOK_RUN_ANNOTATION = 'plumbline.dev/hook-run';
/** On an ApplySet parent: `sync.prune` of the application. */
export const PRUNE_ANNOTATION = 'plumbline.dev/prune';

/** Label of an ApplySet member (KEP-3659); the code of kubectl says kubernetes.io where the KEP's prose says k8s.io. */
export const PART_OF_LABEL = 'applyset.kubernetes.io/part-of';
export const APPLYSET_ID_LABEL = 'applyset.kubernetes.io/id';
export const APPLYSET_TOOLING_ANNOTATION = 'applyset.kubernetes.io/tooling';
export const APPLYSET_KINDS_ANNOTATION = 'applyset.kubernetes.io/contains-group-kinds';
export const APPLYSET_NAMESPACES_ANNOTATION = 'applyset.kubernetes.io/additional-namespaces';

/** Label of an ApplySet parent: the application's name. */
export const APPLICATION_LABEL = 'plumbline.dev/application';

/** Where the anchor and the ApplySet parents stand. */
export const SYSTEM_NAMESPACE = 'plumbline-system';

/** Returns the field manager of a fleet; also the name of its anchor. */
export function fieldManagerOf(fleet: string): string {
  return `plumbline-${fleet}`;
}

/** Environment variables of the functions: written by infra, read by config/function-settings.ts alone. */
export const FUNCTION_VARIABLES = {
  fleet: 'PLUMBLINE_FLEET',
  /** Branch of the fleet repository. */
  branch: 'PLUMBLINE_BRANCH',
  /** Folder of the declarations in it. */
  folder: 'PLUMBLINE_FOLDER',
  /** The fleet repository: a Repository's spec as JSON. */
  repository: 'PLUMBLINE_REPOSITORY',
  table: 'PLUMBLINE_TABLE',
  bucket: 'PLUMBLINE_BUCKET',
  /** ARN of the KMS key that wraps data keys. */
  keyArn: 'PLUMBLINE_KEY_ARN',
  fleetQueueUrl: 'PLUMBLINE_FLEET_QUEUE_URL',
  renderQueueUrl: 'PLUMBLINE_RENDER_QUEUE_URL',
  /** JSON: network to queue URL; '' is the network of clusters that name none. */
  clusterQueueUrls: 'PLUMBLINE_CLUSTER_QUEUE_URLS',
  deadLetterQueueUrl: 'PLUMBLINE_DEAD_LETTER_QUEUE_URL',
  /** The network that this worker stands in; not set for ''. */
  network: 'PLUMBLINE_NETWORK',
  eventBus: 'PLUMBLINE_EVENT_BUS',
  /** JSON: sender of webhooks (the last part of the function URL's path) to ARN of its secret. */
  webhookSecrets: 'PLUMBLINE_WEBHOOK_SECRETS',
  /** JSON: `credentials` of a Repository to ARN of the secret. */
  gitSecrets: 'PLUMBLINE_GIT_SECRETS',
  /** External id of the roles that workers assume (`sts:ExternalId` in their trust policies); not set for none. */
  externalId: 'PLUMBLINE_EXTERNAL_ID',
  /** How often a quiet cluster is looked at, in minutes. */
  checkMinutes: 'PLUMBLINE_CHECK_MINUTES',
  /** Name of the isolated function that runs helm and kustomize. */
  rendererFunction: 'PLUMBLINE_RENDERER_FUNCTION',
  /** ARN of fleet-action, for the buttons of the widgets. */
  actionFunction: 'PLUMBLINE_ACTION_FUNCTION',
  /** Versions of helm and kubectl in the renderer's layer, as JSON (`{"helm": "v4.2.3"}`): renderings depend on them. */
  rendererVersions: 'PLUMBLINE_RENDERER_VERSIONS',
  /** Where the layer with helm and kubectl is mounted; not set: /opt, where Lambda mounts it. */
  layerFolder: 'PLUMBLINE_LAYER_FOLDER',
} as const;

/**
 * Where the sealed blobs stand in the bucket, and after how many days they expire, as runs do; used ones are written anew
 * in time.
 */
export const BLOB_PREFIX = 'blobs/';
export const BLOB_LIFE_DAYS = 30;
/** Where the wrapped keys stand, which never expire. */
export const BLOB_KEY_PREFIX = 'keys/';

/**
 * The state table: its keys, indexes and time to live, by the names of their attributes. The adapter works by them and
 * infra makes the table of them (on demand, both indexes of their own key types; docs/decisions/0011).
 */
export const TABLE = {
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  /** Time to live, in seconds since 1970: runs have it. */
  expires: 'expires',
  /** Sparse: what is to be looked at again, by when. Projects its keys and `projects`, nothing else. */
  dueIndex: {
    name: 'due',
    partitionKey: { name: 'due', type: 'S' },
    sortKey: { name: 'nextTry', type: 'N' },
    projects: ['network'],
  },
  /** Sparse: runs of a whole fleet by time. Projects everything. */
  runsIndex: {
    name: 'runs',
    partitionKey: { name: 'runsOf', type: 'S' },
    sortKey: { name: 'sk', type: 'S' },
  },
} as const;

/** The functions, by the file in functions/ and by the name within the stack. */
export const FUNCTION_NAMES = [
  'on-repository-change',
  'on-webhook',
  'on-schedule',
  'plan-fleet',
  'render-input',
  'render',
  'reconcile-cluster',
  'dashboard-widget',
  'fleet-action',
] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** Source of our events on the event bus. */
export const EVENT_SOURCE = 'plumbline';

/** Namespace of the CloudWatch metrics; dimensions are Fleet and, for some, Network. */
export const METRIC_NAMESPACE = 'Plumbline';
/** The dimension Network of clusters that name none; it may not be empty. */
export const NO_NETWORK = '-';

/**
 * Metrics, each with its CloudWatch unit. Those of the fleet are written by on-schedule, on-webhook and plan-fleet with
 * the dimension Fleet; those of a run by reconcile-cluster with Fleet and Network. What concerns one cluster is a
 * property of the same log line, never a dimension: at 1,000 clusters that would be most of the bill.
 */
export const METRICS = {
  /** Commit to applied in a cluster. */
  SyncLag: 'Seconds',
  ClustersSynced: 'Count',
  ClustersOutOfSync: 'Count',
  ClustersUnreachable: 'Count',
  /** Out of reach for 30 minutes and more. */
  ClustersLost: 'Count',
  ClustersSuspended: 'Count',
  /** Found by a ClusterSet once, and no longer. */
  ClustersGone: 'Count',
  ApplicationsOutOfSync: 'Count',
  DriftFound: 'Count',
  DriftHealed: 'Count',
  /** Fields healed again and again: someone else keeps taking them. */
  DriftReturning: 'Count',
  ObjectsApplied: 'Count',
  ObjectsFailed: 'Count',
  ObjectsPruned: 'Count',
  ApiRequests: 'Count',
  RunDuration: 'Milliseconds',
  PlanDuration: 'Milliseconds',
  RenderDuration: 'Milliseconds',
  PlansRefused: 'Count',
  /** Answers of AWS or of an API server that asked to wait. */
  Throttles: 'Count',
  /** Keys that a sweep found due. */
  SweepDue: 'Count',
  /** One a sweep: a missing one is an alarm. */
  Sweeps: 'Count',
  WebhooksRefused: 'Count',
  /** Bugs: InvariantBroken. */
  BugsFound: 'Count',
} as const;
export type MetricName = keyof typeof METRICS;

/** `detail-type` of our events on the event bus. */
export const EVENT_TYPES = [
  'ApplicationSynced',
  'ApplicationFailed',
  'ApplicationDegraded',
  'DriftDetected',
  'DriftHealed',
  'ClusterUnreachable',
  'ClusterRecovered',
  'PlanRefused',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];
