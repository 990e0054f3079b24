import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientSettings } from '../../shared/adapters/aws/client-settings.ts';
import { DynamoStateStore } from '../../shared/adapters/dynamodb/dynamo-state-store.ts';
import type { FunctionSettings } from '../../shared/config/function-settings.ts';
import type { StateStore } from '../../shared/job/ports.ts';

/** Returns the state table of the fleet. */
export function openState(settings: FunctionSettings): StateStore {
  return new DynamoStateStore(new DynamoDBClient(clientSettings()), settings.text('table'));
}
