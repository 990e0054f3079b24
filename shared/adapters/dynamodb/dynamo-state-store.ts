import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { TABLE } from '../../config/names.ts';
import type {
  AcquireResult,
  Attempt,
  ClusterKey,
  DueKey,
  FleetKey,
  ReleaseResult,
  RunEnd,
  StateStore,
  WorkKey,
} from '../../job/ports.ts';
import type { Asked, Instruction } from '../../model/instruction.ts';
import { stringifyJson } from '../../model/json-text.ts';
import type {
  ApplicationStatus,
  ClusterItem,
  ClusterStatus,
  DesiredPointer,
  FleetItem,
  FleetStatus,
  RunSummary,
} from '../../model/status.ts';
import type { Lease } from '../../model/work-item.ts';
import { ApplicationItems } from './application-items.ts';
import { type Item, numberAt, pack } from './attributes.ts';
import { ClusterItems } from './cluster-items.ts';
import { CLUSTER_PREFIX, dueKeyOf, dueShards, fleetPartition, workItemKey } from './item-keys.ts';
import { type Fields, Leases } from './leases.ts';
import { listenToDates } from './listen-to-dates.ts';
import { LongTexts } from './long-texts.ts';
import { Plans } from './plans.ts';
import { RunItems } from './run-items.ts';
import { shortFleet } from './short-texts.ts';
import { StateTable } from './state-table.ts';
import { StoreClock } from './store-clock.ts';
import { fleetItemOf } from './work-attributes.ts';

/**
 * State in one DynamoDB table: keys and indexes are `TABLE` in config/names.ts, the reasons are in
 * docs/decisions/0011. It remembers what it saw, for speed alone: every condition is checked by the table.
 */
export class DynamoStateStore implements StateStore {
  readonly #table: StateTable;
  readonly #leases: Leases;
  readonly #plans: Plans;
  readonly #clusters: ClusterItems;
  readonly #applications: ApplicationItems;
  readonly #runs: RunItems;

  /** `client` serves this store alone: the store listens to the dates of its answers. */
  constructor(client: DynamoDBClient, table: string, options: { readonly monotonicMs?: () => number } = {}) {
    const clock = new StoreClock(options.monotonicMs ?? (() => performance.now()));
    listenToDates(client, clock);
    this.#table = new StateTable(client, table);
    this.#leases = new Leases(this.#table, clock);
    this.#plans = new Plans(this.#table);
    this.#clusters = new ClusterItems(new LongTexts(this.#table));
    this.#applications = new ApplicationItems(this.#table);
    this.#runs = new RunItems(this.#table);
  }

  async nowMs(): Promise<number> {
    return (await this.#leases.time()).nowMs;
  }

  async readFleet(fleet: string): Promise<FleetItem | undefined> {
    const item = await this.#table.get(`read fleet ${fleet}`, workItemKey({ kind: 'fleet', fleet }));
    return item && fleetItemOf(item);
  }

  async readCluster(fleet: string, cluster: string): Promise<ClusterItem | undefined> {
    const item = await this.#table.get(`read cluster ${cluster}`, workItemKey({ kind: 'cluster', fleet, cluster }));
    return item && this.#clusterItem(fleet, item);
  }

  async listClusters(fleet: string): Promise<readonly ClusterItem[]> {
    const items = await this.#table.query('list clusters', {
      condition: '#pk = :fleet AND begins_with(#sk, :clusters)',
      values: { fleet: fleetPartition(fleet), clusters: CLUSTER_PREFIX },
    });
    const clusters = await this.#clusters.read(fleet, items, { endpoints: false });
    this.#plans.remember(fleet, clusters);
    return clusters;
  }

  wake(key: WorkKey): Promise<void> {
    return this.#leases.wake(key);
  }

  ask(key: ClusterKey, instruction: Instruction): Promise<Asked> {
    return this.#leases.ask(key, instruction);
  }

  acquire(key: FleetKey, attempt: Attempt): Promise<AcquireResult<FleetItem>>;
  acquire(key: ClusterKey, attempt: Attempt): Promise<AcquireResult<ClusterItem>>;
  acquire(key: WorkKey, attempt: Attempt): Promise<AcquireResult<FleetItem | ClusterItem>>;
  async acquire(key: WorkKey, attempt: Attempt): Promise<AcquireResult<FleetItem | ClusterItem>> {
    const acquired = await this.#leases.acquire(key, attempt);
    if (acquired.result !== 'acquired') return acquired;
    const { result, lease, item } = acquired;
    if (key.kind === 'fleet') return { result, lease, item: fleetItemOf(item) };
    this.#applications.acquired(key.fleet, key.cluster, lease, item);
    return { result, lease, item: await this.#clusterItem(key.fleet, item) };
  }

  async release<Key extends WorkKey>(key: Key, lease: Lease, end: RunEnd<Key>): Promise<ReleaseResult> {
    const fields = await this.#fieldsOf(key, end);
    return this.#leases.release(key, lease, { nextTryMs: await this.#timeIn(end.nextTryInMs), fields });
  }

  async handOver<Key extends WorkKey>(key: Key, lease: Lease, end: RunEnd<Key, number>): Promise<ReleaseResult> {
    const fields = await this.#fieldsOf(key, end);
    return this.#leases.handOver(key, lease, { nextTryMs: (await this.#timeIn(end.nextTryInMs)) ?? 0, fields });
  }

  liftFence(key: WorkKey, lease: Lease, seenFence: number): Promise<Lease | undefined> {
    return this.#leases.liftFence(key, lease, seenFence);
  }

  async due(fleet: string, limit: number): Promise<readonly DueKey[]> {
    const time = await this.#leases.time();
    const found = await this.#dueUntil(fleet, time.latestMs, limit);
    const { latestMs } = await this.#leases.time();
    return this.#leases.stoodStill(time) ? this.#dueUntil(fleet, latestMs, limit) : found;
  }

  async drawTicket(fleet: string): Promise<number> {
    return this.#plans.drawTicket(fleet, await this.nowMs());
  }

  writeDesired(fleet: string, cluster: string, desired: DesiredPointer): Promise<'woken' | 'moved' | 'older'> {
    return this.#plans.writeDesired(fleet, cluster, desired);
  }

  leasedApplications(fleet: string, cluster: string, lease: Lease): Promise<readonly ApplicationStatus[]> {
    return this.#applications.leased(fleet, cluster, lease);
  }

  writeApplications(
    fleet: string,
    cluster: string,
    lease: Lease,
    applications: readonly ApplicationStatus[],
  ): Promise<boolean> {
    return this.#applications.replace(fleet, cluster, { lease, applications });
  }

  forgetCluster(fleet: string, cluster: string): Promise<void> {
    return this.#applications.forget(fleet, cluster);
  }

  listApplications(fleet: string, cluster?: string): Promise<readonly ApplicationStatus[]> {
    return this.#applications.list(fleet, cluster);
  }

  appendRun(fleet: string, run: RunSummary): Promise<void> {
    return this.#runs.append(fleet, run);
  }

  listRuns(
    fleet: string,
    options: { readonly cluster?: string; readonly limit: number },
  ): Promise<readonly RunSummary[]> {
    return this.#runs.list(fleet, options);
  }

  async #clusterItem(fleet: string, item: Item): Promise<ClusterItem> {
    const [cluster] = await this.#clusters.read(fleet, [item], { endpoints: true });
    if (cluster === undefined) throw new Error('one item in, none out');
    return cluster;
  }

  async #dueUntil(fleet: string, timeMs: number, limit: number): Promise<readonly DueKey[]> {
    const { name, partitionKey, sortKey } = TABLE.dueIndex;
    const shards = dueShards(fleet).map((shard) =>
      this.#table.query('list what is due', {
        index: name,
        condition: `#${partitionKey.name} = :shard AND #${sortKey.name} <= :time`,
        values: { shard, time: timeMs },
        limit,
      }),
    );
    const timeOf = (item: Item): number => numberAt(item, sortKey.name) ?? 0;
    const items = (await Promise.all(shards)).flat().sort((a, b) => timeOf(a) - timeOf(b));
    return items.slice(0, limit).map((item) => dueKeyOf(fleet, item));
  }

  async #timeIn(delayMs: number | undefined): Promise<number | undefined> {
    return delayMs === undefined || delayMs === 0 ? delayMs : (await this.nowMs()) + Math.ceil(delayMs);
  }

  async #fieldsOf(
    key: WorkKey,
    end: { readonly status?: FleetStatus | ClusterStatus; readonly taken?: readonly Instruction[] },
  ): Promise<Fields> {
    const { status, taken = [] } = end;
    if (status === undefined) return { set: {}, remove: [], taken };
    if (!('cluster' in status)) return { set: { status: pack(stringifyJson(shortFleet(status))) }, remove: [], taken };
    const set = await this.#clusters.attributesOf(key.fleet, status);
    return { set, remove: ClusterItems.optional.filter((name) => !(name in set)), taken };
  }
}
