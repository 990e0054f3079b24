import * as z from 'zod';
import type { DueKey, WorkKey } from '../../job/ports.ts';
import { type Instruction, instructionSchema } from '../../model/instruction.ts';
import { parseJson, stringifyJson } from '../../model/json-text.ts';
import type { ClusterItem, FleetItem } from '../../model/status.ts';
import { clusterStatusSchema, desiredPointerSchema, fleetStatusSchema } from '../../model/stored-status.ts';
import { NEW_WORK_ITEM, type WorkItem } from '../../model/work-item.ts';
import { hasEnded, thisProcess } from './process-identity.ts';
import type { Transaction } from './state-file.ts';

const rowSchema = z.object({
  cluster: z.string(),
  wanted: z.int().min(0),
  done: z.int().min(0),
  owner: z.string().nullable(),
  fence: z.int().min(0),
  until_ms: z.int(),
  next_try_ms: z.int().nullable(),
  ticket: z.int().min(0),
  desired: z.string().nullable(),
  status: z.string().nullable(),
  asked: z.string().nullable(),
});
export type ItemRow = z.infer<typeof rowSchema>;

/** The cluster's name, or '' for the fleet's own item. */
export function clusterColumn(key: WorkKey): string {
  return key.kind === 'fleet' ? '' : key.cluster;
}

export function readRow({ sql }: Transaction, key: WorkKey): ItemRow | undefined {
  const row = sql('SELECT * FROM item WHERE fleet = ? AND cluster = ?').get(key.fleet, clusterColumn(key));
  return row === undefined ? undefined : rowSchema.parse(row);
}

export function readClusterRows({ sql }: Transaction, fleet: string): readonly ItemRow[] {
  const rows = sql("SELECT * FROM item WHERE fleet = ? AND cluster <> '' ORDER BY cluster").all(fleet);
  return rows.map((row) => rowSchema.parse(row));
}

export function workOf(row: ItemRow | undefined): WorkItem {
  if (row === undefined) return NEW_WORK_ITEM;
  return {
    wanted: row.wanted,
    done: row.done,
    fence: row.fence,
    untilMs: row.until_ms,
    ...(row.owner === null ? {} : { owner: row.owner }),
    ...(row.next_try_ms === null ? {} : { nextTryMs: row.next_try_ms }),
  };
}

export function fleetItemOf(row: ItemRow): FleetItem {
  const { ticket, status } = row;
  const item = { work: workOf(row), ticket };
  return status === null ? item : { ...item, status: parseStored(fleetStatusSchema, status) };
}

export function clusterItemOf(row: ItemRow): ClusterItem {
  const { cluster, desired, status } = row;
  const asked = askedOf(row);
  return {
    cluster,
    work: workOf(row),
    ...(desired === null ? {} : { desired: parseStored(desiredPointerSchema, desired) }),
    ...(status === null ? {} : { status: parseStored(clusterStatusSchema, status) }),
    ...(asked.length === 0 ? {} : { asked }),
  };
}

export function askedOf({ asked }: ItemRow): readonly Instruction[] {
  return asked === null ? [] : parseStored(z.array(instructionSchema), asked);
}

export function writeAsked({ sql }: Transaction, key: WorkKey, asked: readonly Instruction[]): void {
  sql('UPDATE item SET asked = ? WHERE fleet = ? AND cluster = ?').run(
    asked.length === 0 ? null : stringifyJson(asked),
    key.fleet,
    clusterColumn(key),
  );
}

/** Stores `work`, and which process holds it; makes the item when it is new. */
export function writeWork({ sql }: Transaction, key: WorkKey, work: WorkItem): void {
  const process = work.owner === undefined ? null : thisProcess();
  sql(
    `INSERT INTO item (fleet, cluster, wanted, done, owner, fence, until_ms, next_try_ms, process)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET wanted = excluded.wanted, done = excluded.done, owner = excluded.owner,
       fence = excluded.fence, until_ms = excluded.until_ms, next_try_ms = excluded.next_try_ms,
       process = CASE WHEN item.owner IS excluded.owner THEN item.process ELSE excluded.process END`,
  ).run(
    key.fleet,
    clusterColumn(key),
    work.wanted,
    work.done,
    work.owner ?? null,
    work.fence,
    work.untilMs,
    work.nextTryMs ?? null,
    process,
  );
}

/** Names the processes that hold leases or messages and have ended. */
export function endedProcesses({ sql }: Transaction): readonly string[] {
  const rows = sql(
    'SELECT process FROM item WHERE process IS NOT NULL UNION SELECT process FROM message WHERE process IS NOT NULL',
  ).all();
  return rows.map((row) => String(row.process)).filter(hasEnded);
}

/** Items that `process` holds. */
export function readKeysHeldBy({ sql }: Transaction, process: string): readonly WorkKey[] {
  return sql('SELECT fleet, cluster FROM item WHERE process = ?').all(process).map(keyOf);
}

export function readDueKeys({ sql, nowMs }: Transaction, fleet: string, limit: number): readonly DueKey[] {
  return sql('SELECT * FROM item WHERE fleet = ? AND next_try_ms <= ? ORDER BY next_try_ms LIMIT ?')
    .all(fleet, nowMs, limit)
    .map((row): DueKey => {
      const key = keyOf(row);
      if (key.kind === 'fleet') return key;
      const network = clusterItemOf(rowSchema.parse(row)).desired?.network;
      return network === undefined ? key : { ...key, network };
    });
}

/** Returns what a column's JSON text holds. @throws {ZodError | SyntaxError} when it is damaged. */
export function parseStored<T>(schema: z.ZodType<T>, text: string): T {
  return schema.parse(parseJson(text));
}

function keyOf(row: Readonly<Record<string, unknown>>): WorkKey {
  const { fleet, cluster } = z.object({ fleet: z.string(), cluster: z.string() }).parse(row);
  return cluster === '' ? { kind: 'fleet', fleet } : { kind: 'cluster', fleet, cluster };
}
