import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ClusterKey, FleetKey, StateStore, WorkKey } from '../../shared/job/ports.ts';
import type { Lease } from '../../shared/model/work-item.ts';

export interface StateStoreUnderTest {
  readonly store: StateStore;
  /** Lets time pass for the store. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

export type MakeStateStore = () => Promise<StateStoreUnderTest>;

export const FLEET: FleetKey = { kind: 'fleet', fleet: 'f' };
export const A: ClusterKey = { kind: 'cluster', fleet: 'f', cluster: 'a' };
export const B: ClusterKey = { kind: 'cluster', fleet: 'f', cluster: 'b' };
export const HOLD_MS = 10_000;

/** Returns how a test with a store of its own is declared. */
export function testWith(
  make: MakeStateStore,
): (title: string, act: (under: StateStoreUnderTest) => Promise<void>) => void {
  return (title, act) => {
    it(title, async () => {
      const under = await make();
      try {
        await act(under);
      } finally {
        await under.close();
      }
    });
  };
}

export async function acquired(store: StateStore, key: WorkKey, nonce: string): Promise<Lease> {
  const answer = await store.acquire(key, { nonce, holdMs: HOLD_MS });
  assert.equal(answer.result, 'acquired');
  return answer.lease;
}
