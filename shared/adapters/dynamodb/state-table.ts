/**
 * Requests to one table, with what they have in common: faults in our words, all pages, attribute names by `#name`,
 * conditions that do not hold as answers, and another try where two writers met.
 */
import { setTimeout as pause } from 'node:timers/promises';
import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactionConflictException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { awsFault } from '../aws/aws-fault.ts';
import { attributes, type Item, type Value } from './attributes.ts';
import type { ItemKey } from './item-keys.ts';

/** `#name` stands for an attribute, `:name` for one of the values. */
export interface Update {
  readonly update: string;
  readonly condition?: string;
  readonly values: Readonly<Record<string, Value>>;
  /**
   * Nothing comes back where the update succeeds. Who may write a few attributes alone (`dynamodb:Attributes`) asks so:
   * the item as it is now is all of its attributes.
   */
  readonly isSilent?: boolean;
}

/** `ok`: `item` as it is now; undefined where the update is silent. Otherwise the condition did not hold for `item`; undefined: there is none. */
export interface Updated {
  readonly ok: boolean;
  readonly item: Item | undefined;
}

export interface Selection {
  readonly index?: string;
  readonly condition: string;
  readonly values: Readonly<Record<string, Value>>;
  /** Default: all. */
  readonly limit?: number;
  readonly newestFirst?: boolean;
}

export type Write =
  | { readonly op: 'put'; readonly item: Readonly<Record<string, Value>> }
  | { readonly op: 'delete'; readonly key: ItemKey }
  | ({ readonly op: 'update'; readonly key: ItemKey } & Update);

/** Writes of one transaction. */
export const WRITES_AT_ONCE = 100;
const READS_AT_ONCE = 100;
/** Writers that meet at one item: a wake-up during a transaction, say. Together about a second. */
const CONFLICT_TRIES = 6;
const CONFLICT_PAUSE_MS = 30;

export class StateTable {
  readonly #client: DynamoDBClient;
  readonly #name: string;

  constructor(client: DynamoDBClient, name: string) {
    this.#client = client;
    this.#name = name;
  }

  /** A read that decides, so a consistent one. */
  async get(act: string, key: ItemKey): Promise<Item | undefined> {
    const input = { TableName: this.#name, Key: attributes({ ...key }), ConsistentRead: true };
    return (await this.#calling(act, () => this.#client.send(new GetItemCommand(input)))).Item;
  }

  async getMany(act: string, keys: readonly ItemKey[]): Promise<readonly Item[]> {
    const items: Item[] = [];
    for (let first = 0; first < keys.length; first += READS_AT_ONCE) {
      let left = keys.slice(first, first + READS_AT_ONCE).map((key) => attributes({ ...key }));
      while (left.length > 0) {
        const input = { RequestItems: { [this.#name]: { Keys: left, ConsistentRead: true } } };
        const answer = await this.#calling(act, () => this.#client.send(new BatchGetItemCommand(input)));
        items.push(...(answer.Responses?.[this.#name] ?? []));
        left = answer.UnprocessedKeys?.[this.#name]?.Keys ?? [];
      }
    }
    return items;
  }

  /** Of the table consistently, of an index as far as it has come. */
  async query(act: string, { index, condition, values, limit, newestFirst }: Selection): Promise<readonly Item[]> {
    const items: Item[] = [];
    const input = {
      TableName: this.#name,
      KeyConditionExpression: condition,
      ExpressionAttributeNames: namesIn(condition),
      ExpressionAttributeValues: valuesOf(values),
      ScanIndexForward: newestFirst !== true,
      ...(index === undefined ? { ConsistentRead: true } : { IndexName: index }),
      ...(limit !== undefined && { Limit: limit }),
    };
    let from: Record<string, Item[string]> | undefined;
    do {
      const page = { ...input, ...(from && { ExclusiveStartKey: from }) };
      const answer = await this.#calling(act, () => this.#client.send(new QueryCommand(page)));
      items.push(...(answer.Items ?? []));
      from = answer.LastEvaluatedKey;
    } while (from !== undefined && items.length < (limit ?? Number.POSITIVE_INFINITY));
    return limit === undefined ? items : items.slice(0, limit);
  }

  async put(act: string, item: Readonly<Record<string, Value>>): Promise<void> {
    const input = { TableName: this.#name, Item: attributes(item) };
    await this.#calling(act, () => this.#client.send(new PutItemCommand(input)));
  }

  async update(act: string, key: ItemKey, update: Update): Promise<Updated> {
    try {
      const ReturnValues = update.isSilent === true ? 'NONE' : 'ALL_NEW';
      const input = { ...this.#updateInput(key, update), ReturnValues } as const;
      const answer = await this.#calling(act, () => this.#client.send(new UpdateItemCommand(input)));
      return { ok: true, item: answer.Attributes };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return { ok: false, item: error.Item };
      throw error;
    }
  }

  /** All or nothing, at most `WRITES_AT_ONCE`; false: a condition did not hold. */
  async transact(act: string, writes: readonly Write[]): Promise<boolean> {
    try {
      const input = { TransactItems: writes.map((write) => this.#transactItem(write)) };
      await this.#calling(act, () => this.#client.send(new TransactWriteItemsCommand(input)));
      return true;
    } catch (error) {
      if (hasReason(error, 'ConditionalCheckFailed')) return false;
      throw error;
    }
  }

  #transactItem(write: Write): TransactWriteItem {
    const table = { TableName: this.#name };
    switch (write.op) {
      case 'put':
        return { Put: { ...table, Item: attributes(write.item) } };
      case 'delete':
        return { Delete: { ...table, Key: attributes({ ...write.key }) } };
      case 'update':
        return { Update: this.#updateInput(write.key, write) };
    }
  }

  #updateInput(key: ItemKey, { update, condition, values }: Update) {
    return {
      TableName: this.#name,
      Key: attributes({ ...key }),
      UpdateExpression: update,
      ExpressionAttributeNames: namesIn(`${update} ${condition ?? ''}`),
      ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: valuesOf(values) }),
      ...(condition !== undefined && {
        ConditionExpression: condition,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
      }),
    };
  }

  /** Conditions that do not hold are thrown as they are; the callers know what they mean. */
  async #calling<T>(act: string, call: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await call();
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException || hasReason(error, 'ConditionalCheckFailed')) throw error;
        if (!isConflict(error) || tries === CONFLICT_TRIES) {
          throw awsFault(error, { subject: `table ${this.#name}`, act, code: 'StateUnavailable' });
        }
        await pause(Math.random() * CONFLICT_PAUSE_MS * 2 ** tries);
      }
    }
  }
}

/** The SDK does not try these again by itself. */
function isConflict(error: unknown): boolean {
  return error instanceof TransactionConflictException || hasReason(error, 'TransactionConflict', 'ThrottlingError');
}

function hasReason(error: unknown, ...codes: readonly string[]): boolean {
  if (!(error instanceof TransactionCanceledException)) return false;
  return (error.CancellationReasons ?? []).some(({ Code }) => Code !== undefined && codes.includes(Code));
}

/** Every attribute by `#name`: many of the plain ones are reserved words. */
function namesIn(expression: string): Record<string, string> {
  return Object.fromEntries([...expression.matchAll(/#(\w+)/g)].map(([placeholder, name = '']) => [placeholder, name]));
}

function valuesOf(values: Readonly<Record<string, Value>>) {
  return attributes(Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])));
}
