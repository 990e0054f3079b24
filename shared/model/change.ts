import type { Drift } from './drift.ts';
import type { KubeObject } from './kube-object.ts';
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
  /** Its annotations ask to be left alone: in sync, whatever it is. */
  | 'left-alone';

/**
 * What a run decided for one object. Only `create`, `update` and `prune` lead to a request.
 * `update` covers new revisions and healing alike; with `drift` it is healing.
 */
export type Change =
  | {
      readonly op: 'create' | 'update';
      readonly ref: ObjectRef;
      readonly application: string;
      readonly wave: number;
      readonly desired: KubeObject;
      readonly digest: string;
      readonly live?: KubeObject;
      readonly drift?: Drift;
    }
  | {
      readonly op: 'prune';
      readonly ref: ObjectRef;
      readonly application: string;
      readonly wave: number;
      readonly uid: string;
      readonly live: KubeObject;
    }
  | {
      readonly op: 'keep';
      readonly ref: ObjectRef;
      readonly application: string;
      readonly wave: number;
      readonly live: KubeObject;
    }
  | {
      readonly op: 'skip';
      readonly ref: ObjectRef;
      readonly application: string;
      readonly wave: number;
      readonly reason: SkipReason;
      readonly live?: KubeObject;
      readonly drift?: Drift;
    }
  | {
      readonly op: 'refuse';
      readonly ref: ObjectRef;
      readonly application: string;
      readonly wave: number;
      readonly problem: Problem;
      readonly live?: KubeObject;
    };
