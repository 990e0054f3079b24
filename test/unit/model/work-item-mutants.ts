/** The protocol with one condition taken out each: the exploration must find what that condition is there for. */
import type { WorkItem } from '../../../shared/model/work-item.ts';
import { PROTOCOL, type Protocol } from './work-item-protocol.ts';

const { acquire, release, handOver, liftFence, takeFromDead, replaceDesired } = PROTOCOL;

/** Each by the sentence that would no longer be true. */
export const MUTANTS: Readonly<Record<string, Partial<Protocol>>> = {
  'a wake-up raises wanted': {
    replaceDesired: woken((before, after) => ({ ...after, wanted: before.wanted })),
  },
  'a wake-up makes the item due': {
    replaceDesired: woken((before, after) => withNextTry(after, before.nextTryMs)),
  },
  'a wake-up is stored, not only sent': { nudges: 'instead' },
  'the desired state is stored no later than its wake-up': { planUpdates: 'wake first' },
  'the desired state is stored no earlier than its wake-up': { planUpdates: 'pointer first' },
  'an older plan never replaces a newer one': {
    replaceDesired: (work, stored, offered) => replaceDesired(work, stored && { ...stored, ticket: 0 }, offered),
  },
  'a sweep nudges what is due': { sweeps: false },

  'an item that is held is given to nobody else': {
    acquire: (item, attempt) => acquire(item.owner === attempt.nonce ? item : withoutOwner(item), attempt),
  },
  'a lease that is over is given to the next one': {
    acquire: (item, attempt) => acquire({ ...item, untilMs: Number.POSITIVE_INFINITY }, attempt),
  },
  'a run that asks again gets its own lease': {
    acquire: (item, attempt) => acquire(item.owner === attempt.nonce ? { ...item, owner: 'another' } : item, attempt),
  },
  'a run gets its own lease again only while it lasts': {
    acquire: (item, attempt) => {
      if (item.owner !== attempt.nonce) return acquire(item, attempt);
      const answer = acquire({ ...item, untilMs: attempt.nowMs }, attempt);
      return answer.result === 'acquired' ? { ...answer, item } : answer;
    },
  },
  'what is not due is given to nobody': {
    acquire: (item, attempt) => acquire(item.nextTryMs === undefined ? { ...item, nextTryMs: 0 } : item, attempt),
  },
  'what is due later is given to nobody now': {
    acquire: (item, attempt) => acquire(item.nextTryMs === undefined ? item : { ...item, nextTryMs: 0 }, attempt),
  },
  'what is wanted but backed off is given to nobody now': {
    acquire: (item, attempt) => acquire(item.wanted > item.done ? { ...item, nextTryMs: 0 } : item, attempt),
  },
  'every run has a fence of its own': {
    acquire: changed((before, after) => ({ ...after, fence: before.fence })),
  },
  'a held item names its owner': {
    acquire: changed((_, after) => withoutOwner(after)),
  },
  'a held item becomes due when its lease ends': {
    acquire: changed((_, after) => withNextTry(after, undefined)),
  },
  'a held item is not due before': {
    acquire: changed((before, after) => withNextTry(after, before.nextTryMs)),
  },
  'a lease lasts for a while': {
    acquire: changed((before, after) => ({ ...after, untilMs: before.untilMs })),
  },

  'only its owner releases an item': {
    release: (item, lease, nextTryMs) => release({ ...item, owner: lease.nonce }, lease, nextTryMs),
  },
  'an item that was woken meanwhile is not released': {
    release: (item, lease, nextTryMs) => release({ ...item, wanted: lease.wanted }, lease, nextTryMs),
  },
  'a run is done with what it saw, not with what is wanted by now': {
    release: (item, lease, nextTryMs) => release(item, { ...lease, wanted: item.wanted }, nextTryMs),
  },
  'a release says what was done': {
    release: (item, lease, nextTryMs) => {
      const outcome = release(item, lease, nextTryMs);
      return outcome.result === 'released' ? { ...outcome, item: { ...outcome.item, done: item.done } } : outcome;
    },
  },
  'a release frees the item': {
    release: (item, lease, nextTryMs) => {
      const outcome = release(item, lease, nextTryMs);
      return outcome.result === 'released' ? { ...outcome, item: { ...outcome.item, owner: lease.nonce } } : outcome;
    },
  },
  'only its owner hands an item over': {
    handOver: (item, lease, nextTryMs) => handOver({ ...item, owner: lease.nonce }, lease, nextTryMs),
  },
  'what is handed over is not done': {
    handOver: (item, lease, nextTryMs) => {
      const outcome = handOver(item, lease, nextTryMs);
      return outcome.result === 'released' ? { ...outcome, item: { ...outcome.item, done: item.wanted } } : outcome;
    },
  },
  'what is handed over is tried again': {
    handOver: (item, lease, nextTryMs) => {
      const outcome = handOver(item, lease, nextTryMs);
      return outcome.result === 'released' ? { ...outcome, item: withNextTry(outcome.item, undefined) } : outcome;
    },
  },
  'a wake-up during a run does not wait for the back-off of that run': {
    handOver: (item, lease, nextTryMs) => handOver(item, { ...lease, wanted: item.wanted }, nextTryMs),
  },
  'what a dead run held is due': {
    takeFromDead: (item) => withNextTry(takeFromDead(item), undefined),
  },

  'only its owner lifts the fence': {
    liftFence: (item, lease, seen) => liftFence({ ...item, owner: lease.nonce }, lease, seen),
  },
  'the fence is lifted above the one that was seen': {
    liftFence: (item, lease, seen) => liftFence(item, lease, seen - 1),
  },
  "a fence as high as ours in the anchor is another run's": {
    mustLift: (lease, anchor) => anchor.fence > lease.fence,
  },
  "a fence below the anchor's is lifted": { mustLift: () => false },
  'a run raises the anchor before it writes': {
    raise: (_lease, _ticket, anchor) => anchor,
    mayWrite: (anchor, lease) => anchor.fence <= lease.fence,
  },
  'the anchor is raised only as it was seen': { mayRaise: () => true },
  'a run looks at the anchor again before it writes': { mayWrite: () => true },
  "a run whose plan is older than the anchor's does not write": { isOutdated: () => false },
  'the anchor keeps the ticket of its last writer': {
    raise: (lease) => ({ fence: lease.fence, ticket: 0 }),
  },
};

function woken(change: (before: WorkItem, after: WorkItem) => WorkItem): Protocol['replaceDesired'] {
  return (work, stored, offered) => {
    const write = replaceDesired(work, stored, offered);
    return write.result === 'woken' ? { ...write, work: change(work, write.work) } : write;
  };
}

/** Changes what a fresh acquisition stores. */
function changed(change: (before: WorkItem, after: WorkItem) => WorkItem): Protocol['acquire'] {
  return (item, attempt) => {
    const answer = acquire(item, attempt);
    if (answer.result !== 'acquired' || answer.item === item) return answer;
    const after = change(item, answer.item);
    return { ...answer, item: after, lease: { ...answer.lease, fence: after.fence } };
  };
}

function withoutOwner(item: WorkItem): WorkItem {
  const { owner: _owner, ...rest } = item;
  return rest;
}

function withNextTry(item: WorkItem, nextTryMs: number | undefined): WorkItem {
  const { nextTryMs: _nextTryMs, ...rest } = item;
  return nextTryMs === undefined ? rest : { ...rest, nextTryMs };
}
