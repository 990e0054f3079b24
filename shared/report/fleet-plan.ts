/** What would happen if a commit were brought in: the input of the `plan` report. */
import type { Change } from '../model/change.ts';
import type { KubeObject } from '../model/kube-object.ts';
import type { RefKey } from '../model/object-ref.ts';
import type { Problem } from '../model/problem.ts';
import type { Commit } from '../model/revision.ts';

export interface FleetPlan {
  readonly commit: Commit;
  /** Wall time of the whole plan; clusters are checked side by side. */
  readonly durationMs: number;
  /** What is wrong whatever the cluster: declarations, renderings. */
  readonly problems: readonly Problem[];
  readonly clusters: readonly ClusterPreview[];
}

export interface ClusterPreview {
  readonly cluster: string;
  readonly requests: number;
  readonly durationMs: number;
  /** In the order in which a run would go through them; `keep` among them. */
  readonly changes: readonly Change[];
  /** What the API server made of each suspect in a dry run; without it the declared fields alone are compared. */
  readonly merged: ReadonlyMap<RefKey, KubeObject>;
  /** Objects that would be deleted and made anew, each with the field that cannot be changed. */
  readonly replaced?: ReadonlyMap<RefKey, string>;
  /** What the API server warns of, by object. */
  readonly warnings?: ReadonlyMap<RefKey, readonly string[]>;
  /** What renderers warn of, by application. */
  readonly rendered?: ReadonlyMap<string, readonly string[]>;
  /** Guards that hold the cluster back, and objects that the API server refused in the dry run. */
  readonly refusals: readonly Problem[];
  readonly unreachable?: Problem;
  /** Applications that would wait for others. */
  readonly waits?: readonly PlannedWait[];
}

export interface PlannedWait {
  readonly application: string;
  readonly waitsFor: string;
}
