/**
 * Applications of a cluster, an item each. Only those that changed are written, in one transaction with the cluster's
 * item, whose `applications` says which set stands there, by its digest. So a run that no longer holds the cluster
 * writes nothing, the digest is never wrong, and whoever has seen a set under a digest need not read it again: a quiet
 * run neither reads nor writes any. Beyond 99 changes the digest is taken away first and set with the last of them.
 */
import { createHash } from 'node:crypto';
import { parseJson, stringifyJson } from '../../model/json-text.ts';
import type { ApplicationStatus } from '../../model/status.ts';
import { applicationStatusSchema } from '../../model/stored-status.ts';
import type { Lease } from '../../model/work-item.ts';
import { type Item, pack, packedAt, textAt } from './attributes.ts';
import {
  applicationKey,
  applicationPartition,
  applicationPartitions,
  applicationPrefix,
  workItemKey,
} from './item-keys.ts';
import { shortApplication } from './short-texts.ts';
import { type StateTable, WRITES_AT_ONCE, type Write } from './state-table.ts';

/** JSON of each application's status, by name. */
type Texts = ReadonlyMap<string, string>;

/** What this process knows of a cluster's applications. */
interface Known {
  readonly digest: string;
  readonly texts: Texts;
}

/** Beyond it everything is read again. */
const REMEMBERED_CLUSTERS = 2_000;

export class ApplicationItems {
  readonly #table: StateTable;
  readonly #known = new Map<string, Known>();
  /** The digest that the holder of a cluster saw, by cluster; it alone can change it. */
  readonly #seen = new Map<string, { readonly nonce: string; readonly digest: string | undefined }>();

  constructor(table: StateTable) {
    this.#table = table;
  }

  /** Told what an acquisition saw. */
  acquired(fleet: string, cluster: string, { nonce }: Lease, item: Item | undefined): void {
    if (this.#seen.size >= REMEMBERED_CLUSTERS) this.#seen.clear();
    this.#seen.set(idOf(fleet, cluster), { nonce, digest: textAt(item, 'applications') });
  }

  async list(fleet: string, cluster?: string): Promise<readonly ApplicationStatus[]> {
    if (cluster !== undefined) return statusesOf(await this.#read(fleet, cluster));
    const partitions = applicationPartitions(fleet).map((pk) =>
      this.#table.query('list applications', { condition: '#pk = :pk', values: { pk } }),
    );
    const items = (await Promise.all(partitions)).flat();
    return items.map(statusOf).sort((a, b) => order(a.cluster, b.cluster) || order(a.application, b.application));
  }

  async leased(fleet: string, cluster: string, lease: Lease): Promise<readonly ApplicationStatus[]> {
    return statusesOf(await this.#current(fleet, cluster, lease));
  }

  /** False: the lease is lost. */
  async replace(
    fleet: string,
    cluster: string,
    { lease, applications }: { readonly lease: Lease; readonly applications: readonly ApplicationStatus[] },
  ): Promise<boolean> {
    const id = idOf(fleet, cluster);
    const texts = new Map(
      applications.map((status) => [status.application, stringifyJson(shortApplication(status))] as const),
    );
    const digest = digestOf(texts);
    if (this.#seenBy(id, lease)?.digest === digest) return true;
    const before = await this.#current(fleet, cluster, lease);
    // What becomes of them is not known until the last answer is there.
    this.#forget(id);
    for (const part of partsOf(changesOf(fleet, cluster, { before, texts }))) {
      const mark = markOf(fleet, cluster, { lease, digest: part.isLast ? digest : undefined });
      if (!(await this.#table.transact(`write the applications of ${cluster}`, [mark, ...part.writes]))) return false;
    }
    this.#remember(id, { digest, texts });
    this.#seen.set(id, { nonce: lease.nonce, digest });
    return true;
  }

  /** Deletes the cluster's item with all of its applications. */
  async forget(fleet: string, cluster: string): Promise<void> {
    this.#forget(idOf(fleet, cluster));
    const act = `forget cluster ${cluster}`;
    const key = workItemKey({ kind: 'cluster', fleet, cluster });
    // Whoever runs is turned away from here on, and writes no application behind our back.
    const turnAway = {
      update: 'REMOVE #owner, #nextTry, #applications',
      condition: 'attribute_exists(#pk)',
      values: {},
    };
    await this.#table.update(act, key, turnAway);
    const names = [...(await this.#read(fleet, cluster)).keys()];
    const writes: Write[] = names.map((name) => ({ op: 'delete', key: applicationKey(fleet, cluster, name) }));
    writes.push({ op: 'delete', key });
    for (let first = 0; first < writes.length; first += WRITES_AT_ONCE) {
      await this.#table.transact(act, writes.slice(first, first + WRITES_AT_ONCE));
    }
  }

  /** Returns the applications as they are while the lease is held. */
  async #current(fleet: string, cluster: string, lease: Lease): Promise<Texts> {
    const id = idOf(fleet, cluster);
    const digest = this.#seenBy(id, lease)?.digest;
    const known = this.#known.get(id);
    if (digest !== undefined && known?.digest === digest) return known.texts;
    const texts = await this.#read(fleet, cluster);
    this.#remember(id, { digest: digestOf(texts), texts });
    return texts;
  }

  async #read(fleet: string, cluster: string): Promise<Texts> {
    const items = await this.#table.query(`list the applications of ${cluster}`, {
      condition: '#pk = :pk AND begins_with(#sk, :cluster)',
      values: { pk: applicationPartition(fleet, cluster), cluster: applicationPrefix(cluster) },
    });
    return new Map(items.map((item) => [statusOf(item).application, packedAt(item, 'status') ?? '']));
  }

  #seenBy(id: string, { nonce }: Lease) {
    const seen = this.#seen.get(id);
    return seen?.nonce === nonce ? seen : undefined;
  }

  #remember(id: string, known: Known): void {
    if (this.#known.size >= REMEMBERED_CLUSTERS) this.#known.clear();
    this.#known.set(id, known);
  }

  #forget(id: string): void {
    this.#known.delete(id);
    this.#seen.delete(id);
  }
}

function changesOf(
  fleet: string,
  cluster: string,
  { before, texts }: { readonly before: Texts; readonly texts: Texts },
): readonly Write[] {
  const put = [...texts].filter(([name, text]) => before.get(name) !== text);
  const gone = [...before.keys()].filter((name) => !texts.has(name));
  return [
    ...put.map(([name, text]) => ({
      op: 'put' as const,
      item: { ...applicationKey(fleet, cluster, name), status: pack(text) },
    })),
    ...gone.map((name) => ({ op: 'delete' as const, key: applicationKey(fleet, cluster, name) })),
  ];
}

/** Parts of one transaction each, with room for the cluster's item; at least one. */
function partsOf(writes: readonly Write[]): readonly { readonly writes: readonly Write[]; readonly isLast: boolean }[] {
  const size = WRITES_AT_ONCE - 1;
  const count = Math.max(1, Math.ceil(writes.length / size));
  return Array.from({ length: count }, (_, part) => ({
    writes: writes.slice(part * size, (part + 1) * size),
    isLast: part === count - 1,
  }));
}

/** Sets or takes away the digest while the lease is held. */
function markOf(
  fleet: string,
  cluster: string,
  { lease, digest }: { readonly lease: Lease; readonly digest: string | undefined },
): Write {
  const key = workItemKey({ kind: 'cluster', fleet, cluster });
  const condition = '#owner = :nonce';
  if (digest === undefined) {
    return { op: 'update', key, update: 'REMOVE #applications', condition, values: { nonce: lease.nonce } };
  }
  const values = { nonce: lease.nonce, digest };
  return { op: 'update', key, update: 'SET #applications = :digest', condition, values };
}

function statusesOf(texts: Texts): readonly ApplicationStatus[] {
  return [...texts.values()].map((text) => applicationStatusSchema.parse(parseJson(text)));
}

function statusOf(item: Item): ApplicationStatus {
  return applicationStatusSchema.parse(parseJson(packedAt(item, 'status') ?? ''));
}

function digestOf(texts: Texts): string {
  const sorted = [...texts].sort(([a], [b]) => order(a, b));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 32);
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function idOf(fleet: string, cluster: string): string {
  return `${fleet}#${cluster}`;
}
