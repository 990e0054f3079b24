/**
 * The `--json` counterparts of the text reports: values for `JSON.stringify`. Scripts depend on these names: fields may
 * be added, none is renamed or removed. Every report names its kind; a field that is not known is null, never missing.
 */
import type { Drift, DriftedField } from '../model/drift.ts';
import type { Instruction, Suspension } from '../model/instruction.ts';
import type { Json } from '../model/json.ts';
import { formatRef } from '../model/object-ref.ts';
import type { Outcome } from '../model/outcome.ts';
import type { PeopleRequest } from '../model/people-request.ts';
import type { Problem } from '../model/problem.ts';
import type { Commit } from '../model/revision.ts';
import type { ApplicationStatus, ObjectStatus, RunSummary, SeenDrift } from '../model/status.ts';
import { isTrue } from './cluster-state.ts';
import type { FieldChange } from './diff-objects.ts';
import { findFights, ignoreRuleFor } from './drift-fights.ts';
import type { ExplainedObject } from './explained-object.ts';
import type { FleetPlan } from './fleet-plan.ts';
import { isoTime, plainValue } from './json-value.ts';
import { maskDrift } from './mask.ts';
import { exitCodeOf, placedProblems } from './plan-verdict.ts';
import { groupPlan, type PlannedGroup, renderWarningsOf, warningsOf } from './planned-objects.ts';
import { groupWaits } from './planned-waits.ts';
import { articleOf, groupProblems, type PlacedProblem } from './problems-text.ts';
import { clusterRows, type FleetReport, problemsOfFleet } from './status-text.ts';

/** Returns the `plan` report; `changes` lists each different effect once, with its clusters. */
export function planJson(plan: FleetPlan): Json {
  const groups = groupPlan(plan.clusters);
  return {
    kind: 'Plan',
    commit: commitJson(plan.commit),
    durationMs: plan.durationMs,
    exitCode: exitCodeOf(plan, groups),
    clusters: plan.clusters.map(({ cluster, requests, durationMs, unreachable }) => ({
      cluster,
      requests,
      durationMs,
      reachable: unreachable === undefined,
    })),
    changes: groups.map(plannedJson),
    waits: groupWaits(plan.clusters).map((wait) => ({ ...wait })),
    problems: problemsJson(placedProblems(plan)),
    warnings: [
      ...[...renderWarningsOf(plan.clusters)].map(([text, applications]) => ({ text, objects: [], applications })),
      ...[...warningsOf(plan.clusters)].map(([text, objects]) => ({ text, objects })),
    ],
  };
}

/** Returns the `status` report. */
export function statusJson(report: FleetReport): Json {
  const { fleet } = report;
  return {
    kind: 'Status',
    fleet: fleet.fleet,
    branch: fleet.branch,
    head: fleet.head === undefined ? null : commitJson(fleet.head),
    planned: fleet.planned === undefined ? null : commitJson(fleet.planned),
    plannedAt: isoTime(fleet.plannedAtMs),
    clusters: clusterRows(report).map(({ item, state, applications }) => ({
      cluster: item.cluster,
      state,
      upToDate: isTrue(item, fleet.planned),
      sync: item.status?.sync ?? 'unknown',
      health: item.status?.health ?? 'unknown',
      revision: item.status?.revision ?? null,
      revisionAt: isoTime(item.status?.revisionAtMs),
      checkedAt: isoTime(item.status?.checkedAtMs),
      unreachableSince: isoTime(item.status?.unreachableSinceMs),
      ...(item.status?.leaving && { leaving: item.status.leaving.map((one) => ({ ...one })) }),
      suspended: suspensionJson(item.status?.suspend, item.status?.suspension),
      asked: (item.asked ?? []).map(instructionJson),
      applications: applications.map(applicationJson),
    })),
    gone: (fleet.gone ?? []).map(({ cluster, set, sinceMs }) => ({ cluster, set, since: isoTime(sinceMs) })),
    left: (fleet.left ?? []).map(({ sinceMs, ...one }) => ({ ...one, since: isoTime(sinceMs) })),
    notes: fleet.notes ?? [],
    problems: problemsJson(problemsOfFleet(report)),
  };
}

/** Returns the `drift` report, the newest first. */
export function driftJson(drifts: readonly SeenDrift[], nowMs: number): Json {
  return {
    kind: 'Drift',
    drift: [...drifts].sort((a, b) => b.seenAtMs - a.seenAtMs).map(seenDriftJson),
    fights: findFights(drifts, nowMs).map((fight) => ({
      cluster: fight.cluster,
      object: formatRef(fight.ref),
      application: fight.application,
      path: fight.path,
      pointer: fight.pointer,
      manager: fight.manager,
      times: fight.times,
      remedy: ignoreRuleFor(fight),
    })),
  };
}

/** Returns the `history` report, the newest first. */
export function historyJson(runs: readonly RunSummary[]): Json {
  return { kind: 'History', runs: [...runs].sort((a, b) => b.startedAtMs - a.startedAtMs).map(runSummaryJson) };
}

/** Returns one run with every object after it. */
export function runJson(run: RunSummary, objects: readonly ObjectStatus[]): Json {
  return {
    kind: 'Run',
    ...runSummaryJson(run),
    objects: objects.map(({ outcome, source }) => ({
      ...outcomeJson(outcome),
      file: source?.path ?? null,
      line: source?.line ?? null,
    })),
  };
}

/** Returns the `explain` report. */
export function explainJson(explained: ExplainedObject): Json {
  const { source, lastChange, run, drift } = explained;
  return {
    kind: 'Explanation',
    object: formatRef(explained.ref),
    cluster: explained.cluster,
    application: explained.application ?? null,
    ...(explained.madeBy && { madeBy: { ...explained.madeBy } }),
    hook: explained.hook ?? null,
    owner: explained.owner ?? null,
    file: source?.path ?? null,
    line: source?.line ?? null,
    lastChange: lastChange === undefined ? null : commitJson(lastChange),
    run: run === undefined ? null : { run: run.run, result: run.result, endedAt: isoTime(run.endedAtMs) },
    sync: explained.sync,
    health: explained.health.health,
    healthReason: explained.health.reason,
    managers: explained.managers.map((manager) => ({ ...manager, since: manager.since ?? null })),
    drift: drift === undefined ? null : objectDriftJson(drift),
    waits: explained.waits ?? null,
    dependants: explained.dependants,
    warnings: explained.warnings ?? [],
    problems: problemsJson(explained.problems.map((problem) => ({ problem }))),
  };
}

/** Returns each problem once, with its places. */
export function problemsJson(placed: readonly PlacedProblem[]): Json {
  return groupProblems(placed).map(({ problem, places }) => ({ ...problemJson(problem), places }));
}

function problemJson({ code, subject, act, wrong, remedy, refusal }: Problem): { readonly [field: string]: Json } {
  return { code, subject, act, wrong, remedy, refusal: refusal?.digest ?? null, article: articleOf(code) };
}

function plannedJson({ object, clusters }: PlannedGroup): Json {
  const { ref, application, effect, hook = null } = object;
  const named = { effect, object: ref, application, hook, clusters };
  switch (object.effect) {
    case 'delete':
    case 'let-go':
    case 'renew':
      return named;
    case 'skip':
      return { ...named, reason: object.reason, drift: object.drift === undefined ? null : { ...object.drift } };
    case 'create':
    case 'change':
      return {
        ...named,
        fields: object.fields.map(fieldJson),
        contentsRead: object.effect === 'create' || !object.contentsUnread,
        replaced: object.effect === 'change' ? (object.replaced ?? null) : null,
        drift: object.drift === undefined ? null : { ...object.drift },
      };
  }
}

/** A value that is not there is left out: null is a value of its own. */
function fieldJson({ path, before, after }: FieldChange): Json {
  return {
    path,
    ...(before === undefined ? {} : { before: plainValue(before) }),
    ...(after === undefined ? {} : { after: plainValue(after) }),
  };
}

function applicationJson(status: ApplicationStatus): Json {
  const { application, sync, health, healthReason, revision, objects, suspend, waitingFor, notes = [] } = status;
  const sources = status.sources?.map((source) => ({ ...source }));
  const since = isoTime(status.sinceMs);
  const suspended = suspensionJson(suspend, status.suspension);
  return {
    ...{ application, sync, health, healthReason, revision, ...(sources && { sources }) },
    ...(status.madeBy && { madeBy: { ...status.madeBy } }),
    ...{ since, objects, suspend, suspended, waitingFor, notes },
  };
}

/** Null: it is not; without a name Git suspends it, or nobody knows who. */
function suspensionJson(suspend = false, suspension?: Suspension): Json {
  if (!suspend) return null;
  return { by: suspension?.by ?? null, since: isoTime(suspension?.atMs) };
}

function instructionJson({ act, application, subject, by, atMs }: Instruction): Json {
  return { act, application: application ?? null, refusal: subject ?? null, by, at: isoTime(atMs) };
}

/** Returns what was asked for, and of which clusters. */
export function askedJson(
  { act, application, refusal, revision, by }: PeopleRequest,
  clusters: readonly string[],
): Json {
  const what = { application: application ?? null, refusal: refusal ?? null, revision: revision ?? null };
  return { kind: 'Asked', act, clusters, ...what, by };
}

function seenDriftJson(drift: SeenDrift): Json {
  return { cluster: drift.cluster, seenAt: isoTime(drift.seenAtMs), act: drift.act, ...objectDriftJson(drift) };
}

function objectDriftJson(drift: Drift): { readonly [field: string]: Json } {
  const { ref, application, kind, fields } = maskDrift(drift);
  return { object: formatRef(ref), application, drift: kind, fields: fields.map(driftedFieldJson) };
}

function driftedFieldJson({ path, pointer, wanted, found, manager, operation, since }: DriftedField): Json {
  return {
    path,
    pointer,
    ...(wanted === undefined ? {} : { wanted: plainValue(wanted) }),
    ...(found === undefined ? {} : { found: plainValue(found) }),
    manager: manager ?? null,
    operation: operation ?? null,
    since: since ?? null,
  };
}

/** Returns a run in short, as `history` lists it. */
export function runSummaryJson(run: RunSummary): { readonly [field: string]: Json } {
  return {
    run: run.run,
    cluster: run.cluster,
    cause: run.cause,
    asked: (run.asked ?? []).map(instructionJson),
    startedAt: isoTime(run.startedAtMs),
    durationMs: run.durationMs,
    revision: run.revision ?? null,
    requests: run.requests,
    counts: { ...run.counts },
    stagesMs: { ...run.stagesMs },
    drift: run.drift.map(seenDriftJson),
    problems: run.problems.map(problemJson),
  };
}

function outcomeJson(outcome: Outcome): { readonly [field: string]: Json } {
  const { ref, application, wave, hook = null, health, result } = outcome;
  return {
    object: formatRef(ref),
    application,
    wave,
    hook,
    result,
    health: health?.health ?? null,
    healthReason: health?.reason ?? '',
    reason: outcome.result === 'skipped' ? outcome.reason : null,
    problem: outcome.result === 'failed' ? problemJson(outcome.problem) : null,
    healed: 'healed' in outcome && outcome.healed === true,
    warnings: 'warnings' in outcome ? (outcome.warnings ?? []) : [],
  };
}

/** Returns a commit as every report names it. */
export function commitJson({ revision, subject, author, committedAtMs }: Commit): Json {
  return { revision, subject, author, committedAt: isoTime(committedAtMs) };
}
