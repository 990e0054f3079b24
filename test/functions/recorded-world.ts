import type { Context } from 'aws-lambda';
import type { FunctionWorld } from '../../functions/base/invocation.ts';
import type { LogFields } from '../../functions/base/telemetry.ts';
import { readFunctionSettings } from '../../shared/config/function-settings.ts';

export interface RecordedWorld extends FunctionWorld {
  /** Every line that was logged, fields and all. */
  readonly lines: string[];
  /** `name=value`, in the order in which they were measured. */
  readonly measured: string[];
}

/** Returns a function's world that keeps what is logged and measured. */
export function recordedWorld(variables: Readonly<Record<string, string>>): RecordedWorld {
  const lines: string[] = [];
  const measured: string[] = [];
  const log =
    (level: string) =>
    (message: string, fields: LogFields = {}): void => {
      lines.push(JSON.stringify({ level, message, ...fields }));
    };
  return {
    lines,
    measured,
    settings: readFunctionSettings(variables),
    telemetry: {
      info: log('info'),
      warn: log('warn'),
      error: log('error'),
      measure: (metric, value) => {
        measured.push(`${metric}=${value}`);
      },
      record: log('record'),
      begin: () => undefined,
      end: () => undefined,
    },
  };
}

/** What Lambda gives beside the event. */
export function lambdaContext(awsRequestId = '5b0c1f6e-0000-4000-8000-000000000000'): Context {
  return {
    awsRequestId,
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'plumbline',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:plumbline',
    memoryLimitInMB: '256',
    logGroupName: '/aws/lambda/plumbline',
    logStreamName: '2026/11/21/[$LATEST]0',
    getRemainingTimeInMillis: () => 10_000,
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}
