import { createEksLocator } from '../../shared/adapters/eks/eks-locator.ts';
import { createClusterConnector } from '../../shared/adapters/kube/connect-cluster.ts';
import { API_VERSION, clusterSchema } from '../../shared/model/declarations.ts';
import { setAwsEnvironment } from '../aws/eks/aws-environment.ts';
import { KnownIdentities } from '../aws/eks/identities.ts';
import { startEks, type TestEks } from '../aws/eks/start-eks.ts';
import { startEksCluster } from '../aws/eks/start-eks-cluster.ts';
import { testClusterContract } from './cluster-contract.ts';

const ROLE = 'arn:aws:iam::123456789012:role/plumbline-worker';
const KEY = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'test' };
const CLUSTER = { name: 'contract', access: [{ principalArn: ROLE, groups: ['system:masters'] }] };

/** Both end with this process, and do not keep it. */
let started: Promise<TestEks> | undefined;

async function start(): Promise<TestEks> {
  const identities = new KnownIdentities();
  identities.add(KEY.accessKeyId, { secretAccessKey: KEY.secretAccessKey, arn: ROLE });
  const eks = await startEks({ findIdentity: identities.find });
  setAwsEnvironment({ credentials: KEY, endpoints: { EKS: eks.url } });
  await startEksCluster(eks, CLUSTER);
  return eks;
}

testClusterContract('spec.eks and a real API server behind a token check', async () => {
  started ??= start();
  await started;
  const connector = createClusterConnector([createEksLocator({ fleet: 'contract' })]);
  const declaration = clusterSchema.parse({
    ...{ apiVersion: API_VERSION, kind: 'Cluster', metadata: { name: 'contract' } },
    spec: { eks: { name: 'contract', region: 'eu-west-1' } },
  });
  return await connector.connect(declaration, { userAgent: 'plumbline-contract' });
});
