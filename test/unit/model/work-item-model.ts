import { NEW_WORK_ITEM } from '../../../shared/model/work-item.ts';
import type { Model } from './explore.ts';
import { planSteps } from './work-item-plan-steps.ts';
import type { Protocol } from './work-item-protocol.ts';
import { workerSteps } from './work-item-run-steps.ts';
import { queueSteps, timeSteps } from './work-item-time-steps.ts';
import { IDLE, isDue, keyOf, NEW_ANCHOR, type Setting, type World } from './work-item-world.ts';

export function worldOf(setting: Setting, protocol: Protocol): Model<World> {
  const tickets = Array.from({ length: setting.wakes }, (_, i) => i + 1);
  return {
    initial: {
      item: NEW_WORK_ITEM,
      desired: 0,
      toWrite: tickets,
      toFinish: [],
      toSend: 0,
      nudges: 0,
      delayed: 0,
      workers: Array.from({ length: setting.workers }, () => IDLE),
      anchor: NEW_ANCHOR,
      applied: 0,
      lastWriteFence: 0,
      seen: 0,
      credit: 0,
      left: setting.mishaps,
      noticesDeath: setting.noticesDeath,
      wasDeleted: false,
    },
    keyOf,
    stepsFrom: (world) => [
      ...planSteps(world, protocol),
      ...queueSteps(world, protocol),
      ...timeSteps(world),
      ...world.workers.flatMap((worker, i) => workerSteps(world, worker, i, protocol)),
    ],
    violationOf,
    isQuiet: (world) =>
      world.item.nextTryMs === undefined &&
      world.toWrite.length + world.toFinish.length + world.toSend + world.nudges + world.delayed === 0 &&
      world.workers.every((worker) => worker.phase === 'idle'),
    violationAtRest: ({ item, applied, desired }) => {
      if (item.owner !== undefined) return 'at rest but held';
      if (item.done !== item.wanted) return `at rest with done ${item.done} of wanted ${item.wanted}`;
      const newest = Math.max(...tickets);
      return applied >= newest && desired >= newest ? undefined : `at rest with ticket ${applied} of ${newest} applied`;
    },
  };
}

function violationOf(world: World): string | undefined {
  const { item, applied, desired, seen, credit } = world;
  if (item.done === item.wanted && applied < desired && world.toFinish.length === 0) {
    return `done although ticket ${desired} is not applied`;
  }
  if (item.owner === undefined && item.wanted > seen && !isDue(item)) return 'a wake-up waits for a back-off';
  if (credit < 0) return 'a run takes place that nothing called for: chains of nudges multiply';
  return undefined;
}
