/**
 * DynamoDB reads that do not ask for consistency may see an older version of an item: they are answered from a second
 * table that follows the first with a delay. Reads of a global index never can ask, and see it too.
 */
import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { isJsonObject } from '../../../shared/model/json.ts';
import type { AwsRequest } from './aws-request.ts';

export const REPLICA_SUFFIX = '--replica';
const COPY_EVERY_MS = 100;
/** BatchWriteItem takes no more. */
const BATCH = 25;

type Key = Record<string, AttributeValue>;

interface Dirty {
  readonly table: string;
  readonly key: Key;
  readonly dueMs: number;
}

export class DelayedReplica {
  readonly #client: DynamoDBClient;
  readonly #keyOf: (table: string) => readonly string[] | undefined;
  readonly #lagMs: number;
  readonly #dirty = new Map<string, Dirty>();
  readonly #timer: NodeJS.Timeout;
  #copying: Promise<void> = Promise.resolve();

  constructor(client: DynamoDBClient, keyOf: (table: string) => readonly string[] | undefined, lagMs: number) {
    this.#client = client;
    this.#keyOf = keyOf;
    this.#lagMs = lagMs;
    this.#timer = setInterval(() => this.#copyDue(Date.now()), COPY_EVERY_MS).unref();
  }

  /** Notes what a request has written. An item that is written again meanwhile is copied when the first is due. */
  noteWrite(request: AwsRequest): void {
    for (const { table, key } of writtenKeys(request)) this.noteKey(table, key);
  }

  noteKey(table: string, item: unknown): void {
    const names = this.#keyOf(table);
    if (names === undefined || !isJsonObject(item)) return;
    const key = Object.fromEntries(names.map((name) => [name, item[name]])) as unknown as Key;
    const id = `${table} ${JSON.stringify(key)}`;
    const dueMs = Date.now() + this.#lagMs;
    if (!this.#dirty.has(id)) this.#dirty.set(id, { table, key, dueMs });
  }

  /** Returns the body of a read that may be stale, for the table that is behind; undefined: it goes to the first. */
  redirect({ service, operation, parameters }: AwsRequest): string | undefined {
    if (service !== 'dynamodb' || this.#lagMs === 0) return undefined;
    if (!['GetItem', 'Query', 'Scan'].includes(operation) || parameters.ConsistentRead === true) return undefined;
    return JSON.stringify({ ...parameters, TableName: `${parameters.TableName}${REPLICA_SUFFIX}` });
  }

  /** Copies everything that was written up to now. */
  async catchUp(): Promise<void> {
    this.#copyDue(Number.POSITIVE_INFINITY);
    await this.#copying;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#copying;
  }

  #copyDue(untilMs: number): void {
    const due = [...this.#dirty].filter(([, { dueMs }]) => dueMs <= untilMs);
    for (const [id] of due) this.#dirty.delete(id);
    const byTable = Map.groupBy(
      due.map(([, entry]) => entry),
      ({ table }) => table,
    );
    for (const [table, entries] of byTable) {
      for (let from = 0; from < entries.length; from += BATCH) {
        const keys = entries.slice(from, from + BATCH).map(({ key }) => key);
        this.#copying = this.#copying.then(() => this.#copy(table, keys)).catch(() => {});
      }
    }
  }

  async #copy(table: string, keys: readonly Key[]): Promise<void> {
    const found = await this.#client.send(
      new BatchGetItemCommand({ RequestItems: { [table]: { Keys: [...keys], ConsistentRead: true } } }),
    );
    const names = this.#keyOf(table) ?? [];
    const idOf = (item: Key) => JSON.stringify(names.map((name) => item[name]));
    const items = new Map((found.Responses?.[table] ?? []).map((item) => [idOf(item), item]));
    const writes = keys.map((key) => {
      const item = items.get(idOf(key));
      return item === undefined ? { DeleteRequest: { Key: key } } : { PutRequest: { Item: item } };
    });
    await this.#client.send(new BatchWriteItemCommand({ RequestItems: { [`${table}${REPLICA_SUFFIX}`]: writes } }));
  }
}

function writtenKeys({ service, operation, parameters }: AwsRequest): readonly { table: string; key: unknown }[] {
  if (service !== 'dynamodb') return [];
  const table = String(parameters.TableName);
  if (operation === 'PutItem') return [{ table, key: parameters.Item }];
  if (operation === 'UpdateItem' || operation === 'DeleteItem') return [{ table, key: parameters.Key }];
  if (operation === 'BatchWriteItem' && isJsonObject(parameters.RequestItems)) {
    return Object.entries(parameters.RequestItems).flatMap(([name, writes]) =>
      (Array.isArray(writes) ? writes : []).flatMap((write: unknown) =>
        acts(write).map((act) => ({ table: name, key: act.Item ?? act.Key })),
      ),
    );
  }
  if (operation === 'TransactWriteItems' && Array.isArray(parameters.TransactItems)) {
    return parameters.TransactItems.flatMap((entry: unknown) =>
      acts(entry).map((act) => ({ table: String(act.TableName), key: act.Item ?? act.Key })),
    );
  }
  return [];
}

function acts(entry: unknown) {
  return isJsonObject(entry) ? Object.values(entry).filter(isJsonObject) : [];
}
