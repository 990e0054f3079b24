import { NEW_WORK_ITEM } from '../../../shared/model/work-item.ts';
import type { Step } from './explore.ts';
import type { Protocol } from './work-item-protocol.ts';
import { earned, HOLD_MS, isDue, NOW, PAST, spend, type World } from './work-item-world.ts';

export function queueSteps(world: World, protocol: Protocol): readonly Step<World>[] {
  const steps: Step<World>[] = [];
  const { nudges, left, item } = world;
  if (nudges > 0 && left.lose > 0)
    steps.push({ label: 'a nudge is lost', to: spend({ ...world, nudges: nudges - 1 }, 'lose') });
  if (nudges > 0 && left.double > 0) {
    steps.push({ label: 'a nudge is doubled', to: spend({ ...world, nudges: nudges + 1 }, 'double') });
  }
  // One more beside another would only double it.
  if (protocol.sweeps && isDue(item) && nudges === 0)
    steps.push({ label: 'sweep nudges', to: { ...world, nudges: 1 } });
  // At any time: the queue's clock is not the store's.
  if (world.delayed > 0) {
    steps.push({ label: 'a delayed nudge arrives', to: { ...world, delayed: world.delayed - 1, nudges: nudges + 1 } });
  }
  if (item.owner === 'dead' && world.noticesDeath) {
    steps.push({ label: 'the dead run is noticed', to: { ...world, item: protocol.takeFromDead(item) } });
  }
  if (left.deleted > 0) {
    const workers = world.workers.map((worker) =>
      worker.lease ? { ...worker, lease: { ...worker.lease, untilMs: PAST } } : worker,
    );
    const anew = {
      ...world,
      wasDeleted: true,
      workers,
      item: NEW_WORK_ITEM,
      desired: 0,
      seen: 0,
      toWrite: [...world.toWrite, 9],
    };
    steps.push({ label: 'the state is deleted', to: spend(anew, 'deleted') });
  }
  return steps;
}

export function timeSteps(world: World): readonly Step<World>[] {
  const { item, workers } = world;
  const holder = workers.find((worker) => worker.lease !== undefined && worker.nonce === item.owner);
  const expiresIn = item.owner !== undefined && item.untilMs >= NOW ? item.untilMs + 1 - NOW : Number.POSITIVE_INFINITY;
  const nextTryIn =
    item.nextTryMs !== undefined && item.nextTryMs > NOW ? item.nextTryMs - NOW : Number.POSITIVE_INFINITY;
  const passed = Math.min(expiresIn, nextTryIn === HOLD_MS ? Number.POSITIVE_INFINITY : nextTryIn);
  if (passed === Number.POSITIVE_INFINITY) return [];
  const expires = expiresIn <= passed;
  if (!expires) return [{ label: 'time passes to the next try', to: later(world, passed, true) }];
  if (holder === undefined) return [{ label: 'a lease without a run expires', to: later(world, passed, false) }];
  if (world.left.slow === 0) return [];
  return [{ label: 'the lease of a living run expires', to: spend(later(world, passed, true), 'slow') }];
}

function later(world: World, ms: number, pays: boolean): World {
  const { item } = world;
  const shift = (timeMs: number): number => Math.max(timeMs - ms, PAST);
  const nextTryMs =
    item.nextTryMs === undefined || item.nextTryMs === 0 ? item.nextTryMs : Math.max(item.nextTryMs - ms, NOW);
  const { nextTryMs: _old, ...rest } = item;
  return {
    ...world,
    item: { ...rest, untilMs: shift(item.untilMs), ...(nextTryMs === undefined ? {} : { nextTryMs }) },
    workers: world.workers.map((worker) =>
      worker.lease === undefined
        ? worker
        : { ...worker, lease: { ...worker.lease, untilMs: shift(worker.lease.untilMs) } },
    ),
    credit: pays ? earned(world) : world.credit,
  };
}
