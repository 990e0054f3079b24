import type { DeletionGuard } from '../../model/approval.ts';
import type { Problem } from '../../model/problem.ts';

/** A guard's no. Nothing is written for the application that it names, unless `only` says to what it is limited. */
export interface GuardRefusal {
  readonly guard: DeletionGuard | 'duplicate-object' | 'dependency-cycle' | 'needed-container';
  /** Undefined: the whole cluster. */
  readonly application: string | undefined;
  readonly problem: Problem;
  /** Nothing at all is pruned in this cluster in this run. */
  readonly stopsPrunes: boolean;
  /** Uids of the only objects that it concerns; absent: everything of the application. */
  readonly only?: ReadonlySet<string>;
}
