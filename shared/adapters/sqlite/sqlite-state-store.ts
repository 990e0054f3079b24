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
import { nextTicket, replaceDesired } from '../../model/desired-pointer.ts';
import { type Asked, type Instruction, withInstruction } from '../../model/instruction.ts';
import { stringifyJson } from '../../model/json-text.ts';
import type { ApplicationStatus, ClusterItem, DesiredPointer, FleetItem, RunSummary } from '../../model/status.ts';
import { applicationStatusSchema, runSummarySchema } from '../../model/stored-status.ts';
import {
  acquire,
  handOver,
  holds,
  type Lease,
  liftFence,
  NEW_WORK_ITEM,
  release,
  takeFromDead,
  wake,
} from '../../model/work-item.ts';
import {
  askedOf,
  clusterItemOf,
  endedProcesses,
  fleetItemOf,
  parseStored,
  readClusterRows,
  readDueKeys,
  readKeysHeldBy,
  readRow,
  workOf,
  writeAsked,
  writeWork,
} from './item-table.ts';
import type { StateFile, Transaction } from './state-file.ts';
import { storeRelease } from './store-release.ts';

/** Older runs of a cluster are forgotten. */
const RUNS_KEPT_A_CLUSTER = 1000;

/** State in a `StateFile`. Every method is one transaction. */
export class SqliteStateStore implements StateStore {
  readonly #file: StateFile;
  /** Hand-overs that the file did not take, for want of room say; `due` makes up for them. */
  readonly #unsaid = new Map<string, { readonly key: WorkKey; readonly lease: Lease }>();

  constructor(file: StateFile) {
    this.#file = file;
  }

  async nowMs(): Promise<number> {
    return this.#file.read('read the time', ({ nowMs }) => nowMs);
  }

  async readFleet(fleet: string): Promise<FleetItem | undefined> {
    return this.#file.read(`read fleet ${fleet}`, (transaction) => {
      const row = readRow(transaction, { kind: 'fleet', fleet });
      return row && fleetItemOf(row);
    });
  }

  async readCluster(fleet: string, cluster: string): Promise<ClusterItem | undefined> {
    return this.#file.read(`read cluster ${cluster}`, (transaction) => {
      const row = readRow(transaction, { kind: 'cluster', fleet, cluster });
      return row && clusterItemOf(row);
    });
  }

  async listClusters(fleet: string): Promise<readonly ClusterItem[]> {
    return this.#file.read('list clusters', (transaction) => readClusterRows(transaction, fleet).map(clusterItemOf));
  }

  async wake(key: WorkKey): Promise<void> {
    this.#file.write(`wake ${nameOf(key)}`, (transaction) => {
      writeWork(transaction, key, wake(workOf(readRow(transaction, key))));
    });
  }

  async ask(key: ClusterKey, instruction: Instruction): Promise<Asked> {
    return this.#file.write(`ask ${nameOf(key)}`, (transaction) => {
      const row = readRow(transaction, key);
      if (row === undefined) return 'unknown';
      const before = askedOf(row);
      const asked = withInstruction(before, instruction);
      if (asked === 'full') return 'full';
      if (asked.length === before.length) return 'asked';
      writeAsked(transaction, key, asked);
      writeWork(transaction, key, wake(workOf(row)));
      return 'asked';
    });
  }

  acquire(key: FleetKey, attempt: Attempt): Promise<AcquireResult<FleetItem>>;
  acquire(key: ClusterKey, attempt: Attempt): Promise<AcquireResult<ClusterItem>>;
  acquire(key: WorkKey, attempt: Attempt): Promise<AcquireResult<FleetItem | ClusterItem>>;
  async acquire(key: WorkKey, attempt: Attempt): Promise<AcquireResult<FleetItem | ClusterItem>> {
    return this.#file.write(`acquire ${nameOf(key)}`, (transaction) => {
      const row = readRow(transaction, key);
      const acquisition = acquire(workOf(row), { ...attempt, nowMs: transaction.nowMs });
      if (acquisition.result !== 'acquired') return { result: acquisition.result };
      if (row === undefined) return { result: 'nothing-to-do' };
      writeWork(transaction, key, acquisition.item);
      const item = key.kind === 'fleet' ? fleetItemOf(row) : clusterItemOf(row);
      return { result: 'acquired', lease: acquisition.lease, item: { ...item, work: acquisition.item } };
    });
  }

  async release<Key extends WorkKey>(key: Key, lease: Lease, end: RunEnd<Key>): Promise<ReleaseResult> {
    return this.#file.write(`release ${nameOf(key)}`, (transaction) => {
      const work = workOf(readRow(transaction, key));
      const outcome = release(work, lease, nextTryMsOf(transaction, end.nextTryInMs));
      return storeRelease(transaction, key, { ...end, outcome });
    });
  }

  async handOver<Key extends WorkKey>(key: Key, lease: Lease, end: RunEnd<Key, number>): Promise<ReleaseResult> {
    // Whoever hands over has stopped, whether or not this can be written.
    this.#unsaid.set(lease.nonce, { key, lease });
    const result = this.#file.write(`hand over ${nameOf(key)}`, (transaction) => {
      const work = workOf(readRow(transaction, key));
      const outcome = handOver(work, lease, nextTryMsOf(transaction, end.nextTryInMs));
      return storeRelease(transaction, key, { ...end, outcome });
    });
    this.#unsaid.delete(lease.nonce);
    return result;
  }

  async liftFence(key: WorkKey, lease: Lease, seenFence: number): Promise<Lease | undefined> {
    return this.#file.write(`lift the fence of ${nameOf(key)}`, (transaction) => {
      const lifted = liftFence(workOf(readRow(transaction, key)), lease, seenFence);
      if (lifted !== undefined) writeWork(transaction, key, lifted.item);
      return lifted?.lease;
    });
  }

  async due(fleet: string, limit: number): Promise<readonly DueKey[]> {
    for (const { key, lease } of [...this.#unsaid.values()]) await this.handOver(key, lease, { nextTryInMs: 0 });
    this.#freeWhatTheDeadHold();
    return this.#file.read('list what is due', (transaction) => readDueKeys(transaction, fleet, limit));
  }

  async drawTicket(fleet: string): Promise<number> {
    return this.#file.write('draw a ticket', (transaction) => {
      const key: WorkKey = { kind: 'fleet', fleet };
      const row = readRow(transaction, key);
      if (row === undefined) writeWork(transaction, key, NEW_WORK_ITEM);
      const ticket = nextTicket(row?.ticket ?? 0, transaction.nowMs);
      transaction.sql("UPDATE item SET ticket = ? WHERE fleet = ? AND cluster = ''").run(ticket, fleet);
      return ticket;
    });
  }

  async writeDesired(fleet: string, cluster: string, desired: DesiredPointer): Promise<'woken' | 'moved' | 'older'> {
    return this.#file.write(`write the desired state of ${cluster}`, (transaction) => {
      const key: WorkKey = { kind: 'cluster', fleet, cluster };
      const row = readRow(transaction, key);
      const stored = row === undefined ? undefined : clusterItemOf(row).desired;
      const write = replaceDesired(workOf(row), stored, desired);
      if (write.result === 'older') return 'older';
      if (write.result === 'woken') writeWork(transaction, key, write.work);
      transaction
        .sql('UPDATE item SET desired = ? WHERE fleet = ? AND cluster = ?')
        .run(stringifyJson(desired), fleet, cluster);
      return write.result;
    });
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
    return this.#file.write(`write the applications of ${cluster}`, (transaction) => {
      if (!holds(workOf(readRow(transaction, { kind: 'cluster', fleet, cluster })), lease)) return false;
      const { sql } = transaction;
      sql('DELETE FROM application WHERE fleet = ? AND cluster = ?').run(fleet, cluster);
      const insert = sql('INSERT INTO application (fleet, cluster, application, status) VALUES (?, ?, ?, ?)');
      for (const status of applications) insert.run(fleet, cluster, status.application, stringifyJson(status));
      return true;
    });
  }

  async forgetCluster(fleet: string, cluster: string): Promise<void> {
    this.#file.write(`forget cluster ${cluster}`, ({ sql }) => {
      sql('DELETE FROM item WHERE fleet = ? AND cluster = ?').run(fleet, cluster);
      sql('DELETE FROM application WHERE fleet = ? AND cluster = ?').run(fleet, cluster);
    });
  }

  async listApplications(fleet: string, cluster?: string): Promise<readonly ApplicationStatus[]> {
    return this.#file.read('list applications', ({ sql }) => {
      const rows =
        cluster === undefined
          ? sql('SELECT status FROM application WHERE fleet = ?').all(fleet)
          : sql('SELECT status FROM application WHERE fleet = ? AND cluster = ?').all(fleet, cluster);
      return rows.map((row) => parseStored(applicationStatusSchema, String(row.status)));
    });
  }

  async appendRun(fleet: string, run: RunSummary): Promise<void> {
    this.#file.write('append a run', ({ sql }) => {
      sql(
        `INSERT INTO run (fleet, run, cluster, started_at_ms, summary) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET summary = excluded.summary`,
      ).run(fleet, run.run, run.cluster, run.startedAtMs, stringifyJson(run));
      sql(
        `DELETE FROM run WHERE fleet = ? AND cluster = ? AND started_at_ms < (
           SELECT started_at_ms FROM run WHERE fleet = ? AND cluster = ? ORDER BY started_at_ms DESC LIMIT 1 OFFSET ?)`,
      ).run(fleet, run.cluster, fleet, run.cluster, RUNS_KEPT_A_CLUSTER - 1);
    });
  }

  async listRuns(
    fleet: string,
    options: { readonly cluster?: string; readonly limit: number },
  ): Promise<readonly RunSummary[]> {
    const { cluster, limit } = options;
    return this.#file.read('list runs', ({ sql }) => {
      const rows =
        cluster === undefined
          ? sql('SELECT summary FROM run WHERE fleet = ? ORDER BY started_at_ms DESC, run DESC LIMIT ?').all(
              fleet,
              limit,
            )
          : sql(
              'SELECT summary FROM run WHERE fleet = ? AND cluster = ? ORDER BY started_at_ms DESC, run DESC LIMIT ?',
            ).all(fleet, cluster, limit);
      return rows.map((row) => parseStored(runSummarySchema, String(row.summary)));
    });
  }

  /** Frees leases and messages of processes of this machine that have ended. */
  #freeWhatTheDeadHold(): void {
    const act = 'free what ended processes held';
    const ended = this.#file.read(act, endedProcesses);
    if (ended.length === 0) return;
    this.#file.write(act, (transaction) => {
      for (const process of ended) {
        for (const key of readKeysHeldBy(transaction, process)) {
          writeWork(transaction, key, takeFromDead(workOf(readRow(transaction, key))));
        }
        transaction
          .sql('UPDATE message SET process = NULL, visible_at_ms = ? WHERE process = ?')
          .run(transaction.nowMs, process);
      }
    });
  }
}

function nextTryMsOf({ nowMs }: Transaction, nextTryInMs: number): number;
function nextTryMsOf({ nowMs }: Transaction, nextTryInMs: number | undefined): number | undefined;
function nextTryMsOf({ nowMs }: Transaction, nextTryInMs: number | undefined): number | undefined {
  return nextTryInMs === undefined || nextTryInMs === 0 ? nextTryInMs : nowMs + nextTryInMs;
}

function nameOf(key: WorkKey): string {
  return key.kind === 'fleet' ? `fleet ${key.fleet}` : `cluster ${key.cluster}`;
}
