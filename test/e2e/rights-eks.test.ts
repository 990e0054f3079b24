import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
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
import { give, rightsOf } from './rights/fleet-life.ts';

const ROLE = 'arn:aws:iam::123456789012:role/plumbline-worker';
const KEY = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'test' };
const CLUSTER = { name: 'prod', access: [{ principalArn: ROLE, groups: ['plumbline'] }] };

let eks: TestEks;
let plane: TestCluster;
let fleet: FleetUnderTest;
before(async () => {
  const identities = new KnownIdentities();
  identities.add(KEY.accessKeyId, { secretAccessKey: KEY.secretAccessKey, arn: ROLE });
  eks = await startEks({ findIdentity: identities.find });
  setAwsEnvironment({ credentials: KEY, endpoints: { EKS: eks.url } });
  plane = await startEksCluster(eks, CLUSTER, { controllers: false });
  fleet = await fleetUnderTest();
});
after(async () => {
  await fleet.close();
  await plane.stop();
  await eks.stop();
});

test('an access entry with the group alone suffices, once what is printed for the group was applied', async () => {
  const cluster = clusterSchema.parse({
    ...{ apiVersion: 'plumbline.dev/v1', kind: 'Cluster', metadata: { name: 'under-test' } },
    spec: { eks: { name: 'prod', region: 'eu-west-1' } },
  });
  const clusters = createClusterConnector([createEksLocator({ fleet: fleet.fleet })]);
  const text = configMap('flags', 'on');
  await fleet.want({ web: { objects: text } }, { cluster });

  await fleet.runWith({ ...fleet.deps, clusters });
  const before = await fleet.status();
  const group = { kind: 'Group', name: 'plumbline' } as const;
  await give(plane, rightsOf({ fleet: fleet.fleet, objects: { web: text }, subject: group }));
  await fleet.runWith({ ...fleet.deps, clusters });
  const status = await fleet.status();

  assert.equal(before.problems[0]?.code, 'Forbidden');
  assert.deepEqual(status.problems, []);
  assert.equal(status.sync, 'synced');
});
