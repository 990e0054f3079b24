import { FakeCluster } from '../fakes/fake-cluster.ts';
import { testClusterContract } from './cluster-contract.ts';

const cluster = new FakeCluster();
testClusterContract('in memory', async () => cluster.connect());
