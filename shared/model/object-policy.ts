/**
 * What the annotations of one object ask of us, whichever tool's words they are in. A reader a dialect
 * (model/object-policy/) gives the parts that its annotations set; two that set one part differently are an error that
 * quotes both. docs/annotations.md is the table of every annotation.
 */
import type { ObjectRef } from './object-ref.ts';

/** When objects are dealt with, in this order; `sync-fail` only after a failure, the last two when the application goes. */
export const PHASES = ['pre-sync', 'sync', 'post-sync', 'sync-fail', 'pre-delete', 'post-delete'] as const;
export type Phase = (typeof PHASES)[number];

/** What becomes of the objects that a deleted one owns; `foreground`: they go first. */
export const PROPAGATIONS = ['background', 'foreground', 'orphan'] as const;
export type Propagation = (typeof PROPAGATIONS)[number];

export interface ObjectPolicy {
  /** Lower ones first, within their phase. Default 0. */
  readonly wave: number;
  /** Absent: an ordinary object, part of the desired state for as long as it is declared. */
  readonly hook?: HookPolicy;
  /** These are applied and healthy first; in the same cluster, of any application. */
  readonly dependsOn: readonly ObjectRef[];
  /**
   * `apply`: the declared fields are ours. `merge`: so, and what other tools set is never cleaned away. `create-only`:
   * never touched again once it is there. `ignore`: neither made, changed nor deleted.
   */
  readonly apply: 'apply' | 'merge' | 'create-only' | 'ignore';
  /** Instead of the application's `sync.conflicts`. */
  readonly conflicts?: 'fail' | 'force';
  /** Instead of the application's `sync.drift`. */
  readonly drift?: 'heal' | 'report' | 'ignore';
  /** JSON pointers of fields left to others, beside the application's `ignore`; `*` stands for any one segment. */
  readonly ignore: readonly string[];
  /** Deleted and made anew where an immutable field must change. */
  readonly replace: boolean;
  /** What happens when it leaves the repository; `confirm` waits for a person. */
  readonly prune: 'yes' | 'confirm' | 'no';
  /** What happens when its application leaves the repository. Default: as `prune`. */
  readonly removal: 'yes' | 'confirm' | 'no';
  /** Goes after everything else that goes. */
  readonly pruneLast: boolean;
  /** Instead of the application's `sync.prunePropagation`. */
  readonly propagation?: Propagation;
  /** False: its health counts for nothing and holds nothing back. */
  readonly assessHealth: boolean;
}

/** An object that is run rather than kept: once for an input, in its phases. */
export interface HookPolicy {
  readonly runs: readonly HookRun[];
  /** When the object of a run is deleted. Default: `before-creation`. */
  readonly deletePolicies: readonly HookDeletePolicy[];
  /** In milliseconds; absent: the application's `sync.timeout`. */
  readonly timeoutMs?: number;
}

export interface HookRun {
  readonly phase: Phase;
  /** `install`: only while the application was never brought in here; `upgrade`: only after that. */
  readonly on: 'every' | 'install' | 'upgrade';
}

export const HOOK_DELETE_POLICIES = ['before-creation', 'succeeded', 'failed'] as const;
export type HookDeletePolicy = (typeof HOOK_DELETE_POLICIES)[number];

/** What holds where no annotation says otherwise. */
export const DEFAULT_POLICY: ObjectPolicy = {
  wave: 0,
  dependsOn: [],
  apply: 'apply',
  ignore: [],
  replace: false,
  prune: 'yes',
  removal: 'yes',
  pruneLast: false,
  assessHealth: true,
};
