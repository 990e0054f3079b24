import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type ApiAccess, callApi } from './call-api.ts';
import { eventually } from './eventually.ts';
import { create } from './fixtures/create.ts';
import { podsDoNotRun, sharedCluster } from './shared-cluster.ts';
import type { TestCluster } from './test-cluster.ts';

interface Pod {
  readonly metadata: { readonly name: string };
  readonly status: {
    readonly phase: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly { readonly state: { readonly waiting?: { readonly reason: string } } }[];
  };
}

describe('a node', { concurrency: true, skip: podsDoNotRun }, () => {
  let cluster: TestCluster;
  const namespace = `behaviour-${process.pid}`;

  before(async () => {
    cluster = await sharedCluster();
    await create(cluster, '/api/v1/namespaces', { metadata: { name: namespace } });
  });
  after(async () => {
    await callApi(cluster, { method: 'DELETE', path: `/api/v1/namespaces/${namespace}` });
  });

  test("runs a Deployment's Pods until they are Ready", async () => {
    await create(cluster, `/apis/apps/v1/namespaces/${namespace}/deployments`, deployment('web', { replicas: 2 }));

    const pods = await eventually(
      () => podsOf(cluster, namespace, 'web'),
      (found) => found.length === 2 && found.every(isReady),
    );

    assert.deepEqual(
      pods.map((pod) => pod.status.phase),
      ['Running', 'Running'],
    );
  });

  test('completes a Job', async () => {
    await create(cluster, `/apis/batch/v1/namespaces/${namespace}/jobs`, job('migrate', {}));

    const counts = await eventually(
      () => jobStatus(cluster, namespace, 'migrate'),
      ({ succeeded }) => succeeded === 1,
    );

    assert.equal(counts.failed, undefined);
  });

  test('fails a Job that is asked to fail', async () => {
    const failing = job('broken', { 'plumbline.test/behaviour': 'fail' });
    await create(cluster, `/apis/batch/v1/namespaces/${namespace}/jobs`, failing);

    const counts = await eventually(
      () => jobStatus(cluster, namespace, 'broken'),
      ({ failed }) => failed === 1,
    );

    assert.equal(counts.succeeded, undefined);
  });

  test('shows ImagePullBackOff and CrashLoopBackOff for images of such a name', async () => {
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
    await create(cluster, path, deployment('missing', { image: 'example.test/image-pull-backoff:1' }));
    await create(cluster, path, deployment('crashing', { image: 'example.test/crash-loop:1' }));

    const missing = await eventually(() => waitingReason(cluster, namespace, 'missing'), Boolean);
    const crashing = await eventually(() => waitingReason(cluster, namespace, 'crashing'), Boolean);

    assert.deepEqual([missing, crashing], ['ImagePullBackOff', 'CrashLoopBackOff']);
  });

  test('lets a running Pod become unready when its annotation changes', async () => {
    const pods = `/api/v1/namespaces/${namespace}/pods`;
    await create(cluster, pods, { metadata: { name: 'steered', labels: { app: 'steered' } }, spec: podSpec('app:1') });
    await eventually(
      () => podsOf(cluster, namespace, 'steered'),
      (found) => found.some(isReady),
    );

    await callApi(cluster, {
      method: 'PATCH',
      path: `${pods}/steered`,
      contentType: 'application/merge-patch+json',
      body: { metadata: { annotations: { 'plumbline.test/behaviour': 'never-ready' } } },
    });

    const [pod] = await eventually(
      () => podsOf(cluster, namespace, 'steered'),
      (found) => !found.some(isReady),
    );
    assert.equal(pod?.status.phase, 'Running');
  });

  test('starts a Pod late when it is asked to', async () => {
    const slow = deployment('slow', { annotations: { 'plumbline.test/behaviour': 'slow-start=3s' } });
    await create(cluster, `/apis/apps/v1/namespaces/${namespace}/deployments`, slow);

    const seen = await eventually(() => waitingReason(cluster, namespace, 'slow'), Boolean);
    await eventually(
      () => podsOf(cluster, namespace, 'slow'),
      (found) => found.some(isReady),
    );

    assert.equal(seen, 'ContainerCreating');
  });

  test('lets a Pod go at once that is being deleted, whatever its grace', async () => {
    const pods = `/api/v1/namespaces/${namespace}/pods`;
    const spec = { ...podSpec('app:1'), terminationGracePeriodSeconds: 3600 };
    await create(cluster, pods, { metadata: { name: 'leaving', labels: { app: 'leaving' } }, spec });
    await eventually(
      () => podsOf(cluster, namespace, 'leaving'),
      (found) => found.some(isReady),
    );

    await callApi(cluster, { method: 'DELETE', path: `${pods}/leaving` });

    await eventually(
      () => callApi(cluster, { path: `${pods}/leaving` }),
      ({ status }) => status === 404,
    );
  });

  test('ends a namespace with everything in it', async () => {
    const doomed = `${namespace}-doomed`;
    await create(cluster, '/api/v1/namespaces', { metadata: { name: doomed } });
    const pods = `/api/v1/namespaces/${doomed}/pods`;
    await eventually(
      () =>
        callApi(cluster, { method: 'POST', path: pods, body: { metadata: { name: 'last' }, spec: podSpec('app:1') } }),
      ({ status }) => status === 201,
    );

    await callApi(cluster, { method: 'DELETE', path: `/api/v1/namespaces/${doomed}` });

    await eventually(
      () => callApi(cluster, { path: `/api/v1/namespaces/${doomed}` }),
      ({ status }) => status === 404,
    );
  });
});

async function podsOf(access: ApiAccess, namespace: string, app: string): Promise<readonly Pod[]> {
  const { body } = await callApi(access, { path: `/api/v1/namespaces/${namespace}/pods?labelSelector=app%3D${app}` });
  return (body as { items: readonly Pod[] }).items;
}

async function waitingReason(access: ApiAccess, namespace: string, app: string): Promise<string | undefined> {
  const [pod] = await podsOf(access, namespace, app);
  return pod?.status.containerStatuses?.[0]?.state.waiting?.reason;
}

interface JobStatus {
  readonly succeeded?: number;
  readonly failed?: number;
}

async function jobStatus(access: ApiAccess, namespace: string, name: string): Promise<JobStatus> {
  const { body } = await callApi(access, { path: `/apis/batch/v1/namespaces/${namespace}/jobs/${name}` });
  return (body as { status: JobStatus }).status;
}

function isReady(pod: Pod): boolean {
  return pod.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

interface WorkloadOptions {
  readonly replicas?: number;
  readonly image?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

function deployment(name: string, { replicas = 1, image = 'example.test/app:1', annotations = {} }: WorkloadOptions) {
  const template = { metadata: { labels: { app: name }, annotations }, spec: podSpec(image) };
  return { metadata: { name }, spec: { replicas, selector: { matchLabels: { app: name } }, template } };
}

function job(name: string, annotations: Readonly<Record<string, string>>) {
  const template = { metadata: { annotations }, spec: { ...podSpec('example.test/job:1'), restartPolicy: 'Never' } };
  return { metadata: { name }, spec: { backoffLimit: 0, template } };
}

/** Without grace: the namespace controller estimates from it how long to wait for a Pod's end. */
function podSpec(image: string) {
  return { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image }] };
}
