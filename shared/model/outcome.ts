import type { HealthVerdict } from './health.ts';
import type { Phase } from './object-policy.ts';
import type { ObjectRef } from './object-ref.ts';
import type { Problem } from './problem.ts';

/** What happened to one object, in kubectl's past-tense words. */
export type Outcome = {
  readonly ref: ObjectRef;
  readonly application: string;
  readonly wave: number;
  /** The phase that it was run in as a hook; absent: it is an ordinary object. */
  readonly hook?: Phase;
  /** Of the live object after the run; absent where it was not looked at. */
  readonly health?: HealthVerdict;
} & (
  | {
      readonly result: 'created' | 'configured' | 'unchanged' | 'pruned';
      readonly healed?: boolean;
      /** With `pruned`: it stays in the cluster without our marks. */
      readonly letsGo?: true;
      readonly warnings?: readonly string[];
    }
  | { readonly result: 'skipped'; readonly reason: string }
  | { readonly result: 'failed'; readonly problem: Problem }
);
