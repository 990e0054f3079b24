import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PlumblineError } from '../../../shared/errors.ts';
import type { Jobs } from '../../../shared/job/handle-nudge.ts';
import type { Nudge, WorkKey } from '../../../shared/job/ports.ts';
import { runWorkLoop, type WorkLoopDeps, type WorkLoopOptions } from '../../../shared/job/work-loop.ts';
import { formatProblem, type Problem } from '../../../shared/model/problem.ts';
import { FakeQueue } from '../../fakes/fake-queue.ts';
import { FakeStateStore } from '../../fakes/fake-state-store.ts';

const OPTIONS: WorkLoopOptions = {
  fleet: 'f',
  concurrency: 4,
  pollMs: 1,
  watchMs: 1,
  sweepMs: 1,
  visibilityMs: 60_000,
  graceMs: 60_000,
};
const HOUR_MS = 3_600_000;
const A: WorkKey = { kind: 'cluster', fleet: 'f', cluster: 'a' };
const clusterNudge = (cluster: string): Nudge => ({ kind: 'cluster', fleet: 'f', cluster, hop: 0 });

describe('the work loop', () => {
  it('plans at the start, and again whenever a watched ref moves', async () => {
    const lab = new Lab({ sweepMs: HOUR_MS });
    lab.heads = 'commit 1';

    await lab.untilPlans(1);
    lab.heads = 'commit 2';
    await lab.untilPlans(2);
    const { work } = (await lab.state.readFleet('f')) ?? {};
    await lab.stop();

    assert.equal(work?.wanted, 2);
  });

  it('plans when the refs cannot be read any more, so that the fleet says why', async () => {
    const lab = new Lab({ sweepMs: HOUR_MS });
    await lab.untilPlans(1);

    lab.heads = new Error('no such branch');
    await lab.untilPlans(2);

    await lab.stop();
  });

  it('tries a wake-up again that the state did not take', async () => {
    const lab = new Lab({ sweepMs: HOUR_MS });
    lab.stateFails = 1;

    await lab.untilPlans(1);
    await lab.stop();

    assert.deepEqual(lab.troubles, ['state: wake: the disk is full; free some space']);
  });

  it('runs clusters side by side, but no more jobs at once than asked for', async () => {
    const lab = new Lab({ watchMs: HOUR_MS, sweepMs: HOUR_MS });
    await lab.queue.send(['a', 'b', 'c', 'd', 'e', 'f'].map(clusterNudge));

    await until(() => lab.running.size === 4);
    await turns(20);
    const atOnce = lab.running.size;
    lab.finishAll();
    await until(() => lab.queue.size === 0);
    await lab.stop();

    assert.equal(atOnce, 4);
    assert.equal(lab.mostAtOnce, 4);
  });

  it('finds what is due by sweeping', async () => {
    const lab = new Lab({ watchMs: HOUR_MS });
    await until(() => lab.queue.size === 0);

    await lab.state.wake(A);
    await until(() => lab.running.has('a'));

    await lab.stop();
  });

  it('goes on after a message that is none, a bug in a job and a queue that fails for a while', async () => {
    const lab = new Lab({ watchMs: HOUR_MS, sweepMs: HOUR_MS });
    lab.queueFails = 1;
    lab.bug = 'b';
    lab.queue.sendUnknown('nonsense');
    await lab.queue.send([clusterNudge('b'), clusterNudge('a')]);

    await until(() => lab.running.has('a'));
    await lab.stop();

    assert.equal(lab.queue.rejected.length, 1);
    assert.equal(lab.troubles.length, 3);
    const all = lab.troubles.join('\n');
    for (const trouble of [
      /^queue: receive: /m,
      /^a message in the queue: read: /m,
      /^b: handle a nudge: TypeError: broken/m,
    ]) {
      assert.match(all, trouble);
    }
  });

  it('tells the same trouble once', async () => {
    const lab = new Lab({ watchMs: HOUR_MS, sweepMs: HOUR_MS });
    lab.queue.sendUnknown('nonsense');
    lab.queue.sendUnknown('nonsense');

    await until(() => lab.queue.rejected.length === 2);
    await lab.stop();

    assert.equal(lab.troubles.length, 1);
  });

  it('waits for running jobs when it is stopped, and takes no more', async () => {
    const lab = new Lab({ watchMs: HOUR_MS, sweepMs: HOUR_MS, concurrency: 1 });
    await lab.queue.send([clusterNudge('a'), clusterNudge('b')]);
    await until(() => lab.running.has('a'));

    const stopped = lab.abort();
    await turns(20);
    const stillRunning = [...lab.running.keys()];
    lab.finishAll();
    await stopped;

    assert.deepEqual(stillRunning, ['a']);
    assert.deepEqual(lab.begun, ['a']);
  });

  it('returns although a job outlasts the grace; its nudge stays in the queue', async () => {
    const lab = new Lab({ watchMs: HOUR_MS, sweepMs: HOUR_MS, graceMs: 1 });
    await lab.queue.send([clusterNudge('a')]);
    await until(() => lab.running.has('a'));

    await lab.abort();

    assert.equal(lab.queue.size, 1);
    lab.finishAll();
  });
});

/** A loop on fakes, whose cluster jobs last until they are told to finish. */
class Lab {
  readonly state = new FakeStateStore();
  readonly queue = new FakeQueue();
  readonly running = new Map<string, () => void>();
  readonly begun: string[] = [];
  readonly troubles: string[] = [];
  heads: string | Error = 'commit 1';
  stateFails = 0;
  queueFails = 0;
  bug: string | undefined;
  mostAtOnce = 0;
  #plans = 0;
  readonly #controller = new AbortController();
  readonly #ended: Promise<void>;

  constructor(options: Partial<WorkLoopOptions>) {
    this.#ended = runWorkLoop(this.#deps(), { ...OPTIONS, ...options }, this.#controller.signal);
  }

  async untilPlans(count: number): Promise<void> {
    await until(() => this.#plans >= count);
  }

  finishAll(): void {
    this.bug = 'all';
    for (const finish of this.running.values()) finish();
  }

  abort(): Promise<void> {
    this.#controller.abort();
    return this.#ended;
  }

  async stop(): Promise<void> {
    this.finishAll();
    await this.abort();
  }

  #deps(): WorkLoopDeps {
    const jobs: Jobs = {
      planFleet: async ({ fleet }) => {
        this.#plans += 1;
        await this.state.acquire({ kind: 'fleet', fleet }, { nonce: `${this.#plans}`, holdMs: HOUR_MS });
      },
      renderInput: async () => assert.fail('nothing is rendered here'),
      reconcileCluster: ({ cluster }) => this.#reconcile(cluster),
    };
    return {
      state: this.#failing(this.state, 'wake', () => this.stateFails--),
      queue: this.#failing(this.queue, 'receive', () => this.queueFails--),
      jobs,
      readHeads: async () => {
        if (this.heads instanceof Error) throw this.heads;
        return this.heads;
      },
      onTrouble: (problems: readonly Problem[]) => this.troubles.push(problems.map(formatProblem).join()),
    };
  }

  async #reconcile(cluster: string): Promise<void> {
    if (this.bug === cluster) throw new TypeError('broken');
    this.begun.push(cluster);
    if (this.bug === 'all') return;
    await new Promise<void>((resolve) => {
      this.running.set(cluster, resolve);
      this.mostAtOnce = Math.max(this.mostAtOnce, this.running.size);
    });
    this.running.delete(cluster);
  }

  #failing<T extends object>(port: T, method: keyof T & string, left: () => number): T {
    return new Proxy(port, {
      get: (target, name) => {
        const value = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...parameters: readonly unknown[]) => {
          if (name !== method || left() <= 0) return Reflect.apply(value, target, parameters);
          const wrong = 'the disk is full';
          const subject = port === this.state ? 'state' : 'queue';
          return Promise.reject(
            new PlumblineError([{ code: 'StateUnavailable', subject, act: method, wrong, remedy: 'free some space' }]),
          );
        };
      },
    });
  }
}

/** Lets the loop go on until `isSo`; the runner's own limit ends a wait in vain. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turns(1);
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => setTimeout(resolve, 1));
}
