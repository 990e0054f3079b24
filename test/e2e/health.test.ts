/** The verdicts on what real controllers, a real scheduler and a kubelet's status write, not on what we imagine of them. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { assessHealth } from '../../shared/health/assess.ts';
import { gravestTrouble, withPodTrouble } from '../../shared/health/explain-workload.ts';
import type { Health, HealthVerdict } from '../../shared/model/health.ts';
import { isJsonObject, type JsonObject } from '../../shared/model/json.ts';
import { isKubeObject } from '../../shared/model/kube-json.ts';
import type { KubeObject } from '../../shared/model/kube-object.ts';
import { callApi } from '../controlplane/call-api.ts';
import { eventually } from '../controlplane/eventually.ts';
import { podsDoNotRun, sharedCluster } from '../controlplane/shared-cluster.ts';

const NAMESPACE = `health-${randomBytes(4).toString('hex')}`;
const APPS = `/apis/apps/v1/namespaces/${NAMESPACE}`;
const BATCH = `/apis/batch/v1/namespaces/${NAMESPACE}`;
const CORE = `/api/v1/namespaces/${NAMESPACE}`;

async function call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: KubeObject): Promise<JsonObject> {
  const answer = await callApi(await sharedCluster(), { method, path, body });
  assert.ok(answer.status < 300 && isJsonObject(answer.body), `${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

const podSpec = (image: string, cpu = '1m') => ({
  containers: [{ name: 'app', image, resources: { requests: { cpu } } }],
});

/** `behaviour` is what the nodes of the test cluster are asked for. */
function podTemplate(name: string, behaviour: string, spec: JsonObject = podSpec('app:1')): JsonObject {
  return { metadata: { labels: { app: name }, annotations: { 'plumbline.test/behaviour': behaviour } }, spec };
}

function workload(kind: string, name: string, template: JsonObject, spec: JsonObject = {}): KubeObject {
  const selector = { matchLabels: { app: name } };
  return { apiVersion: 'apps/v1', kind, metadata: { name }, spec: { selector, template, ...spec } };
}

function job(name: string, behaviour: string, spec: JsonObject = {}): KubeObject {
  const template = podTemplate(name, behaviour, { ...podSpec('app:1'), restartPolicy: 'Never' });
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { backoffLimit: 0, template, ...spec } };
}

interface Row {
  readonly sentence: string;
  readonly path: string;
  readonly object: KubeObject;
  readonly verdict: readonly [Health, RegExp];
}

const ROWS: readonly Row[] = [
  {
    sentence: 'a Deployment whose Pods run becomes healthy',
    path: `${APPS}/deployments`,
    object: workload('Deployment', 'good', podTemplate('good', ''), { replicas: 2 }),
    verdict: ['healthy', /^$/],
  },
  {
    sentence: 'a Deployment whose image cannot be pulled names the image',
    path: `${APPS}/deployments`,
    object: workload('Deployment', 'no-image', podTemplate('no-image', 'image-pull-backoff', podSpec('shop/api:9'))),
    verdict: [
      'progressing',
      /^0 of 1 replicas available; waiting for Pods: container app cannot pull image shop\/api:9 \(.*\(Pod no-image-/,
    ],
  },
  {
    sentence: 'a Deployment whose Pods crash names exit code and restarts',
    path: `${APPS}/deployments`,
    object: workload('Deployment', 'crash', podTemplate('crash', 'crash-loop')),
    verdict: ['progressing', /waiting for Pods: container app keeps crashing: exit code \d+, .*restart/],
  },
  {
    sentence: 'a Deployment without room on any node says so',
    path: `${APPS}/deployments`,
    object: workload('Deployment', 'huge', podTemplate('huge', '', podSpec('app:1', '9000'))),
    verdict: ['progressing', /waiting for Pods: no node takes it: 0\/\d+ nodes are available: .*Insufficient cpu/],
  },
  {
    sentence: 'a Deployment past its deadline is degraded',
    path: `${APPS}/deployments`,
    object: workload('Deployment', 'late', podTemplate('late', 'never-ready'), { progressDeadlineSeconds: 1 }),
    verdict: ['degraded', /^its rollout stopped making progress: ReplicaSet "late-\w+" has timed out progressing/],
  },
  {
    sentence: 'a paused Deployment is suspended',
    path: `${APPS}/deployments`,
    object: workload('Deployment', 'paused', podTemplate('paused', ''), { paused: true }),
    verdict: ['suspended', /^paused by spec.paused$/],
  },
  {
    sentence: 'a StatefulSet whose Pods run becomes healthy',
    path: `${APPS}/statefulsets`,
    object: workload('StatefulSet', 'set', podTemplate('set', ''), { serviceName: 'set', replicas: 2 }),
    verdict: ['healthy', /^$/],
  },
  {
    sentence: 'a StatefulSet whose first Pod is never ready is progressing',
    path: `${APPS}/statefulsets`,
    object: workload('StatefulSet', 'stuck', podTemplate('stuck', 'never-ready'), {
      serviceName: 'stuck',
      replicas: 2,
    }),
    verdict: ['progressing', /^1 of 2 replicas created$/],
  },
  {
    sentence: 'a DaemonSet whose Pods run becomes healthy',
    path: `${APPS}/daemonsets`,
    object: workload('DaemonSet', 'agent', podTemplate('agent', '')),
    verdict: ['healthy', /^$/],
  },
  {
    sentence: 'a Job becomes healthy when it is complete',
    path: `${BATCH}/jobs`,
    object: job('done', ''),
    verdict: ['healthy', /^$/],
  },
  {
    sentence: 'a running Job is progressing',
    path: `${BATCH}/jobs`,
    object: job('running', 'run-forever'),
    verdict: ['progressing', /^the Job is running: 1 Pod active, 0 succeeded$/],
  },
  {
    sentence: 'a Job that failed is degraded and says why',
    path: `${BATCH}/jobs`,
    object: job('failed', 'fail'),
    verdict: ['degraded', /^the Job failed: Job has reached the specified backoff limit/],
  },
  {
    sentence: 'a suspended Job is suspended',
    path: `${BATCH}/jobs`,
    object: job('later', '', { suspend: true }),
    verdict: ['suspended', /^suspended by spec.suspend$/],
  },
  {
    sentence: 'a claim that no volume satisfies is progressing',
    path: `${CORE}/persistentvolumeclaims`,
    object: {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'disk' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    },
    verdict: ['progressing', /^not bound to a volume yet \(phase Pending\)/],
  },
  {
    sentence: 'a load balancer that nobody provides has a cluster IP and no address',
    path: `${CORE}/services`,
    object: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'front' },
      spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
    },
    verdict: ['progressing', /^its load balancer has no address yet$/],
  },
  {
    sentence: 'a budget that its controller has seen is healthy',
    path: `/apis/policy/v1/namespaces/${NAMESPACE}/poddisruptionbudgets`,
    object: {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'budget' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'none' } } },
    },
    verdict: ['healthy', /^$/],
  },
  {
    sentence: 'an object with a finalizer that is being deleted is terminating',
    path: `${CORE}/configmaps`,
    object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kept', finalizers: ['plumbline.test/keep'] } },
    verdict: ['progressing', /^terminating since \S+, waits for finalizers plumbline.test\/keep$/],
  },
];

async function assess({ path, object }: Row): Promise<HealthVerdict> {
  const live = liveObject(await call('GET', `${path}/${object.metadata.name}`), object);
  const { items } = await call('GET', `${CORE}/pods`);
  assert.ok(Array.isArray(items));
  const pods = items.map((item: unknown) => liveObject(item, { apiVersion: 'v1', kind: 'Pod' }));
  return withPodTrouble(assessHealth(live, Date.now()), gravestTrouble(live, pods));
}

/** Items of a list do not name their kind. */
function liveObject(value: unknown, { apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): KubeObject {
  const object: unknown = isJsonObject(value) ? { ...value, apiVersion, kind } : value;
  assert.ok(isKubeObject(object));
  return object;
}

describe('the health of real objects', { skip: podsDoNotRun, concurrency: 4 }, () => {
  before(async () => {
    await call('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
    for (const { path, object } of ROWS) await call('POST', path, object);
    await call('DELETE', `${CORE}/configmaps/kept`);
  });
  after(async () => {
    const path = `${CORE}/configmaps/kept`;
    const unlocked = { metadata: { finalizers: null } };
    const contentType = 'application/merge-patch+json';
    await callApi(await sharedCluster(), { method: 'PATCH', path, body: unlocked, contentType });
    await call('DELETE', `/api/v1/namespaces/${NAMESPACE}`);
  });

  for (const row of ROWS) {
    test(row.sentence, async () => {
      const [health, reason] = row.verdict;

      const seen = await eventually(
        () => assess(row),
        (verdict) => verdict.health === health && reason.test(verdict.reason),
      );

      assert.equal(seen.reason === '', health === 'healthy');
    });
  }
});
