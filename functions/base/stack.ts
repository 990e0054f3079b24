/**
 * What every function does around its work: logs and metrics begun and written, an error that nobody handled logged
 * once and thrown on, so that Lambda counts it.
 */
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { FunctionName } from '../../shared/config/names.ts';
import { type FunctionWorld, type Invocation, openWorld } from './invocation.ts';
import { logFailure } from './log-failure.ts';
import { safeTrace } from './trace-id.ts';
import { traced } from './traced.ts';

export interface StackOptions<Event> {
  readonly name: FunctionName;
  /** Returns the correlation id that the event brings along; undefined: the request's own id. */
  readonly traceOf: (event: Event) => string | undefined;
  /** Default: the process's own. */
  readonly world?: FunctionWorld | undefined;
}

export type FunctionHandler<Event, Result> = (event: Event, context: Context) => Promise<Result>;

/** Returns `work` as a Lambda handler. What `work` returns is what the handler returns. */
export function functionStack<Event, Result>(
  { name, traceOf, world }: StackOptions<Event>,
  work: (event: Event, invocation: Invocation) => Promise<Result>,
): FunctionHandler<Event, Result> {
  const open = world === undefined ? openWorld(name) : () => world;
  // No early end: a process whose run goes on after its answer would be frozen in the middle of it. Lambda ends it whole.
  return (
    middy<Event, Result>({ timeoutEarlyInMillis: 0 })
      .before(({ event, context }) => {
        open().telemetry.begin({
          trace: safeTrace(traceOf(event)) ?? context.awsRequestId,
          requestId: context.awsRequestId,
        });
      })
      // A value that one of these gave back would be taken for the function's answer.
      .after(() => {
        open().telemetry.end();
      })
      .onError(({ error }) => {
        const { telemetry } = open();
        logFailure(telemetry, error);
        telemetry.end();
      })
      .handler((event: Event, context: Context) => {
        const { settings, telemetry } = open();
        const trace = safeTrace(traceOf(event)) ?? context.awsRequestId;
        const remainingMs = () => context.getRemainingTimeInMillis();
        const { awsRequestId: requestId, invokedFunctionArn: functionArn } = context;
        const invocation = { settings, telemetry, trace, requestId, functionArn, remainingMs };
        return traced({ name, trace }, () => work(event, invocation));
      })
  );
}
