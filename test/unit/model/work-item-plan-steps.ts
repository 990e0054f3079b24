import type { DesiredPointer } from '../../../shared/model/status.ts';
import { wake } from '../../../shared/model/work-item.ts';
import type { Step } from './explore.ts';
import type { Protocol } from './work-item-protocol.ts';
import { earned, spend, type World } from './work-item-world.ts';

export function planSteps(world: World, protocol: Protocol): readonly Step<World>[] {
  const steps: Step<World>[] = [];
  for (const ticket of world.toWrite) {
    const rest = { ...world, toWrite: world.toWrite.filter((other) => other !== ticket) };
    steps.push({ label: `plan ${ticket} writes`, to: planned(rest, ticket, protocol) });
  }
  for (const ticket of world.toFinish) {
    const rest = { ...world, toFinish: world.toFinish.filter((other) => other !== ticket) };
    steps.push({ label: `plan ${ticket} writes the rest`, to: finished(rest, ticket, protocol) });
  }
  if (world.toSend > 0) {
    const sent = { ...world, toSend: world.toSend - 1 };
    steps.push({ label: 'planner nudges', to: { ...sent, nudges: world.nudges + 1 } });
    if (world.left.lose > 0) steps.push({ label: 'planner crashes before it nudges', to: spend(sent, 'lose') });
  }
  return steps;
}

function planned(world: World, ticket: number, protocol: Protocol): World {
  const write = protocol.replaceDesired(world.item, pointerTo(world.desired), { ...POINTER, ...pointerTo(ticket) });
  if (write.result !== 'woken') return world;
  if (protocol.nudges === 'instead') return { ...world, desired: ticket, toSend: world.toSend + 1 };
  const credit = earned(world);
  if (protocol.planUpdates === 'one') {
    return { ...world, item: write.work, desired: ticket, toSend: world.toSend + 1, credit };
  }
  const toFinish = [...world.toFinish, ticket];
  if (protocol.planUpdates === 'wake first') return { ...world, item: write.work, toFinish, credit };
  return { ...world, desired: ticket, toFinish };
}

/** The second update of a planner that writes in two; here it may crash instead, once, without a word. */
function finished(world: World, ticket: number, protocol: Protocol): World {
  const toSend = world.toSend + 1;
  if (protocol.planUpdates === 'wake first') return { ...world, desired: Math.max(world.desired, ticket), toSend };
  if (world.left.crash > 0) return spend(world, 'crash');
  return { ...world, item: wake(world.item), toSend, credit: earned(world) };
}

const COMMIT = { revision: '', subject: '', author: '', committedAtMs: 0 };
const POINTER: DesiredPointer = { blob: '0', ticket: 0, commit: COMMIT };

function pointerTo(ticket: number): DesiredPointer | undefined {
  return ticket === 0 ? undefined : { blob: `${ticket}`, ticket, commit: COMMIT };
}
