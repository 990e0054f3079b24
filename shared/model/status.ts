/** What the state table holds for people: everything that `status` and the pages show. All times in ms since 1970. */
import type { KnownEndpoint } from './cluster-endpoint.ts';
import type { ClusterFacts } from './cluster-facts.ts';
import type { MadeBy, RepositoryDeclaration } from './declarations.ts';
import type { Drift } from './drift.ts';
import type { Health, SyncStatus } from './health.ts';
import type { Instruction, Suspension } from './instruction.ts';
import type { Outcome } from './outcome.ts';
import type { Problem } from './problem.ts';
import type { Commit, Revision } from './revision.ts';
import type { WorkItem } from './work-item.ts';

/** What the planner saw last. */
export interface FleetStatus {
  readonly fleet: string;
  readonly branch: string;
  /** Head of the branch as last read. */
  readonly head?: Commit;
  /** The last commit whose declarations were good: what the clusters are held to. */
  readonly planned?: Commit;
  /** Why `head` is not `planned`; empty when it is. */
  readonly problems: readonly Problem[];
  readonly clusters: readonly string[];
  readonly plannedAtMs?: number;
  /** Key of the blob with the heads that the planner saw (`readonly Commit[]`), newest first. */
  readonly commits?: string;
  /** What the ClusterSets found last, by set; absent where none is declared. */
  readonly sets?: readonly FoundSet[];
  /** Clusters that a ClusterSet found once and no longer: left alone, with all that stands in them. */
  readonly gone?: readonly GoneCluster[];
  /** Clusters that are declared no longer, and what was left in them; absent: none lately. */
  readonly left?: readonly LeftCluster[];
  /** What is wrong with declared applications that go to no cluster, where it would be seen. Absent: nothing. */
  readonly unplaced?: readonly Problem[];
  /** Key of the blob with what the next head is held to (`TrustPolicy`); absent: to nothing. */
  readonly trust?: string;
  /** What people should know of the plan, and need not change. */
  readonly notes?: readonly string[];
  /** What else applications come from than the branch itself: a move of these refs concerns the fleet too. */
  readonly watched: readonly WatchedRef[];
}

export interface FoundSet {
  readonly set: string;
  readonly clusters: readonly string[];
}

export interface GoneCluster {
  readonly cluster: string;
  readonly set: string;
  readonly sinceMs: number;
}

export interface LeftCluster {
  readonly cluster: string;
  readonly applications: readonly string[];
  /** Objects that the applications had there. */
  readonly objects: number;
  readonly sinceMs: number;
}

export interface WatchedRef {
  /** Absent: the fleet repository. */
  readonly repository?: RepositoryDeclaration;
  readonly ref: string;
}

/** Where the planner left what a cluster should look like. */
export interface DesiredPointer {
  /** Key of the desired-state blob. */
  readonly blob: string;
  /** Planner's ticket, drawn before any ref was read; a lower one never replaces a higher one. */
  readonly ticket: number;
  /** Head of the fleet repository as planned. */
  readonly commit: Commit;
  /** `spec.eks.network` of the cluster's declaration. */
  readonly network?: string;
  /**
   * Digest of all that it was made of, where nothing of it was wrong or missing: while the same is declared the desired
   * state need be neither read nor made. Absent: it has to be looked into.
   */
  readonly made?: string;
}

export interface ClusterStatus {
  readonly cluster: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly suspend: boolean;
  /** Who suspended the whole cluster; absent where Git does. */
  readonly suspension?: Suspension;
  readonly sync: SyncStatus;
  readonly health: Health;
  /** The desired-state blob that was last brought in whole: the cluster is true to its pointer's commit while they agree. */
  readonly applied?: string;
  /** The desired-state blob that the last run was held to. */
  readonly tried?: string;
  /** Head of the fleet repository when that was brought in, and when it got there. */
  readonly revision?: Revision;
  readonly revisionAtMs?: number;
  readonly checkedAtMs?: number;
  readonly reachableSinceMs?: number;
  readonly unreachableSinceMs?: number;
  /** Consecutive failed tries, for the back-off. */
  readonly failures: number;
  readonly problems: readonly Problem[];
  readonly facts?: ClusterFacts;
  /** Key of the blob with what was gathered for renderings (`GatheredInCluster`); absent: nothing is asked for. */
  readonly gathered?: string;
  readonly endpoint?: KnownEndpoint;
  /** Applications that had a parent there at the end of the last run: what removals are counted against. */
  readonly parents?: readonly string[];
  /** Applications that are declared no longer and are not gone yet, at most 20. Absent: none. */
  readonly leaving?: readonly LeavingApplication[];
  /** Blobs that the last run found gone or damaged, for the planner to make anew; at most 200. Absent: none. */
  readonly lost?: readonly string[];
  /** Key of the record blob. */
  readonly record?: string;
  /** Key of the blob with every object as last seen (`readonly ObjectStatus[]`). */
  readonly objects?: string;
}

/** An application on its way out of a cluster, and what that waits for, for people. */
export interface LeavingApplication {
  readonly application: string;
  readonly reason: string;
}

export interface ApplicationStatus {
  readonly cluster: string;
  readonly application: string;
  readonly sync: SyncStatus;
  readonly health: Health;
  readonly healthReason: string;
  readonly revision: Revision;
  /** Of several sources, the commit of each; absent: `revision` is the only one. */
  readonly sources?: readonly { readonly source: string; readonly revision: Revision }[];
  /** The template that made it; absent: it is written as it is. */
  readonly madeBy?: MadeBy;
  readonly inputDigest: string;
  /** Since when sync and health are what they are. */
  readonly sinceMs: number;
  readonly objects: number;
  /** First failing objects: at most 20 problems of 512 characters. */
  readonly problems: readonly Problem[];
  /** What people should know and need not mend at once: warnings of the API server, fights. Absent: nothing. */
  readonly notes?: readonly string[];
  readonly suspend: boolean;
  /** Who suspended it, or the whole cluster; absent where Git does. */
  readonly suspension?: Suspension;
  /** What it waits for (`dependsOn`), for people; '' when nothing. */
  readonly waitingFor: string;
  /**
   * The input digest, once it was brought in whole and was healthy; kept for as long as that input is wanted, whatever
   * health does later. Gates ask for it. Absent: not yet.
   */
  readonly completed?: string;
  /** When the run that found it so began. */
  readonly completedAtMs?: number;
}

/** One run of a cluster that did or found something. */
export interface RunSummary {
  readonly run: string;
  readonly cluster: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** What woke it; `asked`: a person. */
  readonly cause: 'commit' | 'asked' | 'sweep' | 'retry' | 'health';
  /** What people had asked for, as far as this run has done it. */
  readonly asked?: readonly Instruction[];
  readonly revision?: Revision;
  readonly requests: number;
  readonly counts: Readonly<Record<Outcome['result'], number>>;
  readonly stagesMs: Readonly<Record<string, number>>;
  readonly problems: readonly Problem[];
  readonly drift: readonly SeenDrift[];
  /** Key of the blob with every object after the run (`readonly ObjectStatus[]`). */
  readonly report?: string;
}

export interface SeenDrift extends Drift {
  readonly cluster: string;
  readonly seenAtMs: number;
  readonly act: 'healed' | 'reported' | 'failed';
  /** It keeps coming back: how often its fields were healed lately. Absent: it does not. */
  readonly times?: number;
}

/** One object of an application as last seen, for the object tree. */
export interface ObjectStatus {
  readonly outcome: Outcome;
  readonly source?: { readonly path: string; readonly line?: number };
}

export interface FleetItem {
  readonly work: WorkItem;
  /** Last ticket drawn. */
  readonly ticket: number;
  readonly status?: FleetStatus;
}

export interface ClusterItem {
  readonly cluster: string;
  readonly work: WorkItem;
  readonly desired?: DesiredPointer;
  readonly status?: ClusterStatus;
  /** What people ask for and no run has taken yet, in any order; absent: nothing. */
  readonly asked?: readonly Instruction[];
}
