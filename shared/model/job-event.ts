import type { Problem } from './problem.ts';
import type { Commit } from './revision.ts';
import type { ApplicationStatus, RunSummary } from './status.ts';

/** What the jobs tell whoever listens. Told once: what stays as it was is not told again. */
export type JobEvent =
  | {
      readonly event: 'planned';
      readonly commit: Commit;
      readonly clusters: readonly string[];
      readonly durationMs: number;
    }
  | { readonly event: 'plan-refused'; readonly commit?: Commit; readonly problems: readonly Problem[] }
  | { readonly event: 'rendered'; readonly application: string; readonly durationMs: number }
  | {
      readonly event: 'run-ended';
      readonly run: RunSummary;
      readonly applications: readonly ApplicationStatus[];
      /** The run that was told of before. */
      readonly last?: RunSummary;
    }
  /** Sync, health, revision or problems are other than after the run before. */
  | {
      readonly event: 'application-changed';
      readonly run: string;
      readonly application: ApplicationStatus;
      readonly before?: ApplicationStatus;
    }
  /** Told again when the trouble is another one; `isFirst` when it was reached until now. */
  | {
      readonly event: 'cluster-unreachable';
      readonly cluster: string;
      readonly problems: readonly Problem[];
      readonly sinceMs: number;
      readonly isFirst: boolean;
    }
  | { readonly event: 'cluster-recovered'; readonly cluster: string; readonly unreachableSinceMs: number };

/** What one run of a cluster took and came to. */
export type RunMeasurement =
  | {
      readonly result: 'finished';
      readonly run: RunSummary;
      readonly applications: number;
      /** From the commit to here, in the run that brought a newer commit in; absent in all others. */
      readonly lagMs?: number;
      /** Fields that someone takes again and again. */
      readonly returning: number;
    }
  | {
      /** The cluster was out of reach or refused, or there was a bug. */
      readonly result: 'failed';
      readonly cluster: string;
      readonly cause: RunSummary['cause'];
      readonly commit: Commit;
      readonly durationMs: number;
      readonly problems: readonly Problem[];
    };
