import type { Problem } from '../../model/problem.ts';

/** A guard's no. Nothing is written for the application that it names. */
export interface GuardRefusal {
  readonly guard:
    | 'empty-render'
    | 'prune-limit'
    | 'protected-kinds'
    | 'duplicate-object'
    | 'removal-limit'
    | 'dependency-cycle';
  /** Undefined: the whole cluster. */
  readonly application: string | undefined;
  readonly problem: Problem;
  /** Nothing at all is pruned in this cluster in this run. */
  readonly stopsPrunes: boolean;
}
