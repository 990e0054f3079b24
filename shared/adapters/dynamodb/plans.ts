/** Tickets and desired pointers (shared/model/desired-pointer.ts is their law) as conditional updates. */
import type { DesiredPointer } from '../../model/status.ts';
import { type Item, numberAt, textAt } from './attributes.ts';
import { workItemKey } from './item-keys.ts';
import type { StateTable } from './state-table.ts';
import { setDesired, wakeUp } from './work-attributes.ts';

/** Each failure means that others drew meanwhile, or that the table was put back under us. */
const TICKET_TRIES = 10;

export class Plans {
  readonly #table: StateTable;
  /** Blobs as last seen, by cluster: a guess of what an update will find. */
  readonly #blobs = new Map<string, string>();

  constructor(table: StateTable) {
    this.#table = table;
  }

  /** A ticket whose answer was lost is drawn and never used. */
  async drawTicket(fleet: string, nowMs: number): Promise<number> {
    const key = workItemKey({ kind: 'fleet', fleet });
    const act = `draw a ticket of fleet ${fleet}`;
    for (let tries = 0; tries < TICKET_TRIES; tries++) {
      const values = { now: nowMs };
      const condition = 'attribute_not_exists(#ticket) OR #ticket < :now';
      const first = await this.#table.update(act, key, { update: 'SET #ticket = :now', condition, values });
      if (first.ok) return nowMs;
      const next = await this.#table.update(act, key, {
        update: 'ADD #ticket :one',
        condition: '#ticket >= :now',
        values: { ...values, one: 1 },
      });
      const ticket = numberAt(next.item, 'ticket');
      if (next.ok && ticket !== undefined) return ticket;
    }
    throw new Error(`no ticket of fleet ${fleet} after ${TICKET_TRIES} tries`);
  }

  /** Remembers what the clusters are held to, so that `writeDesired` needs one request each. */
  remember(fleet: string, clusters: readonly { readonly cluster: string; readonly desired?: DesiredPointer }[]): void {
    for (const { cluster, desired } of clusters) if (desired) this.#blobs.set(idOf(fleet, cluster), desired.blob);
  }

  async writeDesired(fleet: string, cluster: string, desired: DesiredPointer): Promise<'woken' | 'moved' | 'older'> {
    const id = idOf(fleet, cluster);
    const guess = this.#blobs.get(id) === desired.blob ? ('moved' as const) : ('woken' as const);
    const first = await this.#write(fleet, cluster, desired, guess);
    const other = guess === 'moved' ? ('woken' as const) : ('moved' as const);
    const result = first ?? (await this.#write(fleet, cluster, desired, other)) ?? 'older';
    if (result !== 'older') this.#blobs.set(id, desired.blob);
    return result;
  }

  /** Undefined: the item is of the other kind. */
  async #write(
    fleet: string,
    cluster: string,
    desired: DesiredPointer,
    kind: 'woken' | 'moved',
  ): Promise<'woken' | 'moved' | 'older' | undefined> {
    const key = { kind: 'cluster', fleet, cluster } as const;
    const pointer = setDesired(desired);
    const wake = wakeUp(key);
    const isWoken = kind === 'woken';
    const written = await this.#table.update(`write the desired state of ${cluster}`, workItemKey(key), {
      update: isWoken
        ? `SET ${pointer.set}, ${wake.set}${pointer.remove} ADD ${wake.add}`
        : `SET ${pointer.set}${pointer.remove}`,
      condition: isWoken
        ? '(attribute_not_exists(#ticket) OR #ticket < :ticket) AND (attribute_not_exists(#blob) OR #blob <> :blob)'
        : '#ticket < :ticket AND #blob = :blob',
      values: isWoken ? { ...pointer.values, ...wake.values } : pointer.values,
    });
    return written.ok ? kind : refusalOf(written.item, desired, kind);
  }
}

function refusalOf(item: Item | undefined, { ticket, blob }: DesiredPointer, kind: 'woken' | 'moved') {
  const stored = numberAt(item, 'ticket');
  if (stored === undefined || stored < ticket) return undefined;
  // Tickets are drawn once, so this is our own write: its answer was lost.
  return stored === ticket && textAt(item, 'blob') === blob ? kind : 'older';
}

function idOf(fleet: string, cluster: string): string {
  return `${fleet}#${cluster}`;
}
