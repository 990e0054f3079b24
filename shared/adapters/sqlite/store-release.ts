import type { ReleaseResult, WorkKey } from '../../job/ports.ts';
import { type Instruction, withoutInstructions } from '../../model/instruction.ts';
import { stringifyJson } from '../../model/json-text.ts';
import type { ClusterStatus, FleetStatus } from '../../model/status.ts';
import type { Release } from '../../model/work-item.ts';
import { askedOf, clusterColumn, readRow, writeAsked, writeWork } from './item-table.ts';
import type { Transaction } from './state-file.ts';

/** Stores how a run leaves its item: the status, what people asked for and is done, and the lease's end. */
export function storeRelease(
  transaction: Transaction,
  key: WorkKey,
  {
    outcome,
    status,
    taken = [],
  }: {
    readonly outcome: Release;
    readonly status?: FleetStatus | ClusterStatus;
    readonly taken?: readonly Instruction[];
  },
): ReleaseResult {
  if (outcome.result === 'lost') return outcome;
  if (status !== undefined) writeStatus(transaction, key, status);
  const row = taken.length === 0 ? undefined : readRow(transaction, key);
  if (row !== undefined) writeAsked(transaction, key, withoutInstructions(askedOf(row), taken));
  if (outcome.result === 'wanted-grew') return outcome;
  writeWork(transaction, key, outcome.item);
  return { result: 'released', due: outcome.due };
}

function writeStatus({ sql }: Transaction, key: WorkKey, status: FleetStatus | ClusterStatus): void {
  sql('UPDATE item SET status = ? WHERE fleet = ? AND cluster = ?').run(
    stringifyJson(status),
    key.fleet,
    clusterColumn(key),
  );
}
