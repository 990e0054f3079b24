import type { FunctionName } from '../../shared/config/names.ts';
import type { FunctionWorld, Invocation } from './invocation.ts';
import { type FunctionHandler, functionStack } from './stack.ts';
import { traceAt } from './trace-id.ts';

/** Returns the handler of a function that is invoked for its answer: the renderer, the widget, an act of a person. */
export function requestFunction<Answer>(
  name: FunctionName,
  handle: (request: unknown, invocation: Invocation) => Promise<Answer>,
  world?: FunctionWorld,
): FunctionHandler<unknown, Answer> {
  return functionStack<unknown, Answer>({ name, world, traceOf: (request) => traceAt(request, 'trace') }, handle);
}
