import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createEksLocator } from '../../shared/adapters/eks/eks-locator.ts';
import { createClusterConnector } from '../../shared/adapters/kube/connect-cluster.ts';
import { API_VERSION, clusterSchema } from '../../shared/model/declarations.ts';
import { setAwsEnvironment } from '../aws/eks/aws-environment.ts';
import { KnownIdentities } from '../aws/eks/identities.ts';
import { startEks, type TestEks } from '../aws/eks/start-eks.ts';
import { startEksCluster } from '../aws/eks/start-eks-cluster.ts';
import type { TestCluster } from '../controlplane/test-cluster.ts';

const PLUMBLINE = 'arn:aws:iam::123456789012:role/plumbline-worker';
const SESSION = 'arn:aws:sts::123456789012:assumed-role/plumbline-worker/reconcile-cluster';
const KEY = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'test' };

describe('a connection to an EKS cluster', () => {
  const identities = new KnownIdentities();
  let eks: TestEks;
  let plane: TestCluster;

  before(async () => {
    identities.add(KEY.accessKeyId, { secretAccessKey: KEY.secretAccessKey, arn: SESSION });
    eks = await startEks({ findIdentity: identities.find });
    setAwsEnvironment({ credentials: KEY, endpoints: { EKS: eks.url } });
    const access = [{ principalArn: PLUMBLINE, groups: ['system:masters'] }];
    plane = await startEksCluster(eks, { name: 'Prod', access }, { controllers: false });
  });
  after(async () => {
    await plane.stop();
    await eks.stop();
  });

  function declare(eksSpec: object = {}) {
    return clusterSchema.parse({
      ...{ apiVersion: API_VERSION, kind: 'Cluster', metadata: { name: 'prod-eu' } },
      spec: { eks: { name: 'Prod', region: 'eu-west-1', ...eksSpec } },
    });
  }

  test('asks EKS where it is, and logs in with a token that the cluster accepts', async () => {
    const connector = createClusterConnector([createEksLocator({ fleet: 'shop' })]);

    const connection = await connector.connect(declare(), { userAgent: 'plumbline-test' });
    const version = await connection.kubernetesVersion();
    const { kinds } = await connection.discover();
    await connection.close();

    assert.match(version, /^v1\./);
    assert.ok(kinds.length > 20);
    assert.equal(connection.endpoint?.server, plane.server);
    assert.deepEqual(eks.reviews.at(-1)?.result, { ok: true, user: SESSION, groups: ['system:masters'] });
  });
});
