import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { StoreClock } from './store-clock.ts';

/** Lets `clock` learn from every answer to `client`, refusals and single tries included. */
export function listenToDates(client: DynamoDBClient, clock: StoreClock): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const sentMs = clock.tick();
      const answered = await next(args);
      clock.observe(dateOf(answered.response), sentMs);
      return answered;
    },
    // Inside of what tries again and of what turns refusals into exceptions.
    { step: 'deserialize', priority: 'low', name: 'listenToDates' },
  );
}

function dateOf(response: unknown): string | undefined {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return undefined;
  const { headers } = response;
  if (typeof headers !== 'object' || headers === null || !('date' in headers)) return undefined;
  return typeof headers.date === 'string' ? headers.date : undefined;
}
