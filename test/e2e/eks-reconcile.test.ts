import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createEksLocator } from '../../shared/adapters/eks/eks-locator.ts';
import { createClusterConnector } from '../../shared/adapters/kube/connect-cluster.ts';
import { clusterSchema } from '../../shared/model/declarations.ts';
import { setAwsEnvironment } from '../aws/eks/aws-environment.ts';
import { KnownIdentities } from '../aws/eks/identities.ts';
import { startEks, type TestEks } from '../aws/eks/start-eks.ts';
import { startEksCluster } from '../aws/eks/start-eks-cluster.ts';
import type { TestCluster } from '../controlplane/test-cluster.ts';
import { configMap } from './reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';

const ROLE = 'arn:aws:iam::123456789012:role/plumbline-worker';
const KEY = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'test' };
const CLUSTER = { name: 'prod', access: [{ principalArn: ROLE, groups: ['system:masters'] }] };

describe('runs of an EKS cluster', () => {
  let eks: TestEks;
  let plane: TestCluster;
  let fleet: FleetUnderTest;
  before(async () => {
    const identities = new KnownIdentities();
    identities.add(KEY.accessKeyId, { secretAccessKey: KEY.secretAccessKey, arn: ROLE });
    eks = await startEks({ findIdentity: identities.find });
    setAwsEnvironment({ credentials: KEY, endpoints: { EKS: eks.url } });
    plane = await startEksCluster(eks, CLUSTER);
    fleet = await fleetUnderTest();
  });
  after(async () => {
    await fleet.close();
    await plane.stop();
    await eks.stop();
  });

  const declaration = clusterSchema.parse({
    ...{ apiVersion: 'plumbline.dev/v1', kind: 'Cluster', metadata: { name: 'under-test' } },
    spec: { eks: { name: 'prod', region: 'eu-west-1' } },
  });
  /** Each run by a process that has just started: no token, no session, nothing known but the state. */
  const runCold = () =>
    fleet.runWith({ ...fleet.deps, clusters: createClusterConnector([createEksLocator({ fleet: fleet.fleet })]) });

  it('ask EKS once, and go by the state from then on, cold ones too', async () => {
    const web = (value: string) => ({
      web: { objects: configMap('flags', value), settings: { namespace: 'default' } },
    });
    await fleet.want(web('on'), { cluster: declaration });
    await runCold();
    const first = await fleet.status();

    await fleet.want(web('off'), { cluster: declaration });
    await runCold();
    const second = await fleet.status();

    assert.equal(first.sync, 'synced', JSON.stringify(first.problems));
    assert.equal(second.sync, 'synced');
    assert.equal(eks.requests.length, 1);
    assert.equal(second.endpoint?.server, plane.server);
    assert.deepEqual(second.endpoint, first.endpoint);
  });

  it('say why a cluster cannot be reached, and come back by themselves once it is made anew', async () => {
    const { server } = plane;
    await plane.stop();
    await fleet.want({}, { cluster: declaration });
    await runCold();
    const away = await fleet.status();

    plane = await startEksCluster(eks, CLUSTER);
    const web = { web: { objects: configMap('flags', 'on'), settings: { namespace: 'default' } } };
    await fleet.want(web, { cluster: declaration });
    await runCold();
    const back = await fleet.status();

    assert.match(
      away.problems[0]?.wrong ?? '',
      /refuses connections, and its provider, asked again, names no other address/,
    );
    assert.equal(away.endpoint?.server, server);
    assert.notEqual(plane.server, server);
    assert.equal(back.sync, 'synced', JSON.stringify(back.problems));
    assert.equal(back.endpoint?.server, plane.server);
  });
});
