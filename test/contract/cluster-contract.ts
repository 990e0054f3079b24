/** What every ClusterConnection does: the one over HTTP against a real control plane, and the fake in memory. */
import { after, before, describe } from 'node:test';
import type { ClusterConnection } from '../../shared/job/ports.ts';
import { testAccounts } from './cluster-contract-accounts.ts';
import { testOwnership } from './cluster-contract-ownership.ts';
import { testReading } from './cluster-contract-reading.ts';
import { testWriting } from './cluster-contract-writing.ts';
import { createClusterHarness } from './cluster-harness.ts';

/** @param connect a new connection to a cluster in which anything may be done to objects of random names. */
export function testClusterContract(name: string, connect: () => Promise<ClusterConnection>): void {
  describe(`ClusterConnection: ${name}`, () => {
    const { harness, setUp, tearDown } = createClusterHarness(connect);
    before(setUp);
    after(tearDown);

    testReading(harness);
    testOwnership(harness);
    testWriting(harness);
    testAccounts(harness);
  });
}
