import assert from 'node:assert/strict';
import type { WakeDeps } from '../../shared/job/wake-for-change.ts';
import type { FleetStatus } from '../../shared/model/status.ts';
import { FakeQueue } from '../fakes/fake-queue.ts';
import { FakeStateStore } from '../fakes/fake-state-store.ts';

export interface WakeRecorder extends WakeDeps {
  /** Each call that reached state or queue, in order: `readFleet`, `wake`, `send`. */
  readonly calls: string[];
  readonly store: FakeStateStore;
  readonly sent: FakeQueue;
  /** To be called by what else a function reaches, under a name of its own. */
  reach(call: string): Promise<void>;
  /** Every call of this name fails with this error from now on. */
  fail(call: string, error: Error): void;
  /** Every call of this name waits for ever from now on. */
  hang(call: string): void;
}

/** Returns a state store and a queue that tell which calls reached them. */
export function wakeRecorder(): WakeRecorder {
  const calls: string[] = [];
  const faults = new Map<string, () => Promise<void>>();
  const store = new FakeStateStore();
  const sent = new FakeQueue();
  const reach = async (call: string): Promise<void> => {
    calls.push(call);
    await faults.get(call)?.();
  };
  return {
    calls,
    reach,
    store,
    sent,
    fail: (call, error) => {
      faults.set(call, () => Promise.reject(error));
    },
    hang: (call) => {
      faults.set(call, () => new Promise(() => undefined));
    },
    state: {
      readFleet: async (fleet) => {
        await reach('readFleet');
        return store.readFleet(fleet);
      },
      wake: async (key) => {
        await reach('wake');
        return store.wake(key);
      },
    },
    queue: {
      send: async (nudges, options) => {
        await reach('send');
        return sent.send(nudges, options);
      },
    },
  };
}

/** Leaves the fleet `acme` as a plan leaves it. */
export async function leavePlanned(store: FakeStateStore, status: Partial<FleetStatus>): Promise<void> {
  const key = { kind: 'fleet', fleet: 'acme' } as const;
  await store.wake(key);
  const taken = await store.acquire(key, { nonce: 'planner', holdMs: 1_000 });
  assert.ok(taken.result === 'acquired');
  const planned = { fleet: 'acme', branch: 'main', problems: [], clusters: [], plannedAtMs: 1, watched: [], ...status };
  await store.release(key, taken.lease, { nextTryInMs: undefined, status: planned });
}
