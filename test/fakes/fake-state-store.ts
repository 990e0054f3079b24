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
} from '../../shared/job/ports.ts';
import { nextTicket, replaceDesired } from '../../shared/model/desired-pointer.ts';
import { type Asked, type Instruction, withInstruction, withoutInstructions } from '../../shared/model/instruction.ts';
import type {
  ApplicationStatus,
  ClusterItem,
  ClusterStatus,
  DesiredPointer,
  FleetItem,
  FleetStatus,
  RunSummary,
} from '../../shared/model/status.ts';
import {
  acquire,
  handOver,
  holds,
  type Lease,
  liftFence,
  NEW_WORK_ITEM,
  type Release,
  release,
  type WorkItem,
  wake,
} from '../../shared/model/work-item.ts';

/** State in memory. Time stands still unless `pass` is called. */
export class FakeStateStore implements StateStore {
  readonly #work = new Map<string, { readonly key: WorkKey; readonly item: WorkItem }>();
  readonly #tickets = new Map<string, number>();
  readonly #desired = new Map<string, DesiredPointer>();
  readonly #fleets = new Map<string, FleetStatus>();
  readonly #clusters = new Map<string, ClusterStatus>();
  readonly #applications = new Map<string, readonly ApplicationStatus[]>();
  readonly #asked = new Map<string, readonly Instruction[]>();
  readonly #runs = new Map<string, readonly RunSummary[]>();
  #nowMs: number;

  constructor(nowMs = 1_000_000) {
    this.#nowMs = nowMs;
  }

  pass(ms: number): void {
    this.#nowMs += ms;
  }

  async nowMs(): Promise<number> {
    return this.#nowMs;
  }

  async readFleet(fleet: string): Promise<FleetItem | undefined> {
    const work = this.#work.get(idOf({ kind: 'fleet', fleet }))?.item;
    if (work === undefined) return undefined;
    const status = this.#fleets.get(fleet);
    const item = { work, ticket: this.#tickets.get(fleet) ?? 0 };
    return structuredClone(status === undefined ? item : { ...item, status });
  }

  async readCluster(fleet: string, cluster: string): Promise<ClusterItem | undefined> {
    const id = idOf({ kind: 'cluster', fleet, cluster });
    const work = this.#work.get(id)?.item;
    if (work === undefined) return undefined;
    const desired = this.#desired.get(id);
    const status = this.#clusters.get(id);
    const asked = this.#asked.get(id) ?? [];
    return structuredClone({
      cluster,
      work,
      ...(desired === undefined ? {} : { desired }),
      ...(status === undefined ? {} : { status }),
      ...(asked.length === 0 ? {} : { asked }),
    });
  }

  async listClusters(fleet: string): Promise<readonly ClusterItem[]> {
    const names = this.#keysOf(fleet).flatMap((key) => (key.kind === 'cluster' ? [key.cluster] : []));
    const items = await Promise.all(names.sort().map((cluster) => this.readCluster(fleet, cluster)));
    return items.filter((item) => item !== undefined);
  }

  async wake(key: WorkKey): Promise<void> {
    this.#setWork(key, wake(this.#workOf(key)));
  }

  async ask(key: ClusterKey, instruction: Instruction): Promise<Asked> {
    if (!this.#work.has(idOf(key))) return 'unknown';
    const before = this.#asked.get(idOf(key)) ?? [];
    const asked = withInstruction(before, instruction);
    if (asked === 'full') return 'full';
    if (asked.length > before.length) this.#setWork(key, wake(this.#workOf(key)));
    this.#asked.set(idOf(key), asked);
    return 'asked';
  }

  acquire(key: FleetKey, attempt: Attempt): Promise<AcquireResult<FleetItem>>;
  acquire(key: ClusterKey, attempt: Attempt): Promise<AcquireResult<ClusterItem>>;
  acquire(key: WorkKey, attempt: Attempt): Promise<AcquireResult<FleetItem | ClusterItem>>;
  async acquire(key: WorkKey, attempt: Attempt): Promise<AcquireResult<FleetItem | ClusterItem>> {
    const acquisition = acquire(this.#workOf(key), { ...attempt, nowMs: this.#nowMs });
    if (acquisition.result !== 'acquired') return { result: acquisition.result };
    this.#setWork(key, acquisition.item);
    const { fleet } = key;
    const item = await (key.kind === 'fleet' ? this.readFleet(fleet) : this.readCluster(fleet, key.cluster));
    if (item === undefined) return { result: 'nothing-to-do' };
    return { result: 'acquired', lease: acquisition.lease, item };
  }

  async release<Key extends WorkKey>(key: Key, lease: Lease, end: RunEnd<Key>): Promise<ReleaseResult> {
    return this.#stored(key, release(this.#workOf(key), lease, this.#nextTryMs(end.nextTryInMs)), end);
  }

  async handOver<Key extends WorkKey>(key: Key, lease: Lease, end: RunEnd<Key, number>): Promise<ReleaseResult> {
    return this.#stored(key, handOver(this.#workOf(key), lease, this.#nextTryMs(end.nextTryInMs) ?? 0), end);
  }

  async liftFence(key: WorkKey, lease: Lease, seenFence: number): Promise<Lease | undefined> {
    const lifted = liftFence(this.#workOf(key), lease, seenFence);
    if (lifted !== undefined) this.#setWork(key, lifted.item);
    return lifted?.lease;
  }

  async due(fleet: string, limit: number): Promise<readonly DueKey[]> {
    const nextTry = (key: WorkKey): number => this.#workOf(key).nextTryMs ?? Number.POSITIVE_INFINITY;
    return this.#keysOf(fleet)
      .filter((key) => nextTry(key) <= this.#nowMs)
      .sort((a, b) => nextTry(a) - nextTry(b))
      .slice(0, limit)
      .map((key): DueKey => {
        const network = key.kind === 'cluster' ? this.#desired.get(idOf(key))?.network : undefined;
        return key.kind === 'fleet' || network === undefined ? key : { ...key, network };
      });
  }

  async drawTicket(fleet: string): Promise<number> {
    this.#setWork({ kind: 'fleet', fleet }, this.#workOf({ kind: 'fleet', fleet }));
    const ticket = nextTicket(this.#tickets.get(fleet) ?? 0, this.#nowMs);
    this.#tickets.set(fleet, ticket);
    return ticket;
  }

  async writeDesired(fleet: string, cluster: string, desired: DesiredPointer): Promise<'woken' | 'moved' | 'older'> {
    const key: WorkKey = { kind: 'cluster', fleet, cluster };
    const write = replaceDesired(this.#workOf(key), this.#desired.get(idOf(key)), desired);
    if (write.result === 'woken') this.#setWork(key, write.work);
    if (write.result !== 'older') this.#desired.set(idOf(key), structuredClone(desired));
    return write.result;
  }

  leasedApplications(fleet: string, cluster: string): Promise<readonly ApplicationStatus[]> {
    return this.listApplications(fleet, cluster);
  }

  async writeApplications(
    fleet: string,
    cluster: string,
    lease: Lease,
    applications: readonly ApplicationStatus[],
  ): Promise<boolean> {
    const key: WorkKey = { kind: 'cluster', fleet, cluster };
    const held = holds(this.#workOf(key), lease);
    if (held) this.#applications.set(idOf(key), structuredClone(applications));
    return held;
  }

  async forgetCluster(fleet: string, cluster: string): Promise<void> {
    const id = idOf({ kind: 'cluster', fleet, cluster });
    for (const map of [this.#work, this.#desired, this.#clusters, this.#applications, this.#asked]) map.delete(id);
  }

  async listApplications(fleet: string, cluster?: string): Promise<readonly ApplicationStatus[]> {
    const keys = this.#keysOf(fleet).filter(
      (key) => key.kind === 'cluster' && (cluster === undefined || key.cluster === cluster),
    );
    return structuredClone(keys.flatMap((key) => this.#applications.get(idOf(key)) ?? []));
  }

  async appendRun(fleet: string, run: RunSummary): Promise<void> {
    this.#runs.set(fleet, [...(this.#runs.get(fleet) ?? []), structuredClone(run)]);
  }

  async listRuns(
    fleet: string,
    options: { readonly cluster?: string; readonly limit: number },
  ): Promise<readonly RunSummary[]> {
    return structuredClone(this.#runs.get(fleet) ?? [])
      .filter((run) => options.cluster === undefined || run.cluster === options.cluster)
      .sort((a, b) => b.startedAtMs - a.startedAtMs)
      .slice(0, options.limit);
  }

  #stored(
    key: WorkKey,
    outcome: Release,
    { status, taken = [] }: { readonly status?: FleetStatus | ClusterStatus; readonly taken?: readonly Instruction[] },
  ): ReleaseResult {
    if (outcome.result === 'lost') return outcome;
    this.#asked.set(idOf(key), withoutInstructions(this.#asked.get(idOf(key)) ?? [], taken));
    if (status !== undefined) this.#setStatus(key, structuredClone(status));
    if (outcome.result === 'wanted-grew') return outcome;
    this.#setWork(key, outcome.item);
    return { result: 'released', due: outcome.due };
  }

  #setStatus(key: WorkKey, status: FleetStatus | ClusterStatus): void {
    if ('cluster' in status) this.#clusters.set(idOf(key), status);
    else this.#fleets.set(key.fleet, status);
  }

  #nextTryMs(nextTryInMs: number | undefined): number | undefined {
    return nextTryInMs === undefined || nextTryInMs === 0 ? nextTryInMs : this.#nowMs + nextTryInMs;
  }

  #keysOf(fleet: string): readonly WorkKey[] {
    return [...this.#work.values()].map(({ key }) => key).filter((key) => key.fleet === fleet);
  }

  #workOf(key: WorkKey): WorkItem {
    return this.#work.get(idOf(key))?.item ?? NEW_WORK_ITEM;
  }

  #setWork(key: WorkKey, item: WorkItem): void {
    this.#work.set(idOf(key), { key, item });
  }
}

function idOf(key: WorkKey): string {
  return JSON.stringify(key.kind === 'fleet' ? [key.fleet] : [key.fleet, key.cluster]);
}
