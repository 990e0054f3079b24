/**
 * Request units of DynamoDB, which moto does not count. Reads by the bytes of the answers, which are more than the items'
 * own; writes by the items as they stand afterwards. Source: DynamoDB Developer Guide, "Read and write operations".
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { isJsonObject } from '../../../shared/model/json.ts';
import type { AwsLocal } from '../aws-local.ts';
import type { AwsRequest } from '../gateway/aws-request.ts';
import type { LoggedRequest } from '../gateway/request-log.ts';

export interface CapacityUnits {
  readonly reads: number;
  readonly writes: number;
}

type Item = Readonly<Record<string, AttributeValue>>;

interface Write {
  readonly key: string;
  /** Whether it moves the item in an index: one write to take it away, one to put it back. */
  readonly movesIndex: boolean;
  readonly factor: number;
}

const READ_BYTES = 4096;
const WRITE_BYTES = 1024;

/** Notes requests of these callers from now on; the function returned ends that and returns what was used. */
export function countUnits(aws: AwsLocal, isCounted: (caller: string) => boolean): () => Promise<CapacityUnits> {
  const since = aws.gateway.log.entries.length;
  const writes: Write[] = [];
  const end = aws.gateway.onRequest((request, caller, phase) => {
    if (phase !== 'executed' || request.service !== 'dynamodb' || !isCounted(caller.name)) return;
    writes.push(...writesOf(request));
  });
  return async () => {
    end();
    const bytes = new Map((await aws.table.items()).map((item) => [keyOf(item), itemBytes(item)]));
    const requests = aws.gateway.log.entries.slice(since).filter(({ caller }) => isCounted(caller));
    const reads = requests.reduce((sum, request) => sum + readUnits(request), 0);
    const written = writes.map(({ key, movesIndex, factor }) => {
      const own = Math.ceil((bytes.get(key) ?? 1) / WRITE_BYTES);
      return own * factor + (movesIndex ? 2 : 0);
    });
    return { reads, writes: written.reduce((sum, units) => sum + units, 0) };
  };
}

function writesOf({ operation, parameters }: AwsRequest): readonly Write[] {
  switch (operation) {
    case 'PutItem':
      return [{ key: keyOf(parameters.Item), movesIndex: 'runsOf' in objectAt(parameters.Item), factor: 1 }];
    case 'DeleteItem':
      return [{ key: keyOf(parameters.Key), movesIndex: true, factor: 1 }];
    case 'UpdateItem': {
      const movesIndex = /#nextTry\s*=|REMOVE[^A-Z]*#nextTry/.test(String(parameters.UpdateExpression));
      return [{ key: keyOf(parameters.Key), movesIndex, factor: 1 }];
    }
    case 'TransactWriteItems':
      return listAt(parameters.TransactItems)
        .flatMap((entry) => Object.values(objectAt(entry)))
        .map(objectAt)
        .map((act) => ({ key: keyOf(act.Item ?? act.Key), movesIndex: false, factor: 2 }));
    default:
      return [];
  }
}

/** A consistent read takes a unit for each 4 KB; one that is not takes half. */
function readUnits({ service, operation, responseBytes }: LoggedRequest): number {
  if (service !== 'dynamodb' || !['GetItem', 'BatchGetItem', 'Query'].includes(operation)) return 0;
  return Math.ceil(responseBytes / READ_BYTES);
}

function itemBytes(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);
}

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return value.N.length;
  if (value.B !== undefined) return value.B.length;
  return (value.SS ?? []).reduce((sum, text) => sum + Buffer.byteLength(text), 3);
}

function keyOf(item: unknown): string {
  const { pk, sk } = objectAt(item);
  return [pk, sk].map((value) => String(objectAt(value).S)).join(' ');
}

function objectAt(value: unknown): Readonly<Record<string, unknown>> {
  return isJsonObject(value) ? value : {};
}

function listAt(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
