/** examples/cluster-access/rbac.yaml on a real API server: enough for a run, and not one right more. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createEksLocator } from '../../shared/adapters/eks/eks-locator.ts';
import { createClusterConnector } from '../../shared/adapters/kube/connect-cluster.ts';
import { findTools } from '../../shared/adapters/tools/find-tools.ts';
import { clusterSchema } from '../../shared/model/declarations.ts';
import { ROOT } from '../architecture/source-files.ts';
import { setAwsEnvironment } from '../aws/eks/aws-environment.ts';
import { KnownIdentities } from '../aws/eks/identities.ts';
import { startEks, type TestEks } from '../aws/eks/start-eks.ts';
import { startEksCluster } from '../aws/eks/start-eks-cluster.ts';
import type { TestCluster } from '../controlplane/test-cluster.ts';
import { configMap } from './reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';

const ROLE = 'arn:aws:iam::123456789012:role/plumbline-prod-reconcile-cluster';
const KEY = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'test' };
const CLUSTER = { name: 'prod', access: [{ principalArn: ROLE, groups: ['plumbline'] }] };

const CLUSTER_ROLE = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reads-nodes}
rules: [{apiGroups: [""], resources: [nodes], verbs: [get]}]
`;

describe('a worker in the group of examples/cluster-access/rbac.yaml', () => {
  let eks: TestEks;
  let plane: TestCluster;
  let fleet: FleetUnderTest;
  let kubectl: (...args: readonly string[]) => string;
  before(async () => {
    const identities = new KnownIdentities();
    identities.add(KEY.accessKeyId, { secretAccessKey: KEY.secretAccessKey, arn: ROLE });
    eks = await startEks({ findIdentity: identities.find });
    setAwsEnvironment({ credentials: KEY, endpoints: { EKS: eks.url } });
    plane = await startEksCluster(eks, CLUSTER);
    fleet = await fleetUnderTest();
    const { kubectlPath } = await findTools();
    kubectl = (...args) => {
      const admin = ['--kubeconfig', plane.kubeconfigPath, '--context', plane.context];
      return execFileSync(kubectlPath, [...admin, ...args], { encoding: 'utf8' });
    };
    kubectl('apply', '-f', join(ROOT, 'examples/cluster-access/rbac.yaml'));
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
  const run = () =>
    fleet.runWith({ ...fleet.deps, clusters: createClusterConnector([createEksLocator({ fleet: fleet.fleet })]) });

  it('makes namespaces, applies, changes and prunes', async () => {
    const settings = { namespace: 'web', createNamespace: 'web' };
    await fleet.want({ web: { objects: configMap('flags', 'on'), settings } }, { cluster: declaration });
    await run();
    const applied = await fleet.status();
    await fleet.want({ web: { objects: configMap('others', 'on'), settings } }, { cluster: declaration });
    await run();
    const replaced = await fleet.status();

    assert.equal(applied.sync, 'synced', JSON.stringify(applied.problems));
    assert.equal(replaced.sync, 'synced', JSON.stringify(replaced.problems));
    const left = kubectl(
      'get',
      'configmaps',
      '--namespace',
      'web',
      '--selector',
      'plumbline.dev/fleet',
      '--output',
      'name',
    );
    assert.equal(left.trim(), 'configmap/others');
  });

  it('is told Forbidden for a kind that nobody gave it, and says so', async () => {
    await fleet.want({ rights: { objects: CLUSTER_ROLE } }, { cluster: declaration });
    await run();
    const status = await fleet.status();

    assert.notEqual(status.sync, 'synced');
    assert.ok(JSON.stringify(status.problems).includes('Forbidden'), JSON.stringify(status.problems));
  });
});
