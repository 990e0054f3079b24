import type { DeletionGuard } from '../../model/approval.ts';
import type { Problem } from '../../model/problem.ts';

/** A guard's no. Nothing is written for the application that it names. */
export interface GuardRefusal {
  readonly guard: DeletionGuard | 'duplicate-object' | 'dependency-cycle';
  /** Undefined: the whole cluster. */
  readonly application: string | undefined;
  readonly problem: Problem;
  /** Nothing at all is pruned in this cluster in this run. */
  readonly stopsPrunes: boolean;
}
