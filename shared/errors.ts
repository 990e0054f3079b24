import { type ErrorCode, FAULT_OF, type Fault, formatProblem, type Problem } from './model/problem.ts';

/** Ends a run or an act. Results that concern one object are values (`Outcome`), not exceptions. */
export class PlumblineError extends Error {
  override readonly name = 'PlumblineError';
  readonly problems: readonly [Problem, ...Problem[]];
  /** Our own state, queue or blobs refused, and no cluster or repository. */
  readonly isOwn: boolean;
  /** How long whoever refused asks to be left alone; undefined: it did not say. */
  readonly retryAfterMs: number | undefined;

  constructor(
    problems: readonly [Problem, ...Problem[]],
    options?: ErrorOptions & { readonly isOwn?: boolean; readonly retryAfterMs?: number },
  ) {
    super(problems.map(formatProblem).join('\n'), options);
    this.problems = problems;
    this.retryAfterMs = options?.retryAfterMs;
    this.isOwn = options?.isOwn ?? problems[0].code === 'StateUnavailable';
  }

  get code(): ErrorCode {
    return this.problems[0].code;
  }

  get fault(): Fault {
    return FAULT_OF[this.code];
  }
}

/**
 * Tells whether our own state, queue or blobs let a job down, throttled ones included: it concerns no cluster and no
 * repository, ends up in no status, and the message is given back.
 */
export function isOwnFault(error: unknown): boolean {
  return error instanceof PlumblineError && error.isOwn;
}

/** Returns the problems that `error` carries; anything unforeseen is a bug of ours, named with what we were doing. */
export function problemsOf(
  error: unknown,
  doing: { readonly subject: string; readonly act: string },
): readonly Problem[] {
  if (error instanceof PlumblineError) return error.problems;
  const wrong = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return [
    { code: 'InvariantBroken', ...doing, wrong, remedy: 'this is a bug in Plumbline; please report it with the log' },
  ];
}
