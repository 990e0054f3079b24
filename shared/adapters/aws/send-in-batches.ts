/**
 * Batch calls of SQS and EventBridge succeed in part: some entries are taken, others are not, and the call itself is no
 * error. Only those that were not taken are sent again; taken ones would be doubled.
 */
import { setTimeout as pause } from 'node:timers/promises';

export interface BatchLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/** Why one entry was not taken. `final`: it is the entry's own fault and would be again. */
export interface EntryRefusal {
  readonly index: number;
  readonly reason: string;
  readonly final: boolean;
}

export interface RefusedEntry<Entry> {
  readonly entry: Entry;
  readonly reason: string;
  readonly final: boolean;
}

export interface BatchCall<Entry> {
  readonly limits: BatchLimits;
  sizeBytes(entry: Entry): number;
  /** Sends one batch and returns what was not taken, by index in the batch. */
  send(batch: readonly Entry[]): Promise<readonly EntryRefusal[]>;
}

/** With the pauses between them about 1.5 s, as long as the SDK tries a call that fails as a whole. */
const TRIES = 5;
const FIRST_PAUSE_MS = 100;
/** Enough for 1,000 nudges in a second, without opening as many connections. */
const BATCHES_AT_ONCE = 8;

/** Sends all entries in as few calls as the limits allow; returns those that were not taken after several tries. */
export async function sendInBatches<Entry>(
  entries: readonly Entry[],
  call: BatchCall<Entry>,
): Promise<readonly RefusedEntry<Entry>[]> {
  const batches = batchesOf(entries, call).values();
  const refused: RefusedEntry<Entry>[] = [];
  const sendSome = async () => {
    for (const batch of batches) refused.push(...(await sendBatch(batch, call)));
  };
  await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, sendSome));
  return refused;
}

async function sendBatch<Entry>(
  batch: readonly Entry[],
  call: BatchCall<Entry>,
): Promise<readonly RefusedEntry<Entry>[]> {
  const refused: RefusedEntry<Entry>[] = [];
  let waiting = batch;
  for (let attempt = 1; ; attempt += 1) {
    const refusals = (await call.send(waiting)).flatMap(({ index, ...why }) => {
      const entry = waiting[index];
      return entry === undefined ? [] : [{ entry, ...why }];
    });
    refused.push(...refusals.filter(({ final }) => final));
    const again = refusals.filter(({ final }) => !final);
    if (again.length === 0) return refused;
    if (attempt === TRIES) return [...refused, ...again];
    waiting = again.map(({ entry }) => entry);
    // Half of it by chance: those who were refused together do not come back together.
    await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));
  }
}

function batchesOf<Entry>(entries: readonly Entry[], call: BatchCall<Entry>): readonly (readonly Entry[])[] {
  const { maxEntries, maxBytes } = call.limits;
  const batches: Entry[][] = [];
  let batch: Entry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = call.sizeBytes(entry);
    if (batch.length > 0 && (batch.length === maxEntries || bytes + size > maxBytes)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(entry);
    bytes += size;
  }
  return batch.length > 0 ? [...batches, batch] : batches;
}
