import type { FunctionName } from '../../shared/config/names.ts';
import type { FunctionWorld, Invocation } from './invocation.ts';
import { type FunctionHandler, functionStack } from './stack.ts';
import { traceAt } from './trace-id.ts';

/**
 * Returns the handler of a function that an event of EventBridge or a schedule wakes; the event's id is the trace. It
 * answers nobody; what is thrown makes Lambda try again.
 */
export function eventFunction(
  name: FunctionName,
  handle: (event: unknown, invocation: Invocation) => Promise<void>,
  world?: FunctionWorld,
): FunctionHandler<unknown, undefined> {
  return functionStack<unknown, undefined>(
    { name, world, traceOf: (event) => traceAt(event, 'id') },
    async (event, invocation) => {
      await handle(event, invocation);
      return undefined;
    },
  );
}
