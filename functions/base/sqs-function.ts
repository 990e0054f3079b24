import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { FunctionName } from '../../shared/config/names.ts';
import type { FunctionWorld, Invocation } from './invocation.ts';
import { logFailure } from './log-failure.ts';
import { type FunctionHandler, functionStack } from './stack.ts';
import { traceAt } from './trace-id.ts';

/** `again`: the message comes back when its visibility ends. */
export type RecordOutcome = 'done' | 'again';

/**
 * Returns the handler of a function that a queue wakes. Each message is settled by itself; when nothing of the batch
 * could be handled the error goes on to Lambda, so that it counts as one of the function's (with batches of one: always).
 */
export function sqsFunction(
  name: FunctionName,
  handle: (record: SQSRecord, invocation: Invocation) => Promise<RecordOutcome>,
  world?: FunctionWorld,
): FunctionHandler<SQSEvent, SQSBatchResponse> {
  return functionStack<SQSEvent, SQSBatchResponse>(
    { name, world, traceOf: ({ Records: [first] }) => traceAt(parseOrUndefined(first?.body), 'trace') },
    async ({ Records: records }, invocation) => {
      const failures: { readonly itemIdentifier: string; readonly error?: unknown }[] = [];
      for (const record of records) {
        const itemIdentifier = record.messageId;
        try {
          if ((await handle(record, invocation)) === 'again') failures.push({ itemIdentifier });
        } catch (error) {
          failures.push({ itemIdentifier, error });
        }
      }
      const thrown = failures.filter((failure) => 'error' in failure);
      if (thrown.length > 0 && thrown.length === records.length) throw thrown[0]?.error;
      for (const { error } of thrown) logFailure(invocation.telemetry, error);
      return { batchItemFailures: failures.map(({ itemIdentifier }) => ({ itemIdentifier })) };
    },
  );
}

function parseOrUndefined(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
