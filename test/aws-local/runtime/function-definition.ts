/** A function as the template describes it: all that its processes are given. */
export interface FunctionDefinition {
  /** As in functions/: `plan-fleet`. */
  readonly name: string;
  /** As in the template: `plumbline-fleet-plan-fleet`. */
  readonly functionName: string;
  readonly arn: string;
  /** Where the code lies. */
  readonly folder: string;
  readonly handler: string;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly logGroup: string;
  /** Environments at once; undefined: as many as are asked for. */
  readonly reservedConcurrency: number | undefined;
}

/** What became of an invocation. */
export type InvocationOutcome =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly errorType: string; readonly errorMessage: string };

export interface InvocationRecord {
  readonly requestId: string;
  readonly atMs: number;
  readonly durationMs: number;
  /** Undefined: a warm start. */
  readonly initMs: number | undefined;
  /** Most memory of all its processes, seen every now and then. */
  readonly memoryMb: number;
  /** Undefined: it went well. */
  readonly error: string | undefined;
}

export interface LogLine {
  readonly atMs: number;
  readonly function: string;
  readonly text: string;
}

/** What the processes of a function take for the time. */
export interface ProcessClock {
  /** What makes them do so. */
  readonly variables: Readonly<Record<string, string>>;
  /** How far their wall clock is ahead of this machine's: Lambda's deadlines are told by it. */
  aheadMs(): number;
}
