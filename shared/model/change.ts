import type { Drift } from './drift.ts';
import type { KubeObject } from './kube-object.ts';
import type { Phase, Propagation } from './object-policy.ts';
import type { ObjectRef } from './object-ref.ts';
import type { Problem } from './problem.ts';

/** Why an object is left alone although something about it differs. */
export type SkipReason =
  | 'suspended'
  | 'drift-reported'
  | 'drift-ignored'
  | 'held-back'
  | 'protected'
  | 'terminating'
  /** Others change it again and again, so healing waits. */
  | 'fight'
  /** Its annotations ask to be left alone: in sync, whatever it is. */
  | 'left-alone'
  /** A hook's object from before, whose work is not done yet. */
  | 'running';

/** Which object of which application is spoken of, and its turn. */
export interface ChangePlace {
  readonly ref: ObjectRef;
  readonly application: string;
  readonly wave: number;
  /** The phase that it is run in as a hook; absent: it is an ordinary object. */
  readonly hook?: Phase;
}

/**
 * What a run decided for one object. Only `create`, `update` and `prune` lead to a request.
 * `update` covers new revisions and healing alike; with `drift` it is healing.
 */
export type Change = ChangePlace &
  (
    | {
        readonly op: 'create' | 'update';
        readonly desired: KubeObject;
        readonly digest: string;
        readonly live?: KubeObject;
        readonly drift?: Drift;
      }
    | {
        readonly op: 'prune';
        readonly uid: string;
        readonly live: KubeObject;
        /** What becomes of what it owns; absent: as the API does by default. */
        readonly propagation?: Propagation;
        /** After everything else that goes, of all applications. */
        readonly last?: true;
        /** Not deleted: it stays without our marks, and whoever wants may have it. */
        readonly letsGo?: true;
      }
    | { readonly op: 'keep'; readonly live: KubeObject }
    | { readonly op: 'skip'; readonly reason: SkipReason; readonly live?: KubeObject; readonly drift?: Drift }
    | { readonly op: 'refuse'; readonly problem: Problem; readonly live?: KubeObject }
  );
