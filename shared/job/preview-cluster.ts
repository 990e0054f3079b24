/** What a run would do to one cluster, by dry runs alone: the plan of `plumbline plan`. Nothing is written. */

import { fieldManagerOf } from '../config/names.ts';
import { problemsOf } from '../errors.ts';
import type { Change } from '../model/change.ts';
import { canonicalJson } from '../model/json-text.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { formatRef, type RefKey } from '../model/object-ref.ts';
import type { ClusterPreview } from '../report/fleet-plan.ts';
import { accountsOf } from './accounts.ts';
import { type Application, type DryRun, dryRunObject } from './dry-run-object.ts';
import type { Removals } from './planned-removals.ts';
import type { BlobStore, ClusterConnection, ClusterConnector } from './ports.ts';
import { renderNotes } from './reconcile/application-notes.ts';
import { eachConcurrently } from './reconcile/each-concurrently.ts';
import type { Forbidden } from './reconcile/forbidden.ts';
import type { LoadedState } from './reconcile/load-desired.ts';
import { type PlannedRun, planRun } from './reconcile/plan-run.ts';
import { findForbiddenChanges } from './reconcile/preflight.ts';
import { userAgentsOf } from './user-agent.ts';

export interface PreviewDeps {
  readonly blobs: BlobStore;
  readonly clusters: ClusterConnector;
  readonly monotonicMs: () => number;
  /** Requests in flight at once to one API server. */
  readonly concurrency: number;
}

export interface PreviewInput {
  readonly fleet: string;
  readonly loaded: LoadedState;
  /** Key of the record blob, where a run has left one: without it more objects are asked about. */
  readonly recordKey: string | undefined;
  readonly nowMs: number;
  /** Removed applications that may go, and those that are held. Default: all of them may. */
  readonly removals?: Removals;
}

export interface FoundPreview extends ClusterPreview {
  /** Applications that have a parent in the cluster. Absent: it could not be looked into. */
  readonly parents?: readonly string[];
}

/** Returns the preview; a cluster that cannot be reached is one with `unreachable`. */
export async function previewCluster(deps: PreviewDeps, input: PreviewInput): Promise<FoundPreview> {
  const declaration = input.loaded.desired.cluster;
  const cluster = declaration.metadata.name;
  const startedMs = deps.monotonicMs();
  const rendered = renderNotes(input.loaded.applications);
  const base = { cluster, changes: [], merged: new Map(), refusals: [], ...(rendered.size > 0 && { rendered }) };
  try {
    const agents = userAgentsOf(input.loaded.desired, { fleet: input.fleet, run: 'plan' });
    const connection = await deps.clusters.connect(declaration, agents);
    try {
      const preview = await previewOver(connection, deps, input);
      return { ...base, ...preview, requests: connection.requests, durationMs: deps.monotonicMs() - startedMs };
    } finally {
      await connection.close();
    }
  } catch (error) {
    const [unreachable] = problemsOf(error, { subject: cluster, act: 'plan' });
    const durationMs = deps.monotonicMs() - startedMs;
    return { ...base, requests: 0, durationMs, ...(unreachable && { unreachable }) };
  }
}

async function previewOver(connection: ClusterConnection, deps: PreviewDeps, input: PreviewInput) {
  const { fleet, recordKey, nowMs, removals } = input;
  const loaded = { ...input.loaded, desired: { ...input.loaded.desired, ...removals } };
  // Secrets and CRDs that look untouched are not asked about here: the sweep compares them once a day.
  const window = { lastMs: nowMs, nowMs };
  const planned = await planRun(connection, deps.blobs, {
    fleet,
    loaded,
    recordKey,
    window,
    concurrency: deps.concurrency,
    countsAllRemovals: removals === undefined,
  });
  const accounts = accountsOf(loaded.desired.applications, planned.observed.parents);
  const acting = connection.actingAs(accounts);
  const { concurrency } = deps;
  const rights = { connection: acting, accounts, concurrency, holder: planned.observed.uid, nowMs };
  const forbidden = await findForbiddenChanges(planned, rights);
  const isApplied = (change: Change): change is Application => change.op === 'create' || change.op === 'update';
  const suspects = planned.plan.changes
    .filter(isApplied)
    .filter((change) => !forbidden.has(change) && !isBehindFormer(planned, change));
  const fieldManager = fieldManagerOf(fleet);
  const answers = await eachConcurrently(suspects, concurrency, (change) =>
    dryRunObject(acting.for(change.application), planned, { fieldManager, change }),
  );
  const byKey = new Map(answers.flatMap((answer) => (answer === undefined ? [] : [[answer.key, answer]])));
  const problems = [...planned.plan.refusals, ...planned.unseen, ...byKey.values()].flatMap(
    ({ problem }) => problem ?? [],
  );
  return {
    parents: planned.observed.parents.map(({ application }) => application),
    changes: planned.plan.changes.map((change) => refusedAsRun(asAnswered(change, byKey), forbidden.get(change))),
    merged: new Map([...byKey].flatMap(([key, { object }]) => (object === undefined ? [] : [[key, object] as const]))),
    refusals: problems,
    replaced: new Map([...byKey].flatMap(([key, { replaced }]) => (replaced ? [[key, replaced] as const] : []))),
    warnings: new Map([
      ...[...byKey].flatMap(([key, { warnings }]) => (warnings.length > 0 ? [[key, warnings] as const] : [])),
      ...[...forbidden].flatMap(([{ ref }, lack]) =>
        lack.whose === 'own' ? [[formatRef(ref), [untried(lack)]] as const] : [],
      ),
    ]),
  };
}

/** What the last run of a hook left goes first; until then an object of the same name would be refused. */
function isBehindFormer({ plan }: PlannedRun, { application, hook, ref }: Change): boolean {
  const { hooks = [], formers = new Map() } = plan.hookSyncs?.get(application) ?? {};
  const own = hooks.find(({ phase, prepared }) => phase === hook && formatRef(prepared.ref) === formatRef(ref));
  return own !== undefined && (formers.get(own.key) ?? []).length > 0;
}

/** The run acts as the same account, and is refused the same; what we ourselves may is another matter than what it may. */
function refusedAsRun(change: Change, lack: Forbidden | undefined): Change {
  if (lack?.whose !== 'account') return change;
  const { ref, application, wave, hook, live } = change;
  return { op: 'refuse', ref, application, wave, problem: lack.problem, ...(hook && { hook }), ...(live && { live }) };
}

function untried({ act }: Forbidden): string {
  return `shown as Git has it and not tried: the rights that this plan is made with do not allow to ${act}`;
}

/** A suspect that a dry run found as it is needs nothing. */
function asAnswered(change: Change, answers: ReadonlyMap<RefKey, DryRun>): Change {
  const answer = answers.get(formatRef(change.ref));
  const live = answer?.live ?? change.live;
  if (change.op !== 'update' || live === undefined) return change;
  if (answer?.object === undefined || contentOf(answer.object) !== contentOf(live)) return { ...change, live };
  const { ref, application, wave } = change;
  return { op: 'keep', ref, application, wave, live };
}

/** A dry run leaves the resource version as it is and may count the generation up. */
function contentOf(object: KubeObject): string {
  const { managedFields: _managed, generation: _generation, resourceVersion: _version, ...metadata } = object.metadata;
  return canonicalJson({ ...object, metadata });
}
