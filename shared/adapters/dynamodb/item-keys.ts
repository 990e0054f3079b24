/**
 * Where each item lies in the table (docs/decisions/0011). Names of fleets, clusters and applications are DNS names, so
 * `#` parts them. Clusters of a fleet stand together, so that one Query reads them all.
 */
import { TABLE } from '../../config/names.ts';
import type { DueKey, WorkKey } from '../../job/ports.ts';
import { type Item, textAt } from './attributes.ts';

export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** One partition of an index or table takes 1,000 write units a second: what a whole fleet writes at once is spread. */
const SHARDS = 4;

export const CLUSTER_PREFIX = 'CLUSTER#';

export function workItemKey(key: WorkKey): ItemKey {
  return { pk: fleetPartition(key.fleet), sk: key.kind === 'fleet' ? 'STATE' : `${CLUSTER_PREFIX}${key.cluster}` };
}

export function fleetPartition(fleet: string): string {
  return `FLEET#${fleet}`;
}

/** Value of the due index's partition key. */
export function dueShardOf(key: WorkKey): string {
  return `DUE#${key.fleet}#${key.kind === 'fleet' ? 0 : shardOf(key.cluster)}`;
}

export function dueShards(fleet: string): readonly string[] {
  return Array.from({ length: SHARDS }, (_, shard) => `DUE#${fleet}#${shard}`);
}

/** Returns whose item an entry of the due index is. */
export function dueKeyOf(fleet: string, item: Item): DueKey {
  const sk = textAt(item, TABLE.sortKey.name) ?? '';
  if (!sk.startsWith(CLUSTER_PREFIX)) return { kind: 'fleet', fleet };
  const network = textAt(item, 'network');
  const key = { kind: 'cluster', fleet, cluster: sk.slice(CLUSTER_PREFIX.length) } as const;
  return network === undefined ? key : { ...key, network };
}

export function applicationKey(fleet: string, cluster: string, application: string): ItemKey {
  return { pk: applicationPartition(fleet, cluster), sk: `${applicationPrefix(cluster)}${application}` };
}

export function applicationPartition(fleet: string, cluster: string): string {
  return `APPLICATIONS#${fleet}#${shardOf(cluster)}`;
}

export function applicationPartitions(fleet: string): readonly string[] {
  return Array.from({ length: SHARDS }, (_, shard) => `APPLICATIONS#${fleet}#${shard}`);
}

export function applicationPrefix(cluster: string): string {
  return `${cluster}#`;
}

/** Sorted by time: no time in milliseconds has more than 15 digits. */
export function runKey(
  fleet: string,
  run: { readonly cluster: string; readonly startedAtMs: number; readonly run: string },
) {
  return { pk: runPartition(fleet, run.cluster), sk: `${String(run.startedAtMs).padStart(15, '0')}#${run.run}` };
}

export function runPartition(fleet: string, cluster: string): string {
  return `RUNS#${fleet}#${cluster}`;
}

/** Value of the runs index's partition key. */
export function fleetRuns(fleet: string): string {
  return `RUNS#${fleet}`;
}

export function textKey(fleet: string, digest: string): ItemKey {
  return { pk: `TEXTS#${fleet}`, sk: digest };
}

function shardOf(name: string): number {
  let sum = 0;
  for (const character of name) sum += character.charCodeAt(0);
  return sum % SHARDS;
}
