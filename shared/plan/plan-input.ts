import type { Approval } from '../model/approval.ts';
import type { Change } from '../model/change.ts';
import type { DesiredApplication, RemovalHold } from '../model/desired-state.ts';
import type { Drift } from '../model/drift.ts';
import type { KubeObject } from '../model/kube-object.ts';
import type { GroupKind, RefKey } from '../model/object-ref.ts';
import type { ClusterRecord } from '../model/record.ts';
import type { Parent } from './apply-set.ts';
import type { GuardRefusal } from './guards/guard-refusal.ts';
import type { Holder } from './holdings.ts';
import type { HookSync } from './hooks/hook-sync.ts';
import type { PreparedHook } from './hooks/prepared-hook.ts';
import type { PlanWave } from './order.ts';
import type { PreparedObject } from './prepare.ts';

export interface PreparedApplication {
  readonly application: DesiredApplication;
  readonly objects: readonly PreparedObject[];
  /** What is run rather than kept; default none. */
  readonly hooks?: readonly PreparedHook[];
}

export interface PlanInput {
  readonly fleet: string;
  /** For messages; default `cluster`. */
  readonly cluster?: string;
  readonly fieldManager: string;
  readonly applications: readonly PreparedApplication[];
  /** Removed applications (`DesiredState.removes`) whose objects may go; absent: all that are declared no longer. */
  readonly removes?: readonly string[];
  readonly removalHold?: RemovalHold;
  /** `50%`; the default. */
  readonly removalLimit?: string;
  /** Applications that are declared for this cluster but have no good state yet: not removed, and nothing of theirs is pruned. */
  readonly unavailable?: readonly string[];
  /** Everything found by the fleet's label; Secrets and CRDs by metadata only. The anchor and the parents may be among them. */
  readonly live: ReadonlyMap<RefKey, KubeObject>;
  /** What stands at the place of objects to be created, found without the label (metadata suffices). */
  readonly strangers?: ReadonlyMap<RefKey, KubeObject>;
  readonly parents: readonly Parent[];
  readonly record: ClusterRecord | undefined;
  /** `<uid>/<generation>` of the CRD that defines the kind; undefined for built-in kinds. */
  readonly crdOf: (kind: GroupKind) => string | undefined;
  /** The resource of a kind, `deployments`; default unknown. */
  readonly resourceOf?: (kind: GroupKind) => string | undefined;
  /** Versions that the cluster serves now; default none. */
  readonly servedVersions?: (kind: GroupKind) => readonly string[];
  /** False while any application of the cluster is held back or missing: then nothing is pruned. */
  readonly complete: boolean;
  /** Names of applications that people suspended, or `*` (`Anchor.suspensions`). */
  readonly suspensions?: readonly string[];
  /** What people approved before (`Anchor.approvals`). */
  readonly approvals?: readonly Approval[];
  /** What people approve now. */
  readonly approving?: readonly ApprovedRefusal[];
  /** By application the id of the instruction that asks for its failed hooks to be tried again. */
  readonly retries?: ReadonlyMap<string, string>;
  /** Without it no healing waits. */
  readonly nowMs?: number;
  /** Objects that are to be applied although nothing seems to have changed. */
  readonly metadataOnlyDue?: ReadonlySet<RefKey>;
}

/** A refusal that a person approves, by what it said. */
export type ApprovedRefusal = Pick<Approval, 'application' | 'digest' | 'by' | 'atMs'>;

export interface ClusterPlan {
  /** The changes of `waves`, then those of `prunes`. */
  readonly changes: readonly Change[];
  /** Everything but deletions, in the order of applying; `keep`, `skip` and `refuse` stand in their waves too. */
  readonly waves: readonly PlanWave[];
  /** Deletions (and objects that stay although nobody wants them), in the order of deleting. */
  readonly prunes: readonly PlanWave[];
  readonly refusals: readonly GuardRefusal[];
  /** Applications that have hooks, or had. */
  readonly hookSyncs?: ReadonlyMap<string, HookSync>;
  /** Removed applications that have hooks of removal, and these in their order. */
  readonly removals?: { readonly waves: readonly PlanWave[]; readonly syncs: ReadonlyMap<string, HookSync> };
  /** Those of before that still concern something, and those of now. */
  readonly approvals: readonly Approval[];
  /** Everything that was found changed, whatever is done about it. */
  readonly drift: readonly Drift[];
  /** Which parent every object is of that is provably ours. */
  readonly holders: ReadonlyMap<RefKey, Holder>;
  /** Applications that nobody has counted as removed yet: the planner is to be told of them. */
  readonly uncounted: readonly string[];
  /** Namespaces that must exist before anything is applied; they get no label of ours. */
  readonly namespaces: readonly { readonly namespace: string; readonly application: string }[];
}
