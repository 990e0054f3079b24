/** A table as infra makes it, in moto, and clients that count, lose answers, and are told another time. */
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { clientSettings } from '../../shared/adapters/aws/client-settings.ts';
import { DynamoStateStore } from '../../shared/adapters/dynamodb/dynamo-state-store.ts';
import { TABLE } from '../../shared/config/names.ts';
import type { Moto } from '../aws/moto.ts';

/** Returns the table of `TABLE`. */
function tableNamed(name: string): CreateTableCommandInput {
  const { partitionKey, sortKey, dueIndex, runsIndex } = TABLE;
  const keys = [partitionKey, sortKey, dueIndex.partitionKey, dueIndex.sortKey, runsIndex.partitionKey];
  const schemaOf = (hash: { readonly name: string }, range: { readonly name: string }) => [
    { AttributeName: hash.name, KeyType: 'HASH' as const },
    { AttributeName: range.name, KeyType: 'RANGE' as const },
  ];
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: keys.map((key) => ({ AttributeName: key.name, AttributeType: key.type })),
    KeySchema: schemaOf(partitionKey, sortKey),
    GlobalSecondaryIndexes: [
      {
        IndexName: dueIndex.name,
        KeySchema: schemaOf(dueIndex.partitionKey, dueIndex.sortKey),
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: [...dueIndex.projects] },
      },
      {
        IndexName: runsIndex.name,
        KeySchema: schemaOf(runsIndex.partitionKey, runsIndex.sortKey),
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  };
}

/** moto looks and writes in two steps, and serves several at once; DynamoDB does one thing at a time to an item. */
let turn: Promise<unknown> = Promise.resolve();

function inTurn<T>(act: () => Promise<T>): Promise<T> {
  const acting = turn.then(act);
  turn = acting.catch(() => undefined);
  return acting;
}

let tables = 0;

/** Makes a table of its own; returns its name. */
export async function makeTable(moto: Moto): Promise<string> {
  const name = `state-${tables++}`;
  const client = plainClient(moto);
  await client.send(new CreateTableCommand(tableNamed(name)));
  client.destroy();
  return name;
}

function plainClient(moto: Moto): DynamoDBClient {
  const { url: endpoint, region, credentials } = moto;
  // On a busy machine moto takes its time; how long the product waits is not what is tested here.
  const requestHandler = { requestTimeout: 120_000 };
  return new DynamoDBClient({ ...clientSettings({ region }), requestHandler, endpoint, credentials });
}

/** A clock that goes on by being looked at, and nothing else: how busy the machine is changes no request. */
export interface SteadyClock {
  readonly monotonicMs: () => number;
  /** What the table says of the time, as HTTP has it: whole seconds. */
  readonly date: () => string;
}

const LOOK_MS = 10;

export function steadyClock(): SteadyClock {
  const startMs = Date.now();
  let passedMs = 0;
  return {
    monotonicMs: () => {
      passedMs += LOOK_MS;
      return passedMs;
    },
    date: () => new Date(startMs + passedMs).toUTCString(),
  };
}

export class Worker {
  readonly store: DynamoStateStore;
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Names of the commands on the wire, tries included. */
  readonly requests: string[] = [];
  /** How far the table's clock is ahead of moto's. */
  aheadMs = 0;
  /** So many answers are lost: the request is done, and nobody hears of it. */
  loses = 0;
  /** Names of exceptions that the next requests end with. */
  refusals: string[] = [];
  /** What others do at that moment. */
  beforeRequest: (name: string) => Promise<void> = async () => undefined;

  constructor(moto: Moto, table: string, clock: Partial<SteadyClock> = {}) {
    this.client = plainClient(moto);
    this.table = table;
    this.store = new DynamoStateStore(this.client, table, clock);
    this.client.middlewareStack.add(
      (next, context) => async (args) => {
        const name = String(context.commandName).replace('Command', '');
        this.requests.push(name);
        await this.beforeRequest(name);
        const refusal = this.refusals.shift();
        if (refusal !== undefined) throw refused(refusal);
        const answered = await inTurn(() => next(args));
        if (this.loses > 0) {
          this.loses -= 1;
          throw Object.assign(new Error('the answer was lost'), { code: 'ECONNRESET' });
        }
        shiftDate(answered.response, this.aheadMs, clock.date?.());
        return answered;
      },
      { step: 'deserialize', priority: 'low', name: 'wire' },
    );
  }

  /** Returns the requests that `act` sends. */
  async count(act: () => Promise<unknown>): Promise<readonly string[]> {
    this.requests.length = 0;
    await act();
    return [...this.requests];
  }

  close(): void {
    this.client.destroy();
  }
}

function refused(name: string): Error {
  const about = { message: 'as the test says', $metadata: {} };
  if (name === 'TransactionConflictException') return new TransactionConflictException(about);
  return Object.assign(new Error(about.message), { name, ...about });
}

function shiftDate(response: unknown, aheadMs: number, told?: string): void {
  const { headers } = response as { readonly headers: Record<string, string> };
  const date = told ?? headers.date;
  if (date !== undefined) headers.date = new Date(Date.parse(date) + aheadMs).toUTCString();
}
