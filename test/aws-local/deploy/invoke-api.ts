/** Lambda's Invoke, as functions and CloudWatch's dashboards call it. Source: Lambda API reference, "Invoke". */
import type { AsyncInvoker } from '../events/async-invoker.ts';
import type { AwsRequest } from '../gateway/aws-request.ts';
import { type Answer, RefusedRequest } from '../gateway/service-error.ts';
import type { FunctionHost } from '../runtime/function-host.ts';

const MOST_BYTES = 6 * 1024 * 1024;
const MOST_EVENT_BYTES = 1024 * 1024;

export interface InvokeWorld {
  hosts(): readonly FunctionHost[];
  readonly invoker: () => AsyncInvoker;
}

export async function answerInvoke({ parameters, body }: AwsRequest, { hosts, invoker }: InvokeWorld): Promise<Answer> {
  const asked = String(parameters.FunctionName);
  const host = hosts().find(({ definition: { functionName, arn } }) => functionName === asked || arn === asked);
  if (host === undefined) {
    const message = `Function not found: ${asked}`;
    throw new RefusedRequest({ code: 'ResourceNotFoundException', message, status: 404 });
  }
  const isEvent = parameters.InvocationType === 'Event';
  if (body.length > (isEvent ? MOST_EVENT_BYTES : MOST_BYTES)) {
    throw new RefusedRequest({ code: 'RequestTooLargeException', message: `${body.length} bytes`, status: 413 });
  }
  const payload = body.length === 0 ? '{}' : body.toString();
  if (isEvent) {
    invoker().accept(host.definition.arn, payload);
    return { status: 202, headers: {}, body: '' };
  }
  if (host.isThrottled) {
    const message = 'Rate Exceeded.';
    throw new RefusedRequest({ code: 'TooManyRequestsException', message, status: 429, expected: true });
  }
  const outcome = await host.invoke(payload);
  const headers = { 'content-type': 'application/json', 'x-amz-executed-version': '$LATEST' };
  if (outcome.ok && Buffer.byteLength(outcome.payload) <= MOST_BYTES)
    return { status: 200, headers, body: outcome.payload };
  const { errorType, errorMessage } = outcome.ok
    ? {
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage: 'Response payload size exceeded maximum allowed payload size',
      }
    : outcome;
  const failed = { ...headers, 'x-amz-function-error': 'Unhandled' };
  return { status: 200, headers: failed, body: JSON.stringify({ errorType, errorMessage }) };
}
