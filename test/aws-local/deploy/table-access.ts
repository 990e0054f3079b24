/** The state table as a test sees it, past the functions: read whole, changed, put back to what it was. */
import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import type { DelayedReplica } from '../gateway/delayed-replica.ts';

export type Item = Record<string, AttributeValue>;

export interface TablePlace {
  readonly name: string;
  readonly keyNames: readonly string[];
}

export class TableAccess {
  readonly #place: TablePlace;
  readonly #client: DynamoDBClient;
  readonly #replica: DelayedReplica;

  constructor(place: TablePlace, client: DynamoDBClient, replica: DelayedReplica) {
    this.#place = place;
    this.#client = client;
    this.#replica = replica;
  }

  async items(): Promise<readonly Item[]> {
    const items: Item[] = [];
    let next: Item | undefined;
    do {
      const start: { ExclusiveStartKey?: Item } = next === undefined ? {} : { ExclusiveStartKey: next };
      const page = await this.#client.send(
        new ScanCommand({ TableName: this.#place.name, ConsistentRead: true, ...start }),
      );
      items.push(...(page.Items ?? []));
      next = page.LastEvaluatedKey;
    } while (next !== undefined);
    return items;
  }

  async put(item: Item): Promise<void> {
    await this.#client.send(new PutItemCommand({ TableName: this.#place.name, Item: item }));
    this.#replica.noteKey(this.#place.name, item);
  }

  async remove(item: Item): Promise<void> {
    const Key = Object.fromEntries(Object.entries(item).filter(([name]) => this.#place.keyNames.includes(name)));
    await this.#client.send(new DeleteItemCommand({ TableName: this.#place.name, Key }));
    this.#replica.noteKey(this.#place.name, item);
  }

  /** Makes the table what it was, as a restore to a point in time does. */
  async restore(items: readonly Item[]): Promise<void> {
    await Promise.all((await this.items()).map((item) => this.remove(item)));
    await Promise.all(items.map((item) => this.put(item)));
    await this.#replica.catchUp();
  }
}
