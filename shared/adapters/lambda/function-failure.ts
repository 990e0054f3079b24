/**
 * Why an invocation failed, by what Lambda puts into its payload: `errorType` and `errorMessage`. A process that is killed
 * for its memory is sometimes `Runtime.OutOfMemory`, sometimes `Runtime.ExitError` with `signal: killed`; a function that
 * ran too long is `Sandbox.Timedout` or has no type at all.
 */
import * as z from 'zod';
import { PlumblineError } from '../../errors.ts';
import { renderFailed } from './render-payload.ts';

const failureSchema = z.object({ errorType: z.string().catch(''), errorMessage: z.string().catch('') });

const TIMED_OUT = /Task timed out after ([\d.]+) seconds/;
const KILLED = /signal: killed/;
const EXITED = /exit status \d+|signal: [\w ]+/;
const MEMORY_SIZE = /Memory Size: (\d+) MB/;

export interface FailedInvocation {
  readonly payload: unknown;
  /** The end of the function's log. */
  readonly log: string;
}

/** Returns what became of a rendering whose function failed: by the chart's doing `RenderFailed`, by ours `InvariantBroken`. */
export function explainFailure(functionName: string, { payload, log }: FailedInvocation): PlumblineError {
  const { errorType, errorMessage } = failureSchema.catch({ errorType: '', errorMessage: '' }).parse(payload);
  const seconds = TIMED_OUT.exec(errorMessage)?.[1];
  if (seconds !== undefined || errorType === 'Sandbox.Timedout') {
    const limit = seconds === undefined ? 'than it may' : `than ${Math.floor(Number(seconds))} s`;
    return renderFailed(
      `it ran longer ${limit}`,
      'look for a loop in the chart or kustomization, or split the application',
    );
  }
  if (errorType === 'Runtime.OutOfMemory' || KILLED.test(errorMessage)) {
    const size = MEMORY_SIZE.exec(log)?.[1];
    const limit = size === undefined ? 'than it may' : `than ${size} MB`;
    return renderFailed(
      `it used more memory ${limit}`,
      'look for a value that grows without end in the chart or kustomization, or split the application',
    );
  }
  if (errorType === 'Function.ResponseSizeTooLarge') {
    return renderFailed('the objects are more than the 6 MB that one call can carry', 'split the application');
  }
  if (errorType === 'Runtime.ExitError') {
    const how = EXITED.exec(errorMessage)?.[0] ?? 'without saying why';
    return renderFailed(`its process ended (${how})`, "look at the renderer's log, and at what the chart does");
  }
  return broken(functionName, errorType);
}

/** The message stays in the log of the function: it may quote what was rendered. */
function broken(functionName: string, errorType: string): PlumblineError {
  return new PlumblineError([
    {
      code: 'InvariantBroken',
      subject: `function ${functionName}`,
      act: 'render',
      wrong: `it failed with ${errorType || 'an error without a type'}`,
      remedy: 'look at its log; deploy the stack again if it does not even start',
    },
  ]);
}
