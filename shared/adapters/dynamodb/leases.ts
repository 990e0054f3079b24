/**
 * The wanted/done protocol (shared/model/work-item.ts is its law) as conditional updates: one request each where nobody
 * interferes. The SDK tries again when an answer does not come, so each of them may have been done already: a lease is
 * known by its nonce, and who gave an item back last stands in `freedBy`.
 *
 * One thing differs: acquiring leaves `nextTry` as it was. Nobody is let in before `until` anyway, and each change of it
 * would cost two writes of the due index more, at every run. So a sweep may find what is held, and nudge in vain.
 */
import type { ClusterKey, ReleaseResult, WorkKey } from '../../job/ports.ts';
import { type Asked, type Instruction, instructionText, MOST_INSTRUCTIONS } from '../../model/instruction.ts';
import { acquire, type Lease } from '../../model/work-item.ts';
import { type Item, numberAt, textAt, textsAt, type Value } from './attributes.ts';
import { workItemKey } from './item-keys.ts';
import type { StateTable } from './state-table.ts';
import type { StoreClock, StoreTime } from './store-clock.ts';
import { wakeUp, workOf } from './work-attributes.ts';

/** An answer that puts the clock forward by more shows that this process had stood still. */
const STOOD_STILL_MS = 2_000;
const ACQUIRE_TRIES = 3;

export type Acquired =
  | { readonly result: 'acquired'; readonly lease: Lease; readonly item: Item }
  | { readonly result: 'held' | 'nothing-to-do' };

/** Attributes that an update sets, and those that it removes. */
export interface Fields {
  readonly set: Readonly<Record<string, Value>>;
  readonly remove: readonly string[];
  /** Instructions that need not wait any more. */
  readonly taken?: readonly Instruction[];
}

export class Leases {
  readonly #table: StateTable;
  readonly #clock: StoreClock;

  constructor(table: StateTable, clock: StoreClock) {
    this.#table = table;
    this.#clock = clock;
  }

  async wake(key: WorkKey): Promise<void> {
    const { set, add, values } = wakeUp(key);
    const update = { update: `SET ${set} ADD ${add}`, values, isSilent: true };
    await this.#table.update(`wake ${nameOf(key)}`, workItemKey(key), update);
  }

  async ask(key: ClusterKey, instruction: Instruction): Promise<Asked> {
    const text = instructionText(instruction);
    const { set, add, values } = wakeUp(key);
    const { ok, item } = await this.#table.update(`ask ${nameOf(key)}`, workItemKey(key), {
      update: `SET ${set} ADD ${add}, #asked :texts`,
      condition:
        'attribute_exists(#wanted) AND NOT contains(#asked, :text) AND (attribute_not_exists(#asked) OR size(#asked) < :most)',
      values: { ...values, text, texts: new Set([text]), most: MOST_INSTRUCTIONS },
      isSilent: true,
    });
    if (ok || textsAt(item, 'asked').includes(text)) return 'asked';
    return item === undefined ? 'unknown' : 'full';
  }

  async acquire(
    key: WorkKey,
    { nonce, holdMs }: { readonly nonce: string; readonly holdMs: number },
  ): Promise<Acquired> {
    for (let tries = 0; tries < ACQUIRE_TRIES; tries++) {
      const time = await this.time();
      const taken = await this.#take(key, { nonce, time, untilMs: time.nowMs + holdMs });
      if (taken.ok) return this.stoodStill(time) ? this.#extend(key, nonce, holdMs) : acquired(taken.item, nonce);
      const work = workOf(taken.item);
      const { nowMs } = await this.time();
      if (work.owner === nonce && work.untilMs >= nowMs) return acquired(taken.item, nonce);
      const allowed = acquire(work, { nonce, nowMs, holdMs });
      if (allowed.result !== 'acquired') return allowed;
      // By what the answer said of the time it may be taken after all.
    }
    return { result: 'held' };
  }

  /** For a lease that began at a time long gone. */
  async #extend(key: WorkKey, nonce: string, holdMs: number): Promise<Acquired> {
    const untilMs = (await this.time()).nowMs + holdMs;
    const fields = { set: { until: untilMs }, remove: [] };
    const extended = await this.#updateHeld(`extend the lease of ${nameOf(key)}`, key, { nonce, fields });
    return extended.ok ? acquired(extended.item, nonce) : { result: 'held' };
  }

  #take(
    key: WorkKey,
    { nonce, time, untilMs }: { readonly nonce: string; readonly time: StoreTime; readonly untilMs: number },
  ) {
    return this.#table.update(`acquire ${nameOf(key)}`, workItemKey(key), {
      update: 'SET #owner = :nonce, #until = :until ADD #fence :one',
      condition: '#nextTry <= :latest AND (attribute_not_exists(#owner) OR #until < :earliest)',
      values: { nonce, until: untilMs, one: 1, latest: time.latestMs, earliest: time.earliestMs },
    });
  }

  /** `fields` are stored also where the item was woken meanwhile. */
  async release(
    key: WorkKey,
    lease: Lease,
    { nextTryMs, fields }: { readonly nextTryMs: number | undefined; readonly fields: Fields },
  ): Promise<ReleaseResult> {
    const freed = freeing(lease, nextTryMs, fields);
    const set = { ...freed.set, done: lease.wanted };
    const released = await this.#endLease(`release ${nameOf(key)}`, key, { lease, fields: { ...freed, set } });
    if (released.ok) return { result: 'released', due: nextTryMs === 0 };
    const { item } = released;
    if (textAt(item, 'owner') === lease.nonce) {
      const act = `write the status of ${nameOf(key)}`;
      const isNothing = Object.keys(fields.set).length === 0 && !fields.taken?.length;
      const held = isNothing ? { ok: true, item } : await this.#updateHeld(act, key, { nonce: lease.nonce, fields });
      return held.ok ? { result: 'wanted-grew', wanted: workOf(held.item).wanted } : { result: 'lost' };
    }
    return wasFreedBy(item, lease) ? { result: 'released', due: nextTryMs === 0 } : { result: 'lost' };
  }

  async handOver(
    key: WorkKey,
    lease: Lease,
    { nextTryMs, fields }: { readonly nextTryMs: number; readonly fields: Fields },
  ): Promise<ReleaseResult> {
    const act = `hand over ${nameOf(key)}`;
    let handed = await this.#endLease(act, key, { lease, fields: freeing(lease, nextTryMs, fields) });
    if (handed.ok) return { result: 'released', due: nextTryMs === 0 };
    if (textAt(handed.item, 'owner') === lease.nonce) {
      // Whoever woke it meanwhile does not wait for the back-off.
      handed = await this.#updateHeld(act, key, { nonce: lease.nonce, fields: freeing(lease, 0, fields) });
      if (handed.ok) return { result: 'released', due: true };
    }
    if (!wasFreedBy(handed.item, lease)) return { result: 'lost' };
    return { result: 'released', due: nextTryMs === 0 || numberAt(handed.item, 'nextTry') === 0 };
  }

  async liftFence(key: WorkKey, lease: Lease, seenFence: number): Promise<Lease | undefined> {
    const { item } = await this.#table.update(`lift the fence of ${nameOf(key)}`, workItemKey(key), {
      update: 'SET #fence = :above',
      condition: '#owner = :nonce AND #fence <= :seen',
      values: { nonce: lease.nonce, seen: seenFence, above: seenFence + 1 },
    });
    const fence = numberAt(item, 'fence');
    // Not lifted, but ours: it is above already.
    return textAt(item, 'owner') === lease.nonce && fence !== undefined ? { ...lease, fence } : undefined;
  }

  /** The table's time; asks for it when nothing was asked yet. */
  async time(): Promise<StoreTime> {
    for (;;) {
      const time = this.#clock.read();
      if (time !== undefined) return time;
      await this.#table.get('read the time', { pk: 'CLOCK', sk: 'CLOCK' });
    }
  }

  /** Tells whether what was done at `time` was done at the wrong time: the process had stood still before. */
  stoodStill(time: StoreTime): boolean {
    const now = this.#clock.read();
    return now !== undefined && now.earliestMs - time.nowMs > STOOD_STILL_MS;
  }

  #endLease(act: string, key: WorkKey, { lease, fields }: { readonly lease: Lease; readonly fields: Fields }) {
    const { update, values } = updateOf(fields);
    return this.#table.update(act, workItemKey(key), {
      update,
      condition: '#owner = :nonce AND #wanted = :wanted',
      values: { ...values, nonce: lease.nonce, wanted: lease.wanted },
    });
  }

  #updateHeld(act: string, key: WorkKey, { nonce, fields }: { readonly nonce: string; readonly fields: Fields }) {
    const { update, values } = updateOf(fields);
    const condition = '#owner = :nonce';
    return this.#table.update(act, workItemKey(key), { update, condition, values: { ...values, nonce } });
  }
}

function acquired(item: Item = {}, nonce: string): Acquired {
  const { fence, wanted, untilMs } = workOf(item);
  return { result: 'acquired', lease: { nonce, fence, wanted, untilMs }, item };
}

function freeing(lease: Lease, nextTryMs: number | undefined, { set, remove, ...rest }: Fields): Fields {
  const freed = { ...set, freedBy: lease.nonce };
  if (nextTryMs === undefined) return { ...rest, set: freed, remove: [...remove, 'owner', 'nextTry'] };
  return { ...rest, set: { ...freed, nextTry: nextTryMs }, remove: [...remove, 'owner'] };
}

function wasFreedBy(item: Item | undefined, lease: Lease): boolean {
  return textAt(item, 'freedBy') === lease.nonce;
}

function updateOf({ set, remove, taken = [] }: Fields): {
  readonly update: string;
  readonly values: Readonly<Record<string, Value>>;
} {
  const sets = Object.keys(set).map((name) => `#${name} = :${name}`);
  const removes = remove.map((name) => `#${name}`);
  const update = [
    ...(sets.length > 0 ? [`SET ${sets.join(', ')}`] : []),
    ...(removes.length > 0 ? [`REMOVE ${removes.join(', ')}`] : []),
    ...(taken.length > 0 ? ['DELETE #asked :taken'] : []),
  ].join(' ');
  return { update, values: taken.length > 0 ? { ...set, taken: new Set(taken.map(instructionText)) } : set };
}

function nameOf(key: WorkKey): string {
  return key.kind === 'fleet' ? `fleet ${key.fleet}` : `cluster ${key.cluster}`;
}
