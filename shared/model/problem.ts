/**
 * The table of everything that can go wrong, by whose fault it is (design.md section 9). Each code has an article in
 * docs/runbook.md. The fault decides when it is tried again: a declaration waits for a new revision, a cluster for the
 * next sweep, a platform for its back-off; a bug also raises an alarm.
 */
export const FAULT_OF = {
  ConfigInvalid: 'declaration',
  SourceNotFound: 'declaration',
  SignatureRefused: 'declaration',
  RenderFailed: 'declaration',
  ValueMissing: 'declaration',
  DuplicateObject: 'declaration',
  DependencyCycle: 'declaration',
  GuardRefused: 'declaration',
  HookFailed: 'declaration',
  MessageInvalid: 'declaration',
  FieldConflict: 'cluster',
  ImmutableField: 'cluster',
  AdmissionDenied: 'cluster',
  Forbidden: 'cluster',
  QuotaExceeded: 'cluster',
  NamespaceTerminating: 'cluster',
  KindUnknown: 'cluster',
  HealthTimeout: 'cluster',
  ClusterUnreachable: 'platform',
  SourceUnreachable: 'platform',
  CredentialsExpired: 'platform',
  Throttled: 'platform',
  LeaseHeld: 'platform',
  DeadlineNear: 'platform',
  StateUnavailable: 'platform',
  InvariantBroken: 'bug',
} as const;

export type ErrorCode = keyof typeof FAULT_OF;
export type Fault = (typeof FAULT_OF)[ErrorCode];

/** What went wrong, as data: kept in state, shown in reports. */
export interface Problem {
  readonly code: ErrorCode;
  /** The object, file or cluster: `ConfigMap/web/flags`, `plumbline/apps.yaml:12:5`, `prod-eu`. */
  readonly subject: string;
  /** What was being done: `apply`, `render`, `read declarations`. */
  readonly act: string;
  /** What is wrong, with the value; lower case, no full stop. */
  readonly wrong: string;
  /** What to change; '' only where nobody can do anything but wait. */
  readonly remedy: string;
  /** A guard's no that a person may overrule for exactly this deletion. */
  readonly refusal?: {
    readonly digest: string;
    /** Absent: it concerns the whole cluster. */
    readonly application?: string;
  };
}

/** Returns `<subject>: <act>: <wrong>; <remedy>`. */
export function formatProblem(problem: Problem): string {
  const remedy = problem.remedy === '' ? '' : `; ${problem.remedy}`;
  return `${problem.subject}: ${problem.act}: ${problem.wrong}${remedy}`;
}
