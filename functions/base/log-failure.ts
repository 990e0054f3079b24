import { PlumblineError } from '../../shared/errors.ts';
import type { Problem } from '../../shared/model/problem.ts';
import type { LogFields, LogValue, Telemetry } from './telemetry.ts';

/** Writes the one line that an unforeseen error gets; ours with its problems, others with where they came from. */
export function logFailure(telemetry: Telemetry, error: unknown): void {
  if (error instanceof PlumblineError) {
    if (error.fault === 'bug') telemetry.measure('BugsFound', 1);
    if (error.code === 'Throttled') telemetry.measure('Throttles', 1);
    telemetry.error('the function failed', { problems: problemFields(error.problems), cause: describe(error.cause) });
    return;
  }
  telemetry.measure('BugsFound', 1);
  telemetry.error('the function failed', { error: describe(error) });
}

/** Returns problems as fields of a log line. */
export function problemFields(problems: readonly Problem[]): LogValue {
  return problems.map(({ code, subject, act, wrong, remedy }) => ({ code, subject, act, wrong, remedy }));
}

function describe(error: unknown): LogFields {
  if (!(error instanceof Error)) return { name: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  // V8 quotes what it could not parse, which may be a secret.
  const message = error instanceof SyntaxError ? 'a text that could not be parsed' : error.message;
  return { name: error.name, message, stack: frames.map((line) => line.trim()) };
}
