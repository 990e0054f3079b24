import type { MetricName } from '../../shared/config/names.ts';
import type { Problem } from '../../shared/model/problem.ts';
import type { LogValue, Telemetry } from './telemetry.ts';

/** Of more a line would only grow. */
const PROBLEMS_A_LINE = 20;

/** Zeros are left out: they cost a log line its length, and a sum nothing. */
export function measureIfAny(telemetry: Telemetry, counts: readonly (readonly [MetricName, number])[]): void {
  for (const [metric, count] of counts) if (count > 0) telemetry.measure(metric, count);
}

/** Counts what is a bug, and who asked us to wait. */
export function countFaults(telemetry: Telemetry, problems: readonly Problem[]): void {
  const count = (code: Problem['code']) => problems.filter((problem) => problem.code === code).length;
  measureIfAny(telemetry, [
    ['BugsFound', count('InvariantBroken')],
    ['Throttles', count('Throttled')],
  ]);
}

/** Returns what and where, without the words: an API server quotes what it refuses, and that may be a secret. */
export function placesOf(problems: readonly Problem[]): LogValue {
  return problems.slice(0, PROBLEMS_A_LINE).map(({ code, subject, act }) => ({ code, subject, act }));
}
