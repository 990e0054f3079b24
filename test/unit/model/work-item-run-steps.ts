import type { Step } from './explore.ts';
import type { Protocol } from './work-item-protocol.ts';
import {
  BACK_OFF_MS,
  earned,
  freshNonce,
  HOLD_MS,
  IDLE,
  isDue,
  NEW_ANCHOR,
  NOW,
  spend,
  type Worker,
  type World,
  withWorker,
} from './work-item-world.ts';

export function workerSteps(world: World, worker: Worker, i: number, protocol: Protocol): readonly Step<World>[] {
  const steps: Step<World>[] = [];
  const to = (label: string, next: Step<World>['to']): number =>
    steps.push({ label: `worker ${i} ${label}`, to: next });
  if (worker.phase !== 'idle' && world.left.crash > 0) {
    const crashed = { ...spend(withWorker(world, i, IDLE), 'crash'), nudges: world.nudges + 1 };
    to('crashes', crashed);
  }
  switch (worker.phase) {
    case 'idle': {
      if (world.nudges === 0) break;
      const asking = { ...IDLE, phase: 'asking' as const, nonce: freshNonce(world) };
      const received = { ...world, nudges: world.nudges - 1 };
      to('gets a nudge and acquires', acquired(withWorker(received, i, asking), asking, i, protocol));
      if (world.left.lostAnswer > 0) {
        to(
          'gets a nudge, acquires, and the answer is lost',
          answerLost(withWorker(received, i, asking), asking, protocol),
        );
      }
      break;
    }
    case 'asking':
    case 'grown':
      to('acquires again', acquired(world, worker, i, protocol));
      break;
    case 'running': {
      // Without a desired state (the table was deleted) there is nothing to write.
      const phase = world.desired === 0 ? 'wrote' : 'read';
      to('reads what is desired', withWorker(world, i, { ...worker, phase, ticket: world.desired }));
      if (world.left.backOff > 0)
        to('backs off', handedOver(spend(world, 'backOff'), worker, i, BACK_OFF_MS, protocol));
      break;
    }
    case 'read':
      steps.push(...lookSteps(world, worker, i, protocol));
      break;
    case 'lifted':
      to('raises the anchor', raised(world, worker, i, protocol));
      break;
    case 'raised':
      to('writes', written(world, worker, i, protocol));
      if (world.left.handOver > 0) to('is short of time', handedOver(spend(world, 'handOver'), worker, i, 0, protocol));
      break;
    case 'wrote':
      to('releases', released(world, worker, i, undefined, protocol));
      if (world.left.check > 0)
        to('releases with a check', released(spend(world, 'check'), worker, i, BACK_OFF_MS, protocol));
      break;
    case 'nudging':
      to('nudges and goes', { ...withWorker(world, i, IDLE), nudges: world.nudges + 1 });
      break;
  }
  return steps;
}

function acquired(world: World, worker: Worker, i: number, protocol: Protocol): Step<World>['to'] {
  const before = world.item;
  const answer = protocol.acquire(before, { nonce: worker.nonce, nowMs: NOW, holdMs: HOLD_MS });
  if (answer.result !== 'acquired') {
    if (before.owner === worker.nonce && before.untilMs >= NOW) return { violation: 'a run is refused its own lease' };
    return withWorker(world, i, IDLE);
  }
  const again = before.owner === worker.nonce && answer.lease.fence === before.fence;
  if (answer.item.untilMs < NOW) return { violation: 'a run is let in with a lease that is over' };
  const others = world.workers.filter((_, other) => other !== i);
  if (others.some(({ lease }) => lease !== undefined && lease.untilMs >= NOW))
    return { violation: 'two runs hold the lease' };
  if (!again && isDue(answer.item)) return { violation: 'what is held stays due: every sweep nudges it' };
  const lease = { ...answer.lease, untilMs: answer.item.untilMs };
  const running: Worker = { ...worker, phase: 'running', lease, wrote: again && worker.wrote };
  const credit = again && worker.lease !== undefined ? world.credit : world.credit - 1;
  return { ...withWorker(world, i, running), item: answer.item, seen: before.wanted, credit };
}

function answerLost(world: World, worker: Worker, protocol: Protocol): World {
  const answer = protocol.acquire(world.item, { nonce: worker.nonce, nowMs: NOW, holdMs: HOLD_MS });
  return spend(answer.result === 'acquired' ? { ...world, item: answer.item } : world, 'lostAnswer');
}

function lookSteps(world: World, worker: Worker, i: number, protocol: Protocol): readonly Step<World>[] {
  if (!protocol.isOutdated(worker.ticket, world.anchor)) {
    return [{ label: `worker ${i} looks at the anchor`, to: looked(world, worker, i, protocol) }];
  }
  if (worker.ticket !== world.desired) {
    return [
      { label: `worker ${i} finds its plan outdated`, to: withWorker(world, i, { ...worker, phase: 'running' }) },
    ];
  }
  // The table itself is older (it was deleted or put back): only a new plan helps, which is on its way.
  if (world.left.backOff === 0) return [];
  const backedOff = handedOver(spend(world, 'backOff'), worker, i, BACK_OFF_MS, protocol);
  return [{ label: `worker ${i} finds the state outdated`, to: backedOff }];
}

function looked(world: World, worker: Worker, i: number, protocol: Protocol): Step<World>['to'] {
  const { lease } = worker;
  if (lease === undefined) throw new Error('looks without a lease');
  const { anchor } = world;
  const next = { ...worker, phase: 'lifted' as const, seen: anchor };
  const isMine = worker.wrote && anchor.fence === lease.fence;
  if (isMine || !protocol.mustLift(lease, anchor)) return withWorker(world, i, next);
  const lifted = protocol.liftFence(world.item, lease, anchor.fence);
  if (lifted === undefined) return withWorker(world, i, IDLE);
  if (!world.wasDeleted) return { violation: 'a run must lift its fence although the table was never lost' };
  return { ...withWorker(world, i, { ...next, lease: lifted.lease, wrote: false }), item: lifted.item };
}

function raised(world: World, worker: Worker, i: number, protocol: Protocol): World {
  const { lease, seen, ticket } = worker;
  if (lease === undefined) throw new Error('raises without a lease');
  if (!protocol.mayRaise(world.anchor, seen)) return withWorker(world, i, { ...worker, phase: 'read' });
  const anchor = protocol.raise(lease, ticket, world.anchor);
  return { ...withWorker(world, i, { ...worker, phase: 'raised', seen: NEW_ANCHOR }), anchor };
}

function written(world: World, worker: Worker, i: number, protocol: Protocol): Step<World>['to'] {
  const { lease, ticket } = worker;
  if (lease === undefined) throw new Error('writes without a lease');
  if (!protocol.mayWrite(world.anchor, lease)) return withWorker(world, i, IDLE);
  if (lease.fence < world.lastWriteFence) return { violation: 'a stale writer writes past a newer one' };
  if (lease.fence === world.lastWriteFence && !worker.wrote) return { violation: 'two runs write under one fence' };
  if (ticket < world.applied) return { violation: 'an older plan is brought back' };
  const wrote: Worker = { ...worker, phase: 'wrote', wrote: true };
  return { ...withWorker(world, i, wrote), applied: ticket, lastWriteFence: lease.fence };
}

function released(world: World, worker: Worker, i: number, nextTryInMs: number | undefined, protocol: Protocol): World {
  if (worker.lease === undefined) throw new Error('releases without a lease');
  const outcome = protocol.release(world.item, worker.lease, nextTryInMs === undefined ? undefined : NOW + nextTryInMs);
  if (outcome.result === 'lost') return withWorker(world, i, IDLE);
  if (outcome.result === 'wanted-grew') return withWorker(world, i, { ...worker, phase: 'grown' });
  const delayed = world.delayed + (nextTryInMs === undefined ? 0 : 1);
  return withWorker({ ...world, item: outcome.item, delayed }, i, IDLE);
}

function handedOver(world: World, worker: Worker, i: number, nextTryInMs: number, protocol: Protocol): World {
  if (worker.lease === undefined) throw new Error('hands over without a lease');
  const outcome = protocol.handOver(world.item, worker.lease, nextTryInMs === 0 ? 0 : NOW + nextTryInMs);
  if (outcome.result !== 'released') return withWorker(world, i, IDLE);
  const next = { ...world, item: outcome.item };
  if (outcome.due) return { ...withWorker(next, i, { ...IDLE, phase: 'nudging' }), credit: earned(next) };
  return { ...withWorker(next, i, IDLE), delayed: world.delayed + 1 };
}
