import type { LambdaFunctionURLEvent } from 'aws-lambda';
import type { FunctionName } from '../../shared/config/names.ts';
import type { FunctionWorld, Invocation } from './invocation.ts';
import { type FunctionHandler, functionStack } from './stack.ts';

export interface UrlAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Returns the handler of a function behind a function URL. What is thrown becomes Lambda's bare 502: no stack trace
 * leaves us, and the function's errors count it.
 */
export function urlFunction(
  name: FunctionName,
  handle: (request: LambdaFunctionURLEvent, invocation: Invocation) => Promise<UrlAnswer>,
  world?: FunctionWorld,
): FunctionHandler<LambdaFunctionURLEvent, UrlAnswer> {
  // Nothing that a stranger sends becomes our correlation id; Lambda's own id of the request serves.
  return functionStack<LambdaFunctionURLEvent, UrlAnswer>({ name, world, traceOf: () => undefined }, handle);
}
