import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { buildControlPlane } from './build.ts';
import { type ApiAccess, callApi } from './call-api.ts';
import { eventually } from './eventually.ts';
import { markRequests, requestsSince } from './request-log.ts';
import { podsDoNotRun, sharedCluster } from './shared-cluster.ts';
import { startCluster, stopCluster } from './start-cluster.ts';
import { parseReadyLine, type ReadyLine, type TestCluster } from './test-cluster.ts';

interface Pod {
  readonly metadata: { readonly name: string };
  readonly status: {
    readonly phase: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly { readonly state: { readonly waiting?: { readonly reason: string } } }[];
  };
}

const temporaryDirs: string[] = [];
after(() => Promise.all(temporaryDirs.map((path) => rm(path, { recursive: true, force: true, maxRetries: 5 }))));

describe('a cluster with controllers', { concurrency: true, skip: podsDoNotRun }, () => {
  let cluster: TestCluster;
  const namespace = `controlplane-${process.pid}`;

  before(async () => {
    cluster = await sharedCluster();
    await create(cluster, '/api/v1/namespaces', { metadata: { name: namespace } });
  });
  after(async () => {
    await callApi(cluster, { method: 'DELETE', path: `/api/v1/namespaces/${namespace}` });
  });

  test('is Kubernetes 1.36', async () => {
    const { body } = await callApi(cluster, { path: '/version' });

    assert.match(JSON.stringify(body), /"gitVersion":"v1\.36\.\d+"/);
    assert.match(cluster.version, /^v1\.36\.\d+$/);
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

  test('logs every request before it is answered, with who sent it', async () => {
    const mark = await markRequests(cluster);
    const path = `/api/v1/namespaces/${namespace}/configmaps/absent`;
    await callApi(cluster, { path: `${path}?pretty=1`, userAgent: 'counted/1' });
    await callApi(cluster, { path, userAgent: 'counted/1' });
    await callApi(cluster, { path, userAgent: 'another/1' });

    const requests = await requestsSince(cluster, mark, { user: 'admin', userAgent: 'counted/' });

    const common = { verb: 'get', path, user: 'admin', userAgent: 'counted/1', code: 404 };
    assert.deepEqual(requests, [
      { ...common, uri: `${path}?pretty=1` },
      { ...common, uri: path },
    ]);
  });

  test('shows its request metrics to the administrator', async () => {
    const { status, body } = await callApi(cluster, { path: '/metrics' });

    assert.equal(status, 200);
    assert.match(String(body), /^apiserver_request_total\{.*resource="namespaces".*\} \d+$/m);
  });

  test('knows the administrator by a client certificate too', async () => {
    const config = new KubeConfig();
    config.loadFromFile(cluster.kubeconfigPath);
    config.setCurrentContext(cluster.certificateContext);

    const { metadata } = await config.makeApiClient(CoreV1Api).readNamespace({ name: 'kube-system' });

    assert.ok(metadata?.uid);
    assert.equal(config.getCurrentUser()?.token, undefined);
  });
});

describe('a cluster without controllers', () => {
  const nobody = { user: 'nobody', token: 'no-rights' };
  let dataDir: string;
  let cluster: TestCluster;

  before(async () => {
    dataDir = await temporaryDir();
    cluster = await startCluster({ controllers: false, dataDir, tokens: [nobody] });
  });
  after(() => stopCluster(cluster));

  test('stands beside another one, which leaves nothing behind', async () => {
    const other = await startCluster({ controllers: false, name: 'other' });

    const uids = await Promise.all([cluster, other].map(uidOf));
    await stopCluster(other);

    assert.equal(new Set(uids).size, 2);
    assert.equal(existsSync(other.dataDir), false);
  });

  test('gives further users no rights', async () => {
    const asNobody = await callApi({ ...cluster, token: nobody.token }, { path: '/api/v1/namespaces' });
    const asStranger = await callApi({ ...cluster, token: 'unheard-of' }, { path: '/api/v1/namespaces' });

    assert.deepEqual([asNobody.status, asStranger.status], [403, 401]);
  });

  test('shares its data directory with no other', async () => {
    const start = startCluster({ controllers: false, dataDir });

    await assert.rejects(start, /another control plane is running with this data directory/);
  });

  test('comes back from its data directory with its objects, on the same port, for the same kubeconfig', async () => {
    const before = cluster;
    const uid = await uidOf(before);
    await before.stop();
    await assert.rejects(uidOf(before));

    cluster = await startCluster({ controllers: false, dataDir });

    assert.equal(await uidOf(before), uid);
    assert.deepEqual([cluster.server, cluster.token], [before.server, before.token]);
  });

  test('says why it does not start', async () => {
    const start = startCluster({ controllers: false, apiserverFlags: ['--no-such-flag=1'] });

    await assert.rejects(start, /unknown flag: --no-such-flag/);
  });
});

describe('nothing is left behind', () => {
  test('when the process that started the cluster is killed', async () => {
    const { parent, line } = await holdCluster('orphaned');
    assert.ok((await processesOf(line)).length >= 3);

    parent.kill('SIGKILL');

    await eventually(
      () => processesOf(line),
      (left) => left.length === 0,
    );
    assert.equal(existsSync(line.dataDir), false);
  });

  test('when the control plane is killed: its children end, and the next start removes its directory', async () => {
    const { parent, line } = await holdCluster('killed');

    process.kill(line.pid, 'SIGKILL');

    await eventually(
      () => processesOf(line),
      (left) => left.length === 0,
    );
    assert.equal(existsSync(line.dataDir), true);
    await stopCluster(await startCluster({ controllers: false }));
    assert.equal(existsSync(line.dataDir), false);
    parent.kill('SIGKILL');
  });
});

describe("a user's own binaries (KUBEBUILDER_ASSETS)", () => {
  test('serve as a cluster, with their controllers if they are there', async () => {
    const assetsDir = await makeAssets(['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler']);
    const cluster = await startCluster({ assetsDir, name: 'own' });

    const config = new KubeConfig();
    config.loadFromFile(cluster.kubeconfigPath);
    config.setCurrentContext(cluster.certificateContext);
    const { metadata } = await config.makeApiClient(CoreV1Api).readNamespace({ name: 'default' });
    const account = await eventually(
      () => callApi(cluster, { path: '/api/v1/namespaces/default/serviceaccounts/default' }),
      ({ status }) => status === 200,
    );
    await cluster.stop();

    assert.equal(metadata?.name, 'default');
    assert.equal(account.status, 200);
    assert.equal(cluster.nodes, 0);
    assert.equal(existsSync(cluster.dataDir), false);
  });

  test('serve without controllers, come back from a data directory, and end with the process that started them', async () => {
    const assetsDir = await makeAssets(['etcd', 'kube-apiserver']);
    const dataDir = await temporaryDir();
    const first = await startCluster({ assetsDir, dataDir });
    const uid = await uidOf(first);
    await first.stop();

    const { parent, line } = await holdCluster('own', { KUBEBUILDER_ASSETS: assetsDir });
    const second = await startCluster({ assetsDir, dataDir });
    const uidAfterwards = await uidOf(first);
    await second.stop();
    parent.kill('SIGKILL');

    assert.equal(uidAfterwards, uid);
    await eventually(
      () => processesOf(line),
      (left) => left.length === 0,
    );
    assert.equal(existsSync(line.dataDir), false);
  });
});

async function create(access: ApiAccess, path: string, body: unknown): Promise<void> {
  const answer = await callApi(access, { method: 'POST', path, body });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
}

async function uidOf(access: ApiAccess): Promise<string> {
  const { body } = await callApi(access, { path: '/api/v1/namespaces/kube-system' });
  return (body as { metadata: { uid: string } }).metadata.uid;
}

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

/** Starts a process of its own that starts a cluster. */
async function holdCluster(name: string, environment: Readonly<Record<string, string>> = {}) {
  const script = join(import.meta.dirname, 'fixtures', 'hold-cluster.ts');
  const parent = spawn(process.execPath, [script, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  const [line]: unknown[] = await once(createInterface({ input: parent.stdout }), 'line');
  return { parent, line: parseReadyLine(String(line)) };
}

/** Returns the living processes of a cluster: its first one, and those that name its directory. */
async function processesOf({ pid, dataDir }: ReadyLine): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,stat=,args=']);
  return stdout.split('\n').filter((line) => {
    const [, id, state = ''] = /^\s*(\d+)\s+(\S+)/.exec(line) ?? [];
    return !state.startsWith('Z') && (Number(id) === pid || line.includes(dataDir));
  });
}

async function temporaryDir(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'plumbline-test-'));
  temporaryDirs.push(path);
  return path;
}

/** Makes a directory like envtest's: here each binary is a script that runs that part of our own. */
async function makeAssets(names: readonly string[]): Promise<string> {
  const directory = await temporaryDir();
  const binary = await buildControlPlane();
  for (const name of names) {
    await writeFile(join(directory, name), `#!/bin/sh\nexec '${binary}' ${name} "$@"\n`);
    await chmod(join(directory, name), 0o755);
  }
  return directory;
}
