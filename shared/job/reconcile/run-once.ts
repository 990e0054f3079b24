/** One pass over one cluster: desired state in, what happened out. The lease and its release are the caller's. */
import { fieldManagerOf } from '../../config/names.ts';
import type { PlumblineError } from '../../errors.ts';
import type { ClusterFacts } from '../../model/cluster-facts.ts';
import { type Instruction, inOrderAsked } from '../../model/instruction.ts';
import type { ClusterRecord } from '../../model/record.ts';
import type { ApplicationStatus, ClusterItem, DesiredPointer } from '../../model/status.ts';
import type { Lease } from '../../model/work-item.ts';
import { accountsOf } from '../accounts.ts';
import type { ClusterConnection } from '../ports.ts';
import { notesByApplication, renderNotes, withRenderNotes } from './application-notes.ts';
import { createAssess } from './assess-objects.ts';
import { bringIn } from './bring-in.ts';
import { assertOneName, concernsCharts, readFacts } from './cluster-identity.ts';
import { readCrds } from './custom-kinds.ts';
import { unlessCutOff } from './cut-off.ts';
import { explainHealth } from './explain-health.ts';
import { explainInput } from './explain-input.ts';
import { closeForOtherClusters } from './gates-elsewhere.ts';
import { gatherFacts } from './gather-facts.ts';
import { withHookNotes } from './hook-courses.ts';
import type { LoadedState } from './load-desired.ts';
import { suspendedApplications } from './people-told.ts';
import { type PlannedRun, planRun } from './plan-run.ts';
import { refuseForbidden } from './preflight.ts';
import type { ReconcileDeps } from './reconcile-deps.ts';
import { recordResults, withKnownWarnings } from './record-results.ts';
import type { RunClock } from './run-clock.ts';
import type { RunContext } from './run-context.ts';
import type { RunOutcome } from './summarise-applications.ts';
import { knownUpstream } from './upstream-gates.ts';

export interface PassInput {
  readonly fleet: string;
  readonly cluster: string;
  readonly item: ClusterItem;
  readonly desired: DesiredPointer;
  readonly loaded: LoadedState;
  readonly previous: readonly ApplicationStatus[];
  readonly connection: ClusterConnection;
  readonly clock: RunClock;
  readonly startedAtMs: number;
  readonly lease: Lease;
  readonly wakePlanner: () => Promise<void>;
  /** Told what the lease is once the fence is lifted, so that a failing run still releases it. */
  readonly onLease: (lease: Lease) => void;
}

export interface Pass {
  readonly planned: PlannedRun;
  readonly outcome: RunOutcome;
  readonly record: ClusterRecord;
  readonly facts: ClusterFacts;
  /** Key of what was gathered for renderings; absent: nothing is asked for. */
  readonly gathered?: string;
  /** The planner has to hear of it. */
  readonly factsChanged: boolean;
  /** What people had asked for: it is in the anchor now. */
  readonly asked: readonly Instruction[];
  readonly stagesMs: Readonly<Record<string, number>>;
  /** Applications of which everything is applied and healthy. */
  readonly whole: ReadonlySet<string>;
  /** Applications that another cluster will wake. */
  readonly waitingElsewhere: ReadonlySet<string>;
  /** Applications that have a parent in the cluster now. */
  readonly parents: readonly string[];
  /** The cluster stopped answering, and something was left undone. */
  readonly cutOff?: PlumblineError;
}

export async function runOnce(deps: ReconcileDeps, input: PassInput): Promise<Pass> {
  const { fleet, cluster, connection, clock, loaded } = input;
  const stopwatch = startStopwatch(clock);
  const { status, asked = [] } = input.item;
  const looked = await planRun(
    connection,
    deps.blobs,
    {
      fleet,
      loaded,
      recordKey: status?.record,
      window: { lastMs: status?.checkedAtMs, nowMs: input.startedAtMs },
      concurrency: deps.limits.concurrency,
      asked,
    },
    stopwatch.stage,
  );
  const facts = await learnFacts(deps, input, looked);
  const gathered = await gather(deps, input, looked);
  const accounts = accountsOf(loaded.desired.applications, looked.observed.parents);
  const run: RunContext = {
    fleet,
    cluster,
    fieldManager: fieldManagerOf(fleet),
    connection: connection.actingAs(accounts),
    observed: looked.observed,
    served: looked.observed.served,
    releases: new Map(),
    limits: deps.limits,
    assess: await createAssess(loaded.desired.applications),
    secretsOf: secretsOf(looked),
    nowMs: () => input.startedAtMs + clock.elapsedMs(),
  };
  const planned = await refuseForbidden(looked, {
    connection: run.connection,
    accounts,
    concurrency: deps.limits.concurrency,
    holder: JSON.stringify([looked.observed.uid, loaded.desired.cluster.spec]),
    nowMs: run.nowMs(),
    ...(deps.grants && { grants: deps.grants }),
  });
  const key = { kind: 'cluster', fleet, cluster } as const;
  // Another cluster under the same name has got nowhere yet.
  const previous = status?.facts?.uid === planned.observed.uid ? input.previous : [];
  const upstream = knownUpstream(loaded, previous, planned.plan.waves);
  const { applications } = loaded.desired;
  const closed = await closeForOtherClusters(deps.state, fleet, { applications, changes: planned.plan.changes });
  const brought = await bringIn(
    run,
    planned,
    {
      gates: { upstream, closed },
      lease: input.lease,
      ticket: input.desired.ticket,
      asked,
      wakePlanner: input.wakePlanner,
      liftFence: async (seenFence) => {
        const lifted = await deps.state.liftFence(key, input.lease, seenFence);
        if (lifted !== undefined) input.onLease(lifted);
        return lifted;
      },
    },
    stopwatch.stage,
  );
  const explained = await unlessCutOff(run, brought.results, () =>
    explainHealth(run, brought.results, explainInput(deps.blobs, input, run.nowMs())),
  );
  const results = withKnownWarnings(explained, planned.record);
  stopwatch.stage('health');
  const { crds: crdsBefore } = planned.observed;
  const hasNewKinds = run.served !== planned.observed.served;
  const crds = hasNewKinds ? await unlessCutOff(run, crdsBefore, () => crdsNow(run, planned)) : crdsBefore;
  const { uid } = planned.observed;
  const { fieldManager } = run;
  const { startedAtMs: nowMs } = input;
  const record = recordResults(planned.record, results, { clusterUid: uid, fieldManager, crds, nowMs });
  return {
    planned,
    record,
    facts,
    ...(gathered.key !== undefined && { gathered: gathered.key }),
    factsChanged: gathered.isNews || concernsCharts(status?.facts, facts) || isRemovalNews(planned, status?.parents),
    asked: inOrderAsked(asked),
    stagesMs: stopwatch.stagesMs(),
    whole: brought.whole,
    waitingElsewhere: new Set(closed.keys()),
    parents: brought.parents,
    ...(run.cutOff && { cutOff: run.cutOff }),
    outcome: {
      cluster,
      desired: loaded.desired,
      results,
      waiting: brought.waiting,
      refusals: [...planned.plan.refusals, ...planned.unseen, ...cutOffs(run)],
      suspended: suspendedApplications(planned),
      previous,
      notes: withHookNotes(
        withRenderNotes(notesByApplication(results, record, nowMs), renderNotes(loaded.applications)),
        planned.plan.hookSyncs,
      ),
      nowMs: run.nowMs(),
    },
  };
}

function secretsOf({ applications, prepared }: PlannedRun): RunContext['secretsOf'] {
  const declared = new Set(applications.map(({ application }) => application.name));
  const secrets = [...prepared.values()].filter(({ ref }) => ref.kind === 'Secret' && ref.group === '');
  const byApplication = Map.groupBy(secrets, ({ application }) => application);
  return (name) => (declared.has(name) ? (byApplication.get(name) ?? []).map(({ object }) => object) : undefined);
}

/** The planner has not counted what was found here: it could not know of it. */
function isRemovalNews({ plan }: PlannedRun, reported: readonly string[] = []): boolean {
  return plan.uncounted.some((name) => !reported.includes(name));
}

async function learnFacts(deps: ReconcileDeps, input: PassInput, planned: PlannedRun): Promise<ClusterFacts> {
  const known = input.item.status?.facts;
  const { uid } = planned.observed;
  if (known?.uid !== uid) await assertOneName(deps.state, { fleet: input.fleet, cluster: input.cluster, uid });
  return readFacts(input.connection, planned.observed, { facts: known, nowMs: input.startedAtMs });
}

function gather(deps: ReconcileDeps, { connection, loaded, item }: PassInput, { observed }: PlannedRun) {
  const { gather: requests = [] } = loaded.desired;
  const gathering = { connection, discovery: observed.discovery, requests, concurrency: deps.limits.concurrency };
  return gatherFacts(deps.blobs, gathering, item.status?.gathered);
}

/** It concerns the cluster, not the object that came first. */
function cutOffs({ cutOff }: RunContext) {
  return cutOff?.problems.map((problem) => ({ application: undefined, problem })) ?? [];
}

/** CRDs that this run brought define kinds that were not there when it looked. */
function crdsNow(run: RunContext, planned: PlannedRun) {
  const objects = [...planned.prepared.values()].map(({ object }) => object);
  return readCrds(run.connection, run.served, objects);
}

function startStopwatch(clock: RunClock) {
  const stagesMs: Record<string, number> = {};
  let lastMs = clock.elapsedMs();
  return {
    stage(name: string) {
      const nowMs = clock.elapsedMs();
      stagesMs[name] = Math.round(nowMs - lastMs);
      lastMs = nowMs;
    },
    stagesMs: () => stagesMs,
  };
}
