import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { createEksLocator } from '../../shared/adapters/eks/eks-locator.ts';
import { createClusterConnector } from '../../shared/adapters/kube/connect-cluster.ts';
import type { PlumblineError } from '../../shared/errors.ts';
import type { ClusterConnection } from '../../shared/job/ports.ts';
import type { KnownEndpoint } from '../../shared/model/cluster-endpoint.ts';
import { API_VERSION, clusterSchema } from '../../shared/model/declarations.ts';
import { setAwsEnvironment } from '../aws/eks/aws-environment.ts';
import { KnownIdentities } from '../aws/eks/identities.ts';
import { startEks, type TestEks } from '../aws/eks/start-eks.ts';
import { startEksCluster } from '../aws/eks/start-eks-cluster.ts';
import type { TestCluster } from '../controlplane/test-cluster.ts';

import { makeAuthority, startTlsFront, type TlsFront } from './eks/tls-front.ts';

const PLUMBLINE = 'arn:aws:iam::123456789012:role/plumbline-worker';
const SESSION = 'arn:aws:sts::123456789012:assumed-role/plumbline-worker/reconcile-cluster';
const KEY = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'test' };
const ACCESS = [{ principalArn: PLUMBLINE, groups: ['system:masters'] }];

describe('a connection to an EKS cluster', () => {
  const identities = new KnownIdentities();
  const opened: ClusterConnection[] = [];
  const fronts: TlsFront[] = [];
  let eks: TestEks;
  let plane: TestCluster;

  before(async () => {
    identities.add(KEY.accessKeyId, { secretAccessKey: KEY.secretAccessKey, arn: SESSION });
    eks = await startEks({ findIdentity: identities.find });
    setAwsEnvironment({ credentials: KEY, endpoints: { EKS: eks.url } });
    plane = await startEksCluster(eks, { name: 'Prod', access: ACCESS }, { controllers: false });
  });
  afterEach(async () => {
    for (const connection of opened.splice(0)) await connection.close();
    for (const front of fronts.splice(0)) await front.stop();
    eks.setFault(undefined);
    setAwsEnvironment({ credentials: KEY, endpoints: {} });
    eks.put({ name: 'Prod', plane, access: ACCESS });
  });
  after(async () => {
    await plane.stop();
    await eks.stop();
  });

  async function connect(known?: KnownEndpoint, spec: object = {}): Promise<ClusterConnection> {
    const connector = createClusterConnector([createEksLocator({ fleet: 'shop' })]);
    const declaration = clusterSchema.parse({
      ...{ apiVersion: API_VERSION, kind: 'Cluster', metadata: { name: 'prod-eu' } },
      spec: { eks: { name: 'Prod', region: 'eu-west-1', ...spec } },
    });
    const connection = await connector.connect(declaration, { userAgent: 'plumbline-test', ...(known && { known }) });
    opened.push(connection);
    return connection;
  }

  /** Where the cluster is now; EKS was asked for it. */
  async function knownNow(): Promise<KnownEndpoint> {
    const { endpoint } = await connect();
    assert.ok(endpoint);
    return endpoint;
  }

  async function front(options: Parameters<typeof startTlsFront>[1]): Promise<TlsFront> {
    const started = await startTlsFront(plane, options);
    fronts.push(started);
    return started;
  }

  const described = () => eks.requests.filter(({ operation }) => operation === 'DescribeCluster').length;

  async function failure(of: Promise<unknown>): Promise<PlumblineError> {
    const error = await of.then(
      () => assert.fail('it did not fail'),
      (caught: PlumblineError) => caught,
    );
    assert.equal(error.name, 'PlumblineError', String(error));
    return error;
  }

  test('asks EKS where it is, and logs in with a token that the cluster accepts', async () => {
    const connection = await connect();

    assert.match(await connection.kubernetesVersion(), /^v1\./);
    assert.ok((await connection.discover()).kinds.length > 20);
    assert.equal(connection.endpoint?.server, plane.server);
    assert.deepEqual(eks.reviews.at(-1)?.result, { ok: true, user: SESSION, groups: ['system:masters'] });
  });

  test('asks nobody while what is known is younger than an hour and holds', async () => {
    const known = await knownNow();
    const before = described();

    const connection = await connect(known);
    await connection.kubernetesVersion();

    assert.equal(described(), before);
    assert.deepEqual(connection.endpoint, known);
  });

  test('asks again after an hour', async () => {
    const known = { ...(await knownNow()), readAtMs: Date.now() - 61 * 60_000 };
    const before = described();

    const connection = await connect(known);

    assert.equal(described(), before + 1);
    assert.ok((connection.endpoint?.readAtMs ?? 0) > known.readAtMs);
  });

  test('goes on with what it knows when EKS throttles that question', async () => {
    const known = { ...(await knownNow()), readAtMs: 0 };
    eks.setFault(() => ({ status: 429, code: 'ThrottlingException', message: 'Rate exceeded' }));

    const connection = await connect(known);

    assert.match(await connection.kubernetesVersion(), /^v1\./);
    assert.deepEqual(connection.endpoint, known);
  });

  test('goes on through the rotation of its authority: two are trusted, then the new one alone', async () => {
    const [old, next] = [makeAuthority(), makeAuthority()];
    const at = await front({ authority: old });
    const put = (certificateAuthority: string) =>
      eks.put({ name: 'Prod', server: at.url, certificateAuthority, access: ACCESS });

    put(old.certificate);
    const first = await knownNow();
    put(`${old.certificate}${next.certificate}`);
    const both = await connect({ ...first, readAtMs: 0 });
    await both.kubernetesVersion();
    at.use(next);
    const meanwhile = await connect(both.endpoint);
    const before = described();
    await meanwhile.kubernetesVersion();
    const unasked = described() - before;
    put(next.certificate);
    const late = await connect(first);
    await late.kubernetesVersion();

    assert.equal(unasked, 0);
    assert.equal(described(), before + 1);
    assert.equal(late.endpoint?.certificateAuthority, next.certificate);
  });

  test('tries once more where the certificate was not trusted, although EKS says what it said', async () => {
    const [old, next] = [makeAuthority(), makeAuthority()];
    const at = await front({ authority: old });
    eks.put({ name: 'Prod', server: at.url, certificateAuthority: next.certificate, access: ACCESS });
    const known = await knownNow();
    eks.setFault(() => {
      at.use(next);
      return undefined;
    });

    const connection = await connect(known);

    assert.match(await connection.kubernetesVersion(), /^v1\./);
  });

  test('follows a cluster that was made anew elsewhere under its name, in the same run', async () => {
    const known = { ...(await knownNow()), server: await closedAddress() };
    const before = described();

    const connection = await connect(known);
    const [version, discovery] = await Promise.all([connection.kubernetesVersion(), connection.discover()]);

    assert.match(version, /^v1\./);
    assert.ok(discovery.kinds.length > 20);
    assert.equal(described(), before + 1);
    assert.equal(connection.endpoint?.server, plane.server);
  });

  test('follows one whose name in DNS is gone', async () => {
    const known = { ...(await knownNow()), server: 'https://gone.invalid' };

    const connection = await connect(known);

    assert.match(await connection.kubernetesVersion(), /^v1\./);
  });

  test('follows one whose old address cuts connections off', async () => {
    const at = await front({ reset: true });
    const known = { ...(await knownNow()), server: at.url };

    const connection = await connect(known);

    assert.match(await connection.kubernetesVersion(), /^v1\./);
  });

  test('follows one that another cluster answers for, which does not know our token', async () => {
    const at = await front({ answer: 401 });
    const known = { ...(await knownNow()), server: at.url, certificateAuthority: at.certificateAuthority };

    const connection = await connect(known);

    assert.match(await connection.kubernetesVersion(), /^v1\./);
    assert.equal(at.requests, 2, 'with the token that was kept, and with a fresh one');
  });

  test('is a failure that stands when EKS names the same address, asked once for all that fail', async () => {
    const server = await closedAddress();
    eks.put({ name: 'Prod', server, certificateAuthority: (await knownNow()).certificateAuthority, access: ACCESS });
    const known = await knownNow();
    const before = described();

    const connection = await connect(known);
    const failures = await Promise.all([failure(connection.kubernetesVersion()), failure(connection.discover())]);
    await failure(connection.kubernetesVersion());

    assert.equal(described(), before + 1);
    assert.match(
      failures[0].message,
      /^prod-eu: read the Kubernetes version: https:.* refuses connections, and its provider, asked again, names no other address;/,
    );
    assert.equal(failures[1].code, 'ClusterUnreachable');
  });

  test('is a failure that says why EKS could not be asked either', async () => {
    const known = { ...(await knownNow()), server: await closedAddress() };
    eks.remove({ name: 'Prod' });

    const connection = await connect(known);
    const { problems } = await failure(connection.kubernetesVersion());

    assert.deepEqual(
      problems.map(({ code }) => code),
      ['ClusterUnreachable', 'ConfigInvalid'],
    );
    assert.match(problems[1]?.wrong ?? '', /there is no EKS cluster Prod in eu-west-1/);
  });

  test('renews its token once when it is refused, and says so when that does not help', async () => {
    // A key of its own: API servers keep what a token was worth for 10 s.
    identities.add('AKIASTRANGER', { secretAccessKey: 'other', arn: 'arn:aws:iam::123456789012:user/stranger' });
    const stranger = { accessKeyId: 'AKIASTRANGER', secretAccessKey: 'other' };
    setAwsEnvironment({ credentials: stranger, endpoints: {} });
    const before = eks.reviews.length;

    const { code, message } = await failure((await connect()).kubernetesVersion());

    assert.equal(code, 'CredentialsExpired');
    assert.match(
      message,
      /does not accept the credentials \(HTTP 401\), and its provider.*; give the role of Plumbline an access entry in the cluster/,
    );
    assert.equal(eks.reviews.length, before + 2);
  });
});

/** An address where nothing listens. */
async function closedAddress(): Promise<string> {
  const { createServer } = await import('node:net');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return `https://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 1}`;
}
